//! A world for each test: a fresh database, a clock that the test moves, and people in it.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use freehold_directory::authority::Mandate;
use freehold_directory::connections::{self, ClientSecret, Issuer, NewOidc};
use freehold_directory::events::{self, EventKind};
use freehold_directory::login::{self, BegunLogin, ClaimRefusal, Claimed, Expected, PendingLogin};
use freehold_directory::organizations::{self, OrganizationName};
use freehold_directory::sessions::{self, SessionUser, Visit};
use freehold_directory::setup::{self, SetupDone, SetupStep};
use freehold_directory::tokens::{self, NewToken, TokenLife};
use freehold_directory::users::{self, User};
use freehold_directory::{
    ConnectionId, OrganizationId, PreLoginSecret, ResourceError, ScimPrincipal, SessionSecret,
    Slug, Store, StoreError, Timestamp, TokenSecret, UserId,
};
use freehold_keys::{Account, Client, ProvenSetup, Setup, SetupAttempt};
use freehold_scim::etag::{self, Condition, Guard};
use freehold_scim::patch::PatchRequest;
use freehold_scim::schema::USER;
use freehold_scim::user::UserDocument;
use freehold_sso_testing::VerifiedAssertion;
use freehold_store::{Database, DatabaseConfig, Row, Value};
use freehold_wire::{Profile, SetupOffer};
use rand_core::{CryptoRng, TryCryptoRng, TryRng};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// The page's origin.
pub const ORIGIN: &str = "http://localhost:8080";
/// Everybody's password.
pub const PASSWORD: &[u8] = b"correct horse battery";
/// Where base URLs begin.
pub const BASE: &str = "http://localhost:8080/scim/v2";

const FILE: &str = "contract.db";
/// How long rows of the provisioning log are kept.
pub const LOG_LIFE: Duration = Duration::from_secs(86_400);

/// The origins of the server.
pub fn origins() -> Vec<String> {
    vec![ORIGIN.to_owned()]
}

/// A generator whose draws differ within the test program. Tests need no more.
pub struct TestRng(u64);

pub fn rng() -> TestRng {
    static MADE: AtomicU64 = AtomicU64::new(0);
    TestRng(MADE.fetch_add(1, Ordering::Relaxed) << 40)
}

impl TestRng {
    /// One that draws the same for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// SplitMix64.
    fn step(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

impl TryRng for TestRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.step() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.step())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let next = self.step().to_le_bytes();
            chunk.copy_from_slice(&next[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for TestRng {}

fn open(url: &str) -> Database {
    let config =
        DatabaseConfig { writers: 4, readers: 2, scanners: 1, ..DatabaseConfig::for_url(url) };
    Database::open(&config).expect("the database opens")
}

/// Where the database lives.
enum Keeper {
    Folder { folder: TempDir },
    Server { url: String },
}

/// A database with a clock.
pub struct World {
    pub database: Database,
    now: AtomicU64,
    keeper: Keeper,
}

impl World {
    pub fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join(FILE).display());
        Self::open(&url, Keeper::Folder { folder })
    }

    pub fn on_postgres() -> Self {
        let url = freehold_testing::filled_postgres(|url| drop(open(url)));
        Self::open(&url.clone(), Keeper::Server { url })
    }

    fn open(url: &str, keeper: Keeper) -> Self {
        Self { database: open(url), now: AtomicU64::new(1_795_000_000_000), keeper }
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self.keeper, Keeper::Folder { .. })
    }

