//! Answers that are made piece by piece, as fast as the client takes them and never faster: one piece waits at most.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{HttpResponse, HttpResponseBuilder, web::Bytes};
use futures_core::Stream;
use tokio::sync::mpsc;

/// Why an answer is cut off: the client must not take what it has for the whole.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the answer is not complete")]
pub(super) struct CutOff;

/// Where the pieces go in. The answer ends when this is dropped.
pub(super) struct Pieces(mpsc::Sender<Result<Bytes, CutOff>>);

impl Pieces {
    /// Waits until the client has taken the piece before; `false` when it has gone.
    pub(super) async fn send(&self, piece: impl Into<Bytes>) -> bool {
        self.0.send(Ok(piece.into())).await.is_ok()
    }

    /// Ends the connection in the middle of the answer.
    pub(super) async fn cut_off(self) {
        // Nobody is there to be told otherwise.
        let _gone = self.0.send(Err(CutOff)).await;
    }

    /// Waits until the client has gone.
    pub(super) async fn gone(&self) {
        self.0.closed().await;
    }
}

struct Chunks<K> {
    pieces: mpsc::Receiver<Result<Bytes, CutOff>>,
    _kept: K,
}

impl<K: Unpin> Stream for Chunks<K> {
    type Item = Result<Bytes, CutOff>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().pieces.poll_recv(context)
    }
}

/// An answer of pieces that `make` sends; `kept` is dropped with the answer.
pub(super) fn answer<F: Future<Output = ()> + 'static>(
    mut head: HttpResponseBuilder,
    kept: impl Unpin + 'static,
    make: impl FnOnce(Pieces) -> F,
) -> HttpResponse {
    let (sender, pieces) = mpsc::channel(1);
    actix_web::rt::spawn(make(Pieces(sender)));
    head.streaming(Chunks { pieces, _kept: kept })
}
