//! For tests alone: what the library would say if the gate were not there.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::connection::{Connection, Pending, ServiceProvider};
use super::library;
use super::refusal::Refusal;

/// Lets the library verify an answer that did not pass the gate. It returns the NameID, which is
/// no proof of anything.
///
/// # Errors
/// Why the library refuses it.
pub fn library_alone(
    service: &ServiceProvider,
    connection: &Connection,
    pending: &Pending<'_>,
    saml_response: &str,
    now_ms: u64,
) -> Result<String, Refusal> {
    let bytes = STANDARD.decode(saml_response).map_err(|_| Refusal::Encoding)?;
    let text = String::from_utf8(bytes).map_err(|_| Refusal::Encoding)?;
    // The audience is chosen by the gate.
    let extra = connection.audience.as_deref().filter(|extra| text.contains(*extra));
    let audience = extra.unwrap_or(&service.entity_id);
    let session = library::verify(service, connection, pending, audience, &text, now_ms)?;
    Ok(session.name_id().value().to_owned())
}
