//! The way back: the code is redeemed and the ID token verified.

use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken,
    CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AuthType, AuthorizationCode, Client, ClientId, ClientSecret, EmptyExtraTokenFields,
    EndpointNotSet, IdToken, IdTokenFields, IdTokenVerifier, JsonWebKeySet, Nonce,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, StandardErrorResponse, StandardTokenResponse,
    TokenResponse as _,
};

use super::callback::CallbackParams;
use super::claims::{Claims, ExtraClaims, verified};
use super::connection::{Connection, Pending, StateHash};
use super::error::{Refusal, SsoError, shown};
use super::provider::{Metadata, Provider, Providers};
use crate::VerifiedAssertion;

type OurIdToken = IdToken<
    ExtraClaims,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type OurTokenFields = IdTokenFields<
    ExtraClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type TokenError = StandardErrorResponse<CoreErrorResponseType>;
type OurClient = Client<
    ExtraClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    TokenError,
    StandardTokenResponse<OurTokenFields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
>;

impl Providers {
    /// Finishes the sign-in that `pending` began. The pending row must already be taken out of
    /// the database, so that no second callback finds it; `now_ms` counts from 1970.
    ///
    /// # Errors
    /// The reason, for the admin's log. The person sees one fixed page for all of them.
    pub async fn finish(
        &self,
        connection: &Connection,
        pending: &Pending,
        callback: &CallbackParams,
        now_ms: u64,
    ) -> Result<VerifiedAssertion, Refusal> {
        check_callback(connection, pending, callback)?;
        let provider = self.provider(connection, now_ms).await?;
        check_callback_issuer(&provider, callback)?;
        // RFC 6749 §4.1.2.1. Looked at before the code: an error with a code is still an error.
        if let Some(error) = callback.error() {
            return Err(Refusal::ProviderRefused(shown(error)));
        }
        let code = callback.code().ok_or(Refusal::Callback("it has no code"))?;
        let token = self.redeem(connection, &provider, pending, code).await?;
        let nonce = Nonce::new(pending.nonce.clone());
        let claims = match signed_claims(connection, &provider, &token, &nonce, now_ms) {
            Err(Refusal::UnknownKey) => {
                // The provider may have changed its keys since we asked.
                let refetched = self.refetched(connection, now_ms).await?;
                let provider = refetched.ok_or(Refusal::UnknownKey)?;
                signed_claims(connection, &provider, &token, &nonce, now_ms)?
            }
            other => other?,
        };
        verified(connection, claims, now_ms)
    }

    async fn redeem(
        &self,
        connection: &Connection,
        provider: &Provider,
        pending: &Pending,
        code: &str,
    ) -> Result<OurIdToken, Refusal> {
        let client = OurClient::new(
            ClientId::new(connection.client_id.clone()),
            provider.issuer.clone(),
            JsonWebKeySet::default(),
        )
        .set_client_secret(ClientSecret::new(connection.client_secret.expose().to_owned()))
        .set_auth_type(auth_type(&provider.metadata))
        .set_token_uri(provider.token_endpoint.clone());
        let redirect_uri = RedirectUrl::new(pending.redirect_uri.clone())
            .map_err(|_| Refusal::Callback("the stored redirect URI is no URL"))?;
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(pending.pkce_verifier.clone()))
            .set_redirect_uri(Cow::Owned(redirect_uri))
            .request_async(&self.http)
            .await
            .map_err(|error| token_error(&error))?;
        answer.id_token().cloned().ok_or(Refusal::NoIdToken)
    }
}

/// What must hold before the provider hears of it.
fn check_callback(
    connection: &Connection,
    pending: &Pending,
    callback: &CallbackParams,
) -> Result<(), Refusal> {
    if pending.connection != connection.id {
        return Err(Refusal::OtherConnection);
    }
    if pending.state != StateHash::of(callback.state()) {
        return Err(Refusal::State);
    }
    Ok(())
}

/// RFC 9207 §2.4: a callback of another issuer is refused (mix-up), and so is one without `iss`
/// from a provider that announces it.
fn check_callback_issuer(provider: &Provider, callback: &CallbackParams) -> Result<(), Refusal> {
    let announced =
        provider.metadata.additional_metadata().authorization_response_iss_parameter_supported;
    match callback.iss() {
        Some(iss) if iss != provider.issuer.as_str() => Err(Refusal::CallbackIssuer(shown(iss))),
        None if announced => Err(Refusal::CallbackIssuerMissing),
        _ => Ok(()),
    }
}

/// OpenID Connect Core §3.1.3.7, as far as openidconnect checks it: signature, issuer, audience,
/// expiry, nonce.
fn signed_claims<'t>(
    connection: &Connection,
    provider: &Provider,
    token: &'t OurIdToken,
    nonce: &Nonce,
    now_ms: u64,
) -> Result<&'t Claims, Refusal> {
    let now: SystemTime =
        UNIX_EPOCH.checked_add(Duration::from_millis(now_ms)).ok_or(Refusal::IssueTime)?;
    // A *public* client's verifier: with the client secret at hand it would know a key for HS256.
    let verifier = IdTokenVerifier::new_public_client(
        ClientId::new(connection.client_id.clone()),
        provider.issuer.clone(),
        provider.keys.clone(),
    )
    .set_allowed_algs([
        CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    ])
    // No audience beside us: it could replay the token here.
    .set_other_audience_verifier_fn(|_| false)
    .set_time_fn(move || now.into());
    token.claims(&verifier, nonce).map_err(|error| Refusal::of_claims(&error))
}

/// `client_secret_basic` unless the provider lists only `client_secret_post`
/// (OpenID Connect Discovery §3: basic is the default).
fn auth_type(metadata: &Metadata) -> AuthType {
    match metadata.token_endpoint_auth_methods_supported() {
        Some(methods)
            if !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
                && methods.contains(&CoreClientAuthMethod::ClientSecretPost) =>
        {
            AuthType::RequestBody
        }
        _ => AuthType::BasicAuth,
    }
}

fn token_error(error: &RequestTokenError<SsoError, TokenError>) -> Refusal {
    match error {
        RequestTokenError::Request(error) => Refusal::Provider(error.clone()),
        RequestTokenError::ServerResponse(answer) => Refusal::CodeRefused(refused_code(answer)),
        // These two carry the body, which may hold tokens: it goes nowhere.
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Refusal::MalformedToken,
    }
}

/// The error code, and Entra's number. The rest of the description may repeat what we sent.
fn refused_code(answer: &TokenError) -> String {
    let code = shown(answer.error().as_ref());
    let description = answer.error_description().map_or("", String::as_str);
    match entra_number(description) {
        Some(number) => format!("{code} (AADSTS{number})"),
        None => code,
    }
}

/// `AADSTS7000215: Invalid client secret provided..` is what an admin can look up.
fn entra_number(description: &str) -> Option<&str> {
    let (_, rest) = description.split_once("AADSTS")?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end.min(10)).filter(|number| !number.is_empty())
}
