//! Request bodies without an end: once a request is answered, nothing more of it is read.
//!
//! actix reads on to the end of a chunked body that a handler has let go of, however long that is, because the
//! connection might be used again. As long as the body is still held when the answer is complete, it closes the
//! connection instead. So it is held, in the answer.

use std::{
    cell::RefCell,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use actix_web::{
    HttpMessage,
    body::{BodySize, BoxBody, EitherBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::PayloadError,
    http::header::TRANSFER_ENCODING,
    web::Bytes,
};
use futures_core::Stream;

/// The body of a request, which its handler and its answer both hold.
#[derive(Clone)]
pub(super) struct Unread(Rc<RefCell<Payload>>);

impl Unread {
    /// Takes hold of a body that has no announced end.
    pub(super) fn of(request: &mut ServiceRequest) -> Option<Self> {
        if !request.headers().contains_key(TRANSFER_ENCODING) {
            return None;
        }
        let unread = Self(Rc::new(RefCell::new(request.take_payload())));
        request.set_payload(Payload::Stream { payload: Box::pin(unread.clone()) });
        Some(unread)
    }
}

impl Stream for Unread {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut *self.0.borrow_mut()).poll_next(context)
    }
}

/// An answer that holds the body of its request.
struct Holding {
    body: BoxBody,
    _unread: Unread,
}

impl MessageBody for Holding {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_next(context)
    }
}

/// Lets the answer hold what is left of its request.
pub(super) fn hold<B: MessageBody + 'static>(
    response: ServiceResponse<B>,
    unread: Option<Unread>,
) -> ServiceResponse<EitherBody<B>> {
    match unread {
        None => response.map_into_left_body(),
        Some(unread) => response.map_body(|_, body| {
            EitherBody::right(BoxBody::new(Holding { body: body.boxed(), _unread: unread }))
        }),
    }
}