    /// The database file.
    pub fn file(&self) -> PathBuf {
        match &self.keeper {
            Keeper::Folder { folder } => folder.path().join(FILE),
            Keeper::Server { .. } => panic!("a server has no file of ours"),
        }
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.now.load(Ordering::Relaxed))
    }

    pub fn pass(&self, duration: Duration) {
        let millis = u64::try_from(duration.as_millis()).expect("a short while");
        self.now.fetch_add(millis, Ordering::Relaxed);
    }

    /// Runs a command in a write job.
    pub fn run<T, E>(
        &self,
        mut command: impl FnMut(&mut dyn Store, Timestamp, &mut dyn CryptoRng) -> Result<T, E>
        + Send
        + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let now = self.now();
        self.database.write_blocking(move |store| command(store, now, &mut rng()))
    }

    /// Runs a command that can only fail as the database does.
    pub fn done<T: Send + 'static>(
        &self,
        command: impl FnMut(&mut dyn Store, Timestamp, &mut dyn CryptoRng) -> Result<T, StoreError>
        + Send
        + 'static,
    ) -> T {
        self.run(command).expect("the database works")
    }

    /// Looks past the directory.
    pub fn rows(&self, sql: &'static str) -> Vec<Row> {
        let rows: Result<_, StoreError> =
            self.database.read_tx_blocking(move |tx| tx.query(sql, &[]));
        rows.expect("the query runs")
    }

    /// A count, past the directory.
    pub fn count(&self, sql: &'static str) -> i64 {
        self.rows(sql)[0].integer(0).expect("a count")
    }

    /// Changes a row past the directory.
    pub fn force(&self, sql: &'static str, values: Vec<Value>) -> u64 {
        let changed: Result<_, StoreError> =
            self.database.write_tx_blocking(move |tx| tx.execute(sql, &values));
        changed.expect("the statement runs")
    }

    pub fn organization(&self, slug: &str) -> OrganizationId {
        let slug = Slug::parse(slug).expect("a slug");
        self.run(move |store, now, rng| {
            let name = OrganizationName::parse("Acme Ltd").expect("a name");
            organizations::create(store, slug.clone(), name, now, rng)
        })
        .expect("an organization")
        .id
    }

    pub fn connection(&self, organization: OrganizationId, name: &str) -> ConnectionId {
        self.connection_of_tenant(organization, name, None)
    }

    pub fn connection_of_tenant(
        &self,
        organization: OrganizationId,
        name: &str,
        tenant: Option<&str>,
    ) -> ConnectionId {
        self.add_oidc(organization, name, tenant, false)
    }

    /// A connection that also finds PENDING users by `userName`.
    pub fn matching_connection(&self, organization: OrganizationId, name: &str) -> ConnectionId {
        self.add_oidc(organization, name, None, true)
    }

    fn add_oidc(
        &self,
        organization: OrganizationId,
        name: &str,
        tenant: Option<&str>,
        matches_user_name: bool,
    ) -> ConnectionId {
        let new = NewOidc {
            name: Some(Slug::parse(name).expect("a name")),
            issuer: Issuer::parse(&issuer_of(name)).expect("an issuer"),
            client_id: "app".to_owned(),
            client_secret: ClientSecret::parse("shown to the token endpoint").expect("a secret"),
            tenant: tenant.map(str::to_owned),
            subject_claim: None,
            matches_user_name,
        };
        self.run(move |store, now, rng| {
            connections::add_oidc(store, Mandate::operator(organization), &new, now, rng)
        })
        .expect("a connection")
    }

    pub fn token(&self, organization: OrganizationId, connection: Option<&str>) -> TokenSecret {
        let new = NewToken {
            connection: connection.map(str::to_owned),
            description: "entra".to_owned(),
            life: TokenLife::from_days(90).expect("a life"),
        };
        self.run(move |store, now, rng| {
            tokens::create(store, Mandate::operator(organization), &new, now, rng)
        })
        .expect("a token")
        .1
    }

    pub fn principal(
        &self,
        organization: OrganizationId,
        connection: Option<&str>,
    ) -> ScimPrincipal {
        let secret = self.token(organization, connection);
        self.done(move |store, now, _| tokens::authenticate(store, &secret.hash(), now))
            .expect("a live token")
    }

    /// An organization with one connection and a principal.
    pub fn acme(&self) -> Acme {
        let organization = self.organization("acme");
        let connection = self.connection(organization, "idp");
        Acme { organization, connection, principal: self.principal(organization, None) }
    }

    pub fn try_create(&self, principal: &ScimPrincipal, body: Json) -> Result<User, ResourceError> {
        let (principal, document) = (principal.clone(), document(body));
        // Ids sort by time: no two users of a test are made in one millisecond.
        self.pass(Duration::from_millis(1));
        self.run(move |store, now, rng| {
            users::create(store, &principal, &USER, &document, now, rng)
        })
    }

    pub fn create(&self, principal: &ScimPrincipal, body: Json) -> User {
        self.try_create(principal, body).expect("a user")
    }

    /// A user with this `userName` and `externalId`.
    pub fn person(&self, principal: &ScimPrincipal, name: &str, subject: &str) -> User {
        self.create(principal, json!({ "userName": name, "externalId": subject }))
    }

    pub fn get(&self, principal: &ScimPrincipal, id: UserId) -> Result<User, ResourceError> {
        let principal = principal.clone();
        self.run(move |store, _, _| users::get(store, &principal, id))
    }

    pub fn patch(
        &self,
        principal: &ScimPrincipal,
        id: UserId,
        operations: Json,
    ) -> Result<User, ResourceError> {
        self.patch_guarded(principal, id, None, operations)
    }

    pub fn patch_guarded(
        &self,
        principal: &ScimPrincipal,
        id: UserId,
        guard: Option<u64>,
        operations: Json,
    ) -> Result<User, ResourceError> {
        let principal = principal.clone();
        let request = patch_request(operations);
        let guard = if_match(guard);
        self.run(move |store, now, rng| {
            users::patch(store, &principal, id, &request, &guard, now, rng)
        })
    }

    pub fn replace(
        &self,
        principal: &ScimPrincipal,
        id: UserId,
        body: Json,
    ) -> Result<User, ResourceError> {
        let (principal, document) = (principal.clone(), document(body));
        self.run(move |store, now, rng| {
            users::replace(store, &principal, &USER, id, &document, &Guard::default(), now, rng)
        })
    }

    pub fn delete(&self, principal: &ScimPrincipal, id: UserId) -> Result<(), ResourceError> {
        let principal = principal.clone();
        self.run(move |store, now, rng| {
            users::delete(store, &principal, id, &Guard::default(), now, rng)
        })
    }

    pub fn set_active(&self, principal: &ScimPrincipal, id: UserId, active: bool) -> User {
        let operations = json!([{ "op": "replace", "path": "active", "value": active }]);
        self.patch(principal, id, operations).expect("a change")
    }

    /// Begins a login and comes back from the identity provider with this subject.
    pub fn try_sign_in(
        &self,
        connection: ConnectionId,
        name: &str,
        subject: &str,
    ) -> Result<Claimed, ClaimRefusal> {
        let assertion =
            VerifiedAssertion::for_tests(&connection.to_string(), &issuer_of(name), None, subject);
        self.claim(connection, assertion)
    }

    pub fn claim(
        &self,
        connection: ConnectionId,
        assertion: VerifiedAssertion,
    ) -> Result<Claimed, ClaimRefusal> {
        self.claim_as(None, connection, assertion, Visit::default())
    }

    /// The same with what the identity provider said of its session.
    pub fn claim_within(
        &self,
        connection: ConnectionId,
        assertion: VerifiedAssertion,
        visit: Visit,
    ) -> Result<Claimed, ClaimRefusal> {
        self.claim_as(None, connection, assertion, visit)
    }

    /// The same in a browser that has a session.
    pub fn claim_in(
        &self,
        before: Option<&Cookie>,
        connection: ConnectionId,
        assertion: VerifiedAssertion,
    ) -> Result<Claimed, ClaimRefusal> {
        self.claim_as(before, connection, assertion, Visit::default())
    }

    fn claim_as(
        &self,
        before: Option<&Cookie>,
        connection: ConnectionId,
        assertion: VerifiedAssertion,
        visit: Visit,
    ) -> Result<Claimed, ClaimRefusal> {
        let pending = self.pending_login(connection);
        let before = before.map(Cookie::secret);
        self.done(move |store, now, rng| {
            let claimed =
                login::claim(store, &pending, &assertion, &visit, before.as_ref(), now, rng)?;
            if let Err(refusal) = &claimed {
                login::claim_refused(store, (&pending, &assertion), refusal, true, now, rng)?;
            }
            Ok(claimed)
        })
    }

    pub fn pending_login(&self, connection: ConnectionId) -> PendingLogin {
        let browser = PreLoginSecret::make(&mut rng());
        let state = format!("state of {}", browser.reveal());
        self.done(move |store, now, _| {
            let begun = BegunLogin {
                connection,
                state: &state,
                browser: &browser,
                expected: Expected::Oidc {
                    nonce: "nonce".to_owned(),
                    pkce_verifier: "verifier".to_owned(),
                },
                wanted: None,
                tester: None,
            };
            login::begin(store, &begun, now)?;
            login::take_pending(store, &state, &browser, now)
        })
        .expect("the login was begun just now")
    }

    pub fn sign_in(&self, acme: &Acme, subject: &str) -> Cookie {
        Cookie::of(
            &self
                .try_sign_in(acme.connection, "idp", subject)
                .unwrap_or_else(|refusal| panic!("no sign-in: {refusal}"))
                .session,
        )
    }

    pub fn session(&self, cookie: &Cookie) -> Option<SessionUser> {
        let secret = cookie.secret();
        self.done(move |store, now, _| sessions::find(store, &secret, now))
    }

    /// Runs a command of a signed-in person.
    pub fn with_session<T: Send + 'static, E: From<StoreError> + Send + 'static>(
        &self,
        cookie: &Cookie,
        mut command: impl FnMut(
            &mut dyn Store,
            &SessionUser,
            Timestamp,
            &mut dyn CryptoRng,
        ) -> Result<T, E>
        + Send
        + 'static,
    ) -> Result<T, E> {
        let secret = cookie.secret();
        self.run(move |store, now, rng| {
            let session = sessions::find(store, &secret, now)?.expect("a live session");
            command(store, &session, now, rng)
        })
    }

    pub fn setup_offer(&self, cookie: &Cookie) -> SetupOffer {
        self.with_session(cookie, |store, session, now, rng| {
            setup::offer(store, session, &origins(), now, rng)
        })
        .expect("an offer")
    }

    /// The server's part of a set-up.
    pub fn upload(&self, cookie: &Cookie, attempt: &SetupAttempt) -> Result<SetupDone, String> {
        let hash = attempt.request().hash();
        let step = self
            .with_session(cookie, move |store, session, now, rng| {
                setup::answer(store, session, &hash, &origins(), now, rng)
            })
            .map_err(|error| error.to_string())?;
        let turn = match step {
            SetupStep::Again(done) => return Ok(done),
            SetupStep::Verify(turn) => turn,
        };
        let proven = turn.verify(attempt.request()).map_err(|refusal| refusal.to_string())?;
        self.run(move |store, now, rng| setup::complete(store, &proven, now, rng))
            .map_err(|error| error.to_string())
    }

    /// A whole set-up, as a browser does it.
    pub fn set_up(&self, cookie: &Cookie) -> Keys {
        let offer = self.setup_offer(cookie);
        let browser = Browser::make(&offer);
        let attempt = browser.attempt(&offer, self.now());
        let done = self.upload(cookie, &attempt).expect("a set-up");
        let account = browser.proven.account(&attempt).expect("an account");
        Keys { cookie: Cookie::of(&done.session), account, code: browser.code, attempt }
    }

    /// A READY person and the unlocked session after set-up.
    pub fn ready(&self, acme: &Acme, name: &str) -> (User, Keys) {
        let user = self.person(&acme.principal, name, name);
        let cookie = self.sign_in(acme, name);
        (user, self.set_up(&cookie))
    }

    pub fn events(&self, organization: OrganizationId) -> Vec<EventKind> {
        let all = self.done(move |store, _, _| events::list(store, organization, None, 1000));
        all.into_iter().map(|recorded| recorded.event.kind).collect()
    }

    pub fn event_count(&self, organization: OrganizationId, kind: EventKind) -> usize {
        self.events(organization).into_iter().filter(|found| *found == kind).count()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.database.close();
        if let Keeper::Server { url } = &self.keeper {
            let (_, name) = url.rsplit_once('/').expect("the URL ends in a database");
            let admin = std::env::var("TEST_DATABASE_URL").expect("the world is on a server");
            let sql = format!("DROP DATABASE {name} WITH (FORCE)");
            // What is left over would only take space on a server that is thrown away.
            if let Ok(mut client) = postgres::Client::connect(&admin, postgres::NoTls) {
                let _ = client.batch_execute(&sql);
            }
        }
    }
}

