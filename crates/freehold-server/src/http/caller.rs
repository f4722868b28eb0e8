//! Who calls the JSON API: the person of a live session, found in the transaction that acts.

use std::{
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use freehold_directory::{
    SessionSecret, Store, StoreError, Timestamp,
    authority::{NotAllowed, UnlockedAdmin, UnlockedOwner},
    sessions::{self, SessionUser},
};

use super::{App, cookies, problem::Problem};

/// Why a job was not done: a refusal with its text, or a database that failed. The cause of the
/// second is logged at the edge, under the id of the request.
pub(super) enum Failure {
    /// A refusal.
    Refused(Problem),
    /// The database.
    Store(StoreError),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(problem) => problem,
            Failure::Store(error) => error.into(),
        }
    }
}

impl From<NotAllowed> for Failure {
    fn from(_: NotAllowed) -> Self {
        Problem::not_allowed().into()
    }
}

/// Proof that an admin acts, in an unlocked session. A member is not even told to unlock first.
pub(super) fn unlocked_admin(session: &SessionUser) -> Result<UnlockedAdmin<'_>, Failure> {
    session.admin()?;
    Ok(session.unlocked()?.admin()?)
}

/// Proof that an owner acts, in an unlocked session. Others are not even told to unlock first.
pub(super) fn unlocked_owner(session: &SessionUser) -> Result<UnlockedOwner<'_>, Failure> {
    session.owner()?;
    Ok(session.unlocked()?.owner()?)
}

/// What the browser presented as its session; nothing is proved yet.
pub(super) struct SessionCookie(pub(super) SessionSecret);

impl SessionCookie {
    /// The session cookie, if it has the form of one.
    pub(super) fn of(request: &HttpRequest) -> Option<Self> {
        cookies::value(request, cookies::SESSION).and_then(SessionSecret::parse).map(Self)
    }
}

impl FromRequest for SessionCookie {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::of(request).ok_or_else(Problem::signed_out))
    }
}

/// The person of a live session.
fn found(
    store: &mut dyn Store,
    cookie: &SessionCookie,
    now: Timestamp,
) -> Result<SessionUser, Failure> {
    sessions::find(store, &cookie.0, now)?.ok_or_else(|| Problem::signed_out().into())
}

/// Whether a request is of a person with a live session; the job that acts asks again.
pub(super) async fn signed_in(request: &HttpRequest) -> Result<(), Problem> {
    let app = request.app_data::<Data<App>>().ok_or_else(Problem::internal)?;
    let cookie = SessionCookie::of(request).ok_or_else(Problem::signed_out)?;
    let now = app.now();
    Ok(app.database.read(move |store| found(store, &cookie, now).map(drop)).await?)
}

/// A job of the person of a live session; the session comes with its answer.
fn as_person<T>(
    cookie: SessionCookie,
    now: Timestamp,
    mut job: impl FnMut(&mut dyn Store, &SessionUser) -> Result<T, Failure>,
) -> impl FnMut(&mut dyn Store) -> Result<(T, SessionUser), Failure> {
    move |store| {
        let session = found(store, &cookie, now)?;
        Ok((job(store, &session)?, session))
    }
}

impl App {
    /// Reads as the person of the session.
    pub(super) async fn read_as<T: Send + 'static>(
        &self,
        cookie: SessionCookie,
        job: impl FnMut(&mut dyn Store, &SessionUser) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Problem> {
        let answer = self.database.read(as_person(cookie, self.now(), job)).await?;
        Ok(self.noted(answer).await)
    }

    /// Reads much as the person of the session: lists and searches, in their own lane.
    pub(super) async fn scan_as<T: Send + 'static>(
        &self,
        cookie: SessionCookie,
        job: impl FnMut(&mut dyn Store, &SessionUser) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Problem> {
        let answer = self.database.scan(as_person(cookie, self.now(), job)).await?;
        Ok(self.noted(answer).await)
    }

    /// Reads as the person of the session, again and again within one long answer. It counts as no use of the session.
    pub(super) async fn watch_as<T: Send + 'static>(
        &self,
        cookie: &Arc<SessionCookie>,
        mut job: impl FnMut(&mut dyn Store, &SessionUser) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Problem> {
        let (now, cookie) = (self.now(), cookie.clone());
        let answer = self
            .database
            .read(move |store| {
                let session = found(store, &cookie, now)?;
                job(store, &session)
            })
            .await?;
        Ok(answer)
    }

    /// Writes as the person of the session.
    pub(super) async fn write_as<T: Send + 'static>(
        &self,
        cookie: SessionCookie,
        mut job: impl FnMut(&mut dyn Store, &SessionUser) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Problem> {
        let now = self.now();
        let answer = self
            .database
            .write(move |store| {
                let session = found(store, &cookie, now)?;
                if session.touch_due(now) {
                    sessions::touch(store, &session, now)?;
                }
                job(store, &session)
            })
            .await?;
        Ok(answer)
    }

    /// An answer to the person of a session, whose last use is written down, at most once a minute. That this fails is
    /// no reason to keep the answer back.
    async fn noted<T>(&self, (answer, session): (T, SessionUser)) -> T {
        let now = self.now();
        if !session.touch_due(now) {
            return answer;
        }
        let written = self.database.write(move |store| sessions::touch(store, &session, now)).await;
        if let Err(error) = written {
            tracing::warn!(%error, "the last use of a session was not written down");
        }
        answer
    }
}
