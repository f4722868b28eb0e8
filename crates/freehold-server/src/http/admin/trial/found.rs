//! What a step of a trial finds; each has its own remedy.

use serde::Serialize;
use utoipa::ToSchema;

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = ScimTestFinding)]
pub(in crate::http::admin) enum Found {
    /// Just what the identity provider wants to see.
    AsExpected,
    /// Nothing: it was not asked.
    NotAsked,
    /// The name of the public URL does not resolve here.
    NameUnresolved,
    /// Nobody listens there.
    ConnectionRefused,
    /// No way leads there from here.
    Unreachable,
    /// No answer came in time.
    Timeout,
    /// Somebody listens and hangs up.
    ConnectionBroken,
    /// No TLS is spoken there, or none that both sides know.
    TlsFailed,
    /// The certificate is of no public authority, or its chain is not whole.
    CertificateUntrusted,
    /// The certificate is for another name.
    CertificateOtherName,
    /// The certificate's time is over.
    CertificateExpired,
    /// The certificate's time has not come, or the clock here is wrong.
    CertificateNotYetValid,
    /// The answer leads elsewhere; identity providers do not follow.
    Redirected,
    /// Something else answers there, such as a page for people.
    NotScim,
    /// 404: the path is not the one that was asked when it arrives here.
    PathRewritten,
    /// 401 although a token was sent: something on the way takes the Authorization header away.
    AuthorizationStripped,
    /// Something on the way asks for a login of its own.
    OtherLogin,
    /// A server like this one answers and does not know the token: another installation, or another token arrived.
    OtherInstallation,
    /// SCIM is switched off for the organization.
    ScimOff,
    /// Something on the way keeps the request back.
    KeptBack,
    /// Something on the way does not let this method pass.
    MethodRefused,
    /// The organization, or the whole server, asks too much at the moment.
    TooOften,
    /// What stands before the server does not reach it, or the database is away.
    Unavailable,
    /// An error of the server itself.
    ServerError,
    /// The answer is not the one that was sent here: something on the way changes it.
    BodyChanged,
    /// The answer is longer than any that was sent here.
    TooLong,
}