/// The usual organization.
#[derive(Clone)]
pub struct Acme {
    pub organization: OrganizationId,
    pub connection: ConnectionId,
    pub principal: ScimPrincipal,
}

impl Acme {
    /// What the provider says of the person with this subject.
    pub fn assertion(&self, subject: &str) -> VerifiedAssertion {
        let connection = self.connection.to_string();
        VerifiedAssertion::for_tests(&connection, &issuer_of("idp"), None, subject)
    }
}

/// What a browser sends back.
#[derive(Clone)]
pub struct Cookie(String);

impl Cookie {
    pub fn of(secret: &SessionSecret) -> Self {
        Self(secret.reveal().to_owned())
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    pub fn secret(&self) -> SessionSecret {
        SessionSecret::parse(&self.0).expect("it was a session")
    }
}

/// A browser that has made keys and proved the recovery code.
pub struct Browser {
    proven: ProvenSetup,
    pub code: String,
}

impl Browser {
    pub fn make(offer: &SetupOffer) -> Self {
        let setup = Setup::begin(offer.clone(), &client(), PASSWORD, &mut rng(), &mut |_, _| {})
            .expect("keys");
        let code = setup.recovery_code().to_text().to_string();
        let Ok(proven) = setup.prove_recovery(code.as_bytes()) else {
            panic!("the code is the one just shown");
        };
        Self { proven, code }
    }

