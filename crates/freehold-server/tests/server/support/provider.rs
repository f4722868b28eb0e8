//! An OpenID provider that vouches for whomever a test names.

use std::{
    collections::HashMap,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use openidconnect::{
    JsonWebKeyId, PrivateSigningKey,
    core::{CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey},
};
use rsa::pkcs1::{EncodeRsaPrivateKey, LineEnding};
use serde_json::{Value, json};

/// The client secret that the provider's only client uses, until it is changed.
pub const CLIENT_SECRET: &str = "client-secret-of-the-tests";

/// A running provider.
#[derive(Clone)]
pub struct Provider {
    pub issuer: String,
    /// Code to the claims of its ID token.
    codes: Arc<Mutex<HashMap<String, Value>>>,
    asked: Arc<AtomicUsize>,
    secret: Arc<Mutex<String>>,
}

impl Provider {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let secret = Arc::new(Mutex::new(CLIENT_SECRET.to_owned()));
        let provider = Self { issuer, codes: Arc::default(), asked: Arc::default(), secret };
        let served = provider.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                served.answer(stream);
            }
        });
        provider
    }

    /// What the provider does when `subject` signs in at `authorization_url`: the query of the
    /// callback.
    pub fn sign_in(&self, authorization_url: &str, subject: &str) -> String {
        self.sign_in_with(authorization_url, subject, &json!({}))
    }

    /// The same with more claims in the ID token.
    pub fn sign_in_with(&self, authorization_url: &str, subject: &str, more: &Value) -> String {
        let url = url::Url::parse(authorization_url).unwrap();
        assert!(authorization_url.starts_with(&self.issuer), "{authorization_url}");
        let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!(query["code_challenge_method"], "S256");
        let code = format!("code-{}", query["state"]);
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let mut claims = json!({
            "iss": self.issuer,
            "aud": query["client_id"],
            "sub": subject,
            "nonce": query["nonce"],
            "sid": format!("session-of-{subject}"),
            "iat": now.as_secs(),
            "exp": now.as_secs() + 300,
        });
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.codes.lock().unwrap().insert(code.clone(), claims);
        url::form_urlencoded::Serializer::new(String::new())
            .append_pair("code", &code)
            .append_pair("state", &query["state"])
            .append_pair("iss", &self.issuer)
            .finish()
    }

    /// How many connections the server has made.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// From now on the token endpoint takes this client secret alone.
    pub fn change_secret(&self, secret: &str) {
        secret.clone_into(&mut self.secret.lock().unwrap());
    }

    /// A logout token as this provider posts it; `of` says whom it is about.
    pub fn logout_token(&self, id: &str, of: (&str, &str)) -> String {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let (claim, value) = of;
        let claims = json!({
            "iss": self.issuer,
            "aud": "freehold",
            "iat": now.as_secs(),
            "exp": now.as_secs() + 120,
            "jti": id,
            claim: value,
            "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
        });
        signed("logout+jwt", &claims)
    }

    fn answer(&self, mut stream: TcpStream) {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let Some((path, head, body)) = read(&mut stream) else { return };
        let answer = match path.as_str() {
            "/.well-known/openid-configuration" => Some(self.discovery()),
            "/keys" => Some(json!({ "keys": [key().as_verification_key()] })),
            "/token" => self.token(&head, &body),
            _ => None,
        };
        let (status, body) =
            answer.map_or((400, json!({ "error": "invalid_grant" })), |b| (200, b));
        let body = body.to_string();
        let _ = write!(
            stream,
            "HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            body.len()
        );
    }

    fn discovery(&self) -> Value {
        let base = &self.issuer;
        json!({
            "issuer": base,
            "authorization_endpoint": format!("{base}/authorize"),
            "token_endpoint": format!("{base}/token"),
            "jwks_uri": format!("{base}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "authorization_response_iss_parameter_supported": true,
        })
    }

    /// Each code once, and to who shows the client secret.
    fn token(&self, head: &str, body: &str) -> Option<Value> {
        let (_, shown) = credentials(head)?;
        if shown != *self.secret.lock().unwrap() {
            return None;
        }
        let form: HashMap<String, String> =
            url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        assert!(form.contains_key("code_verifier"));
        let claims = self.codes.lock().unwrap().remove(form.get("code")?)?;
        Some(json!({
            "access_token": "access-token-of-the-tests",
            "token_type": "Bearer",
            "id_token": signed("JWT", &claims),
        }))
    }
}

/// Id and secret of the client, as `client_secret_basic` shows them.
fn credentials(head: &str) -> Option<(String, String)> {
    let basic = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("authorization").then(|| value.strip_prefix("Basic "))?
    });
    let text = String::from_utf8(STANDARD.decode(basic?.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

/// A token of these claims.
fn signed(kind: &str, claims: &Value) -> String {
    let header = json!({ "alg": "RS256", "kid": "key", "typ": kind });
    let message = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    );
    let algorithm = CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256;
    let signature = URL_SAFE_NO_PAD.encode(key().sign(&algorithm, message.as_bytes()).unwrap());
    format!("{message}.{signature}")
}

/// A key made for this run.
fn key() -> &'static CoreRsaPrivateSigningKey {
    static KEY: OnceLock<CoreRsaPrivateSigningKey> = OnceLock::new();
    KEY.get_or_init(|| {
        let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap();
        let pem = key.to_pkcs1_pem(LineEnding::LF).unwrap();
        CoreRsaPrivateSigningKey::from_pem(&pem, Some(JsonWebKeyId::new("key".into()))).unwrap()
    })
}

/// Path, head and body of a request.
fn read(stream: &mut TcpStream) -> Option<(String, String, String)> {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    let end = loop {
        match stream.read(&mut part).ok()? {
            0 => return None,
            length => bytes.extend_from_slice(&part[..length]),
        }
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let length: usize = head
        .to_ascii_lowercase()
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(0, |value| value.trim().parse().unwrap());
    while bytes.len() < end + length {
        let read = stream.read(&mut part).ok()?;
        bytes.extend_from_slice(&part[..read]);
    }
    let path = head.split(' ').nth(1)?.split('?').next()?.to_owned();
    Some((path, head, String::from_utf8_lossy(&bytes[end..]).into_owned()))
}
