//! The export: one JSON object a line, in the words of `docs/AUDIT.md`.

use serde::{Deserialize, Serialize};

use super::{Audited, ChainHash, Entry, Head};

/// A line that is not one of an export.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// Not the JSON object that an export has.
    #[error("not a line of an export: {0}")]
    Json(#[from] serde_json::Error),
    /// `seq`, `previous` and `hash` stand together or not at all.
    #[error("only some of seq, previous and hash are there, or one is malformed")]
    Chain,
}

/// The fields in their order.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Line {
    organization: String,
    seq: Option<u64>,
    id: String,
    at: String,
    kind: String,
    user: Option<String>,
    token: Option<String>,
    client: Option<String>,
    connection: Option<String>,
    detail: Option<String>,
    previous: Option<String>,
    hash: Option<String>,
}

/// An event as one line, without its end. `previous` is the hash before it, where it stands in the chain.
///
/// # Errors
/// None that these types can bring about.
pub fn render(event: &Audited, previous: ChainHash) -> Result<String, LineError> {
    let Entry { organization, id, at, kind, user, token, client, connection, detail } =
        event.entry.clone();
    let line = Line {
        organization,
        seq: event.head.map(|head| head.seq),
        id,
        at,
        kind,
        user,
        token,
        client,
        connection,
        detail,
        previous: event.head.map(|_| previous.to_string()),
        hash: event.head.map(|head| head.hash.to_string()),
    };
    Ok(serde_json::to_string(&line)?)
}

/// Reads a line: the event, and the hash before it that the line names if it stands in the chain.
///
/// # Errors
/// [`LineError`].
pub fn parse(text: &str) -> Result<(Audited, Option<ChainHash>), LineError> {
    let line: Line = serde_json::from_str(text)?;
    let read = |hash: &str| hash.parse::<ChainHash>().map_err(|_| LineError::Chain);
    let (head, previous) = match (line.seq, &line.previous, &line.hash) {
        (None, None, None) => (None, None),
        (Some(seq), Some(previous), Some(hash)) => {
            (Some(Head { seq, hash: read(hash)? }), Some(read(previous)?))
        }
        _ => return Err(LineError::Chain),
    };
    let Line { organization, id, at, kind, user, token, client, connection, detail, .. } = line;
    let entry = Entry { organization, id, at, kind, user, token, client, connection, detail };
    Ok((Audited { entry, head }, previous))
}