    pub fn attempt(&self, fresh: &SetupOffer, now: Timestamp) -> SetupAttempt {
        self.proven.request(fresh, now).expect("a request")
    }
}

/// The client of the tests.
pub fn client() -> Client<'static> {
    Client { origin: ORIGIN, highest_profile: Profile::DEFAULT, remembered: None }
}

/// What a person has after set-up.
pub struct Keys {
    pub cookie: Cookie,
    pub account: Account,
    pub code: String,
    pub attempt: SetupAttempt,
}

pub fn issuer_of(connection: &str) -> String {
    format!("https://{connection}.example.test")
}

pub fn document(body: Json) -> UserDocument {
    UserDocument::from_value(body, &USER).expect("a user document")
}

pub fn patch_request(operations: Json) -> PatchRequest {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    });
    PatchRequest::from_value(body, &USER).expect("a PATCH")
}

/// Runs a function on many threads that start together; answers what they answered.
pub fn in_parallel<T: Send>(count: usize, act: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let gate = std::sync::Barrier::new(count);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|n| {
                let (gate, act) = (&gate, &act);
                scope.spawn(move || {
                    gate.wait();
                    act(n)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("the thread ends well")).collect()
    })
}

/// Minutes.
pub fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

/// Runs each named function once on SQLite and once on PostgreSQL.
macro_rules! on_both_engines {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[test] fn $name() { super::$name(&$crate::support::World::on_sqlite()); })*
        }
        mod on_postgres {
            $(#[test] fn $name() { super::$name(&$crate::support::World::on_postgres()); })*
        }
    };
}
pub(crate) use on_both_engines;

/// The precondition that the version is this one, if it matters.
pub fn if_match(version: Option<u64>) -> Guard {
    let is = version.map(|version| Condition::parse(&etag::render(version)));
    Guard { is, is_not: None }
}
