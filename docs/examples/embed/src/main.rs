//! A product of its own that embeds Freehold's keys: each person keeps one note that nobody else can read.
//!
//! `docs/guides/embedding.md` goes through it. Two parts stand here for your product's own: the sign-in, which believes any name, and the
//! storage, which is this program's memory.

mod accounts;
mod files;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use accounts::{Account, Refusal};
use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer, ResponseError,
    http::{
        StatusCode,
        header::{COOKIE, SET_COOKIE},
    },
    web,
};
use freehold_wire::{
    ItemRecord, MethodKind, OrganizationId, SetupRequest, Timestamp, UnlockRequest,
    encode_base64url,
};
use rand_core::{CryptoRng, Rng as _, UnwrapErr};
use serde::Deserialize;

/// Everything that the product knows.
struct Product {
    origin: String,
    organization: OrganizationId,
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    sessions: HashMap<String, Session>,
    accounts: HashMap<String, Account>,
}

/// Who signed in, and whether he has opened his keys since.
struct Session {
    name: String,
    is_unlocked: bool,
}

/// An answer that is no success.
#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error("sign in first")]
    SignedOut,
    #[error("unlock first")]
    Locked,
    #[error("the body is not what this address takes")]
    Body,
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Locked => StatusCode::FORBIDDEN,
            Self::Body => StatusCode::BAD_REQUEST,
            Self::Refused(_) => StatusCode::CONFLICT,
        }
    }
}

type Answer = Result<HttpResponse, Problem>;

impl Product {
    /// Runs `work` for the session's account.
    fn as_person<T>(
        &self,
        request: &HttpRequest,
        work: impl FnOnce(&mut Session, &mut Account) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let mut inside = self.inside();
        let Inside { sessions, accounts } = &mut *inside;
        let session = cookie(request).and_then(|cookie| sessions.get_mut(cookie));
        let session = session.ok_or(Problem::SignedOut)?;
        let account = accounts.get_mut(&session.name).ok_or(Problem::SignedOut)?;
        work(session, account)
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The secret of the session.
fn cookie(request: &HttpRequest) -> Option<&str> {
    let all = request.headers().get(COOKIE)?.to_str().ok()?;
    all.split(';').find_map(|one| one.trim().strip_prefix("session="))
}

#[derive(Deserialize)]
struct SignIn {
    name: String,
}

/// Your product's own sign-in stands here. This one believes everybody.
async fn sign_in(product: web::Data<Product>, form: web::Json<SignIn>) -> Answer {
    let name = form.into_inner().name;
    if name.is_empty() || name.len() > freehold_wire::MAX_SUBJECT_BYTES {
        return Err(Problem::Body);
    }
    let mut secret = [0; 32];
    random().fill_bytes(&mut secret);
    let secret = encode_base64url(&secret);
    let mut inside = product.inside();
    inside
        .accounts
        .entry(name.clone())
        .or_insert_with(|| Account::new(product.organization, &name, now(), &mut random()));
    inside.sessions.insert(secret.clone(), Session { name, is_unlocked: false });
    // Secure, too, where the product is served by https.
    let cookie = format!("session={secret}; Path=/; HttpOnly; SameSite=Strict");
    Ok(HttpResponse::NoContent().insert_header((SET_COOKIE, cookie)).finish())
}

async fn offer(product: web::Data<Product>, request: HttpRequest) -> Answer {
    let offer = product.as_person(&request, |_, account| {
        Ok(account.offer(&product.origin, now(), &mut random()))
    })?;
    Ok(HttpResponse::Ok().json(offer))
}

async fn set_up(product: web::Data<Product>, request: HttpRequest, body: web::Bytes) -> Answer {
    let sent = SetupRequest::from_json(&body).map_err(|_| Problem::Body)?;
    product.as_person(&request, |session, account| {
        account.set_up(sent, &product.origin, now())?;
        session.is_unlocked = true;
        Ok(HttpResponse::NoContent().finish())
    })
}

async fn unlock(product: web::Data<Product>, request: HttpRequest, body: web::Bytes) -> Answer {
    let sent = UnlockRequest::from_json(&body).map_err(|_| Problem::Body)?;
    product.as_person(&request, |session, account| {
        let answer = account.unlock(&sent, &product.origin, now())?;
        // The recovery code is for a change of the passphrase, which this example has not.
        session.is_unlocked = sent.kind == MethodKind::Password;
        Ok(HttpResponse::Ok().json(answer))
    })
}

async fn read(product: web::Data<Product>, request: HttpRequest) -> Answer {
    product.as_person(&request, |session, account| {
        unlocked(session)?;
        Ok(HttpResponse::Ok().json(account.note()))
    })
}

async fn write(product: web::Data<Product>, request: HttpRequest, body: web::Bytes) -> Answer {
    let record = ItemRecord::from_json(&body).map_err(|_| Problem::Body)?;
    product.as_person(&request, |session, account| {
        unlocked(session)?;
        account.write(record)?;
        Ok(HttpResponse::NoContent().finish())
    })
}

fn unlocked(session: &Session) -> Result<(), Problem> {
    if session.is_unlocked { Ok(()) } else { Err(Problem::Locked) }
}

#[expect(clippy::disallowed_methods, reason = "this is where the time comes from")]
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

fn random() -> impl CryptoRng {
    #[allow(clippy::disallowed_types, reason = "this is where the randomness comes from")]
    UnwrapErr(getrandom::SysRng)
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).unwrap_or_else(|| "8090".to_owned());
    let address = format!("127.0.0.1:{port}");
    let product = web::Data::from(Arc::new(Product {
        origin: format!("http://localhost:{port}"),
        organization: OrganizationId::make(now(), &mut random()),
        inside: Mutex::default(),
    }));
    let origin = product.origin.clone();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(product.clone())
            .app_data(web::PayloadConfig::new(freehold_wire::MAX_ITEM_REQUEST_BYTES))
            .wrap(files::headers())
            .route("/sign-in", web::post().to(sign_in))
            .route("/keys", web::get().to(offer))
            .route("/keys/setup", web::post().to(set_up))
            .route("/keys/unlock", web::post().to(unlock))
            .route("/note", web::get().to(read))
            .route("/note", web::put().to(write))
            .default_service(web::get().to(files::file))
    })
    .workers(1)
    .bind(address)?;
    println!("Open {origin}");
    server.run().await
}
