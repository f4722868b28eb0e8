//! Answers that are made piece by piece, as fast as the client takes them and never faster: one piece waits at most.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use actix_web::{HttpResponse, HttpResponseBuilder, web::Bytes};
use futures_core::Stream;
use tokio::sync::mpsc;

/// How long a client may take nothing. What an answer holds would else be held by whoever does not read it, beyond the
/// end of his session too.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why an answer is cut off: the client must not take what it has for the whole.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the answer is not complete")]
pub(super) struct CutOff;

/// Where the pieces go in. The answer ends when this is dropped.
pub(super) struct Pieces {
    sender: mpsc::Sender<Bytes>,
    is_cut_off: Arc<AtomicBool>,
}

impl Pieces {
    /// Waits until the client has taken the piece before; `false` when it has gone, or took nothing for too long and is
    /// cut off.
    pub(super) async fn send(&self, piece: impl Into<Bytes>) -> bool {
        match tokio::time::timeout(PATIENCE, self.sender.send(piece.into())).await {
            Ok(sent) => sent.is_ok(),
            Err(_elapsed) => {
                self.is_cut_off.store(true, Ordering::Release);
                false
            }
        }
    }

    /// Ends the connection in the middle of the answer.
    pub(super) fn cut_off(self) {
        self.is_cut_off.store(true, Ordering::Release);
    }

    /// Waits until the client has gone.
    pub(super) async fn gone(&self) {
        self.sender.closed().await;
    }
}

struct Chunks {
    pieces: mpsc::Receiver<Bytes>,
    is_cut_off: Arc<AtomicBool>,
}

impl Stream for Chunks {
    type Item = Result<Bytes, CutOff>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let chunks = self.get_mut();
        chunks.pieces.poll_recv(context).map(|piece| match piece {
            Some(piece) => Some(Ok(piece)),
            None => chunks.is_cut_off.load(Ordering::Acquire).then_some(Err(CutOff)),
        })
    }
}

/// An answer of pieces that `make` sends; `kept` is dropped when nothing more is sent.
pub(super) fn answer<K: 'static, F: Future<Output = ()> + 'static>(
    mut head: HttpResponseBuilder,
    kept: K,
    make: impl FnOnce(Pieces) -> F,
) -> HttpResponse {
    let (sender, pieces) = mpsc::channel(1);
    let is_cut_off = Arc::new(AtomicBool::new(false));
    let made = make(Pieces { sender, is_cut_off: is_cut_off.clone() });
    actix_web::rt::spawn(async move {
        made.await;
        drop(kept);
    });
    head.streaming(Chunks { pieces, is_cut_off })
}

#[cfg(test)]
mod tests {
    use std::{future::poll_fn, pin::Pin, rc::Rc};

    use actix_web::{
        HttpResponse,
        body::{BoxBody, MessageBody as _},
    };
    use tokio::{task::LocalSet, time::sleep};

    use super::{PATIENCE, Pieces, answer};

    async fn without_end(pieces: Pieces) {
        while pieces.send("piece").await {}
    }

    async fn of_three(pieces: Pieces) {
        for _ in 0..3 {
            assert!(pieces.send("piece").await);
        }
    }

    /// What a client takes next: a piece, the end, or that it was cut off.
    async fn next(body: &mut BoxBody) -> &'static str {
        match poll_fn(|context| Pin::new(&mut *body).poll_next(context)).await {
            Some(Ok(_)) => "piece",
            Some(Err(_)) => "cut off",
            None => "end",
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_takes_nothing_holds_nothing_for_ever_and_does_not_take_it_for_the_whole() {
        let client = async {
            let kept = Rc::new(());
            let held = Rc::downgrade(&kept);
            let mut body = answer(HttpResponse::Ok(), kept, without_end).into_body();
            assert_eq!(next(&mut body).await, "piece");
            assert!(held.upgrade().is_some());
            sleep(PATIENCE * 2).await;
            assert!(held.upgrade().is_none(), "others may have their turn");
            assert_eq!(next(&mut body).await, "piece", "what waited for it");
            assert_eq!(next(&mut body).await, "cut off");
        };
        LocalSet::new().run_until(client).await;
    }

    #[tokio::test(start_paused = true)]
    async fn who_takes_slowly_gets_the_whole() {
        let client = async {
            let mut body = answer(HttpResponse::Ok(), (), of_three).into_body();
            for _ in 0..3 {
                sleep(PATIENCE / 2).await;
                assert_eq!(next(&mut body).await, "piece");
            }
            assert_eq!(next(&mut body).await, "end");
        };
        LocalSet::new().run_until(client).await;
    }
}
