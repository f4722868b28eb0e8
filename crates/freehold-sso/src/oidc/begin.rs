//! The way to the identity provider.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreAuthenticationFlow, CoreClient};
use openidconnect::{
    ClientId, CsrfToken, JsonWebKeySet, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    Scope,
};
use rand_core::CryptoRng;
use url::Url;

use super::connection::{Connection, StateHash};
use super::error::SsoError;
use super::provider::Providers;

/// A begun sign-in: where to send the browser, and what the pending row keeps.
pub struct Begun {
    /// Where to send the browser, by 303.
    pub authorization_url: Url,
    /// 256 random bits, base64url. Store its [`StateHash`].
    pub state: String,
    /// 256 random bits, base64url.
    pub nonce: String,
    /// 256 random bits, base64url; RFC 7636.
    pub pkce_verifier: String,
}

impl Begun {
    /// The hash by which the pending row is found again.
    #[must_use]
    pub fn state_hash(&self) -> StateHash {
        StateHash::of(&self.state)
    }
}

impl Providers {
    /// Begins a sign-in at the provider of `connection`. `redirect_uri` is our callback, written
    /// as it is registered there; `now_ms` counts from 1970.
    ///
    /// # Errors
    /// The provider cannot be used just now, or says things about itself that are not safe.
    pub async fn begin(
        &self,
        connection: &Connection,
        redirect_uri: &Url,
        now_ms: u64,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Begun, SsoError> {
        let (state, nonce, pkce_verifier) = (make_value(rng), make_value(rng), make_value(rng));
        let provider = self.provider(connection, now_ms).await?;
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(
            pkce_verifier.clone(),
        ));
        let redirect_url = RedirectUrl::from_url(redirect_uri.clone());
        let client = CoreClient::new(
            ClientId::new(connection.client_id.clone()),
            provider.issuer.clone(),
            JsonWebKeySet::default(),
        )
        .set_auth_uri(provider.metadata.authorization_endpoint().clone());
        let (state_sent, nonce_sent) = (state.clone(), nonce.clone());
        let (authorization_url, ..) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state_sent),
                move || Nonce::new(nonce_sent),
            )
            // `profile` brings Entra's oid, and the name to show. `email` is not asked for.
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(challenge)
            .set_redirect_uri(Cow::Owned(redirect_url))
            .url();
        Ok(Begun { authorization_url, state, nonce, pkce_verifier })
    }
}

fn make_value(rng: &mut (impl CryptoRng + ?Sized)) -> String {
    let mut bytes = [0; 32];
    rng.fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}
