//! An account's records out of a copy of an SQLite database.

use std::path::Path;

use freehold_wire::{AtMost, MethodKind, UserId};
use rusqlite::{Connection, OpenFlags, Row, params};

use crate::account::{AccountRecords, FORMAT, HandoverRecord, ItemRecords, MethodRecords};

/// Why an account was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file is not a database of Freehold, or cannot be read.
    #[error("the database cannot be read: {0}")]
    Database(#[from] rusqlite::Error),
    /// Nobody has this name or id, or several organizations have one of this name.
    #[error(
        "there is not exactly one user \"{0}\" with keys: give the user's id (freehold user list)"
    )]
    NoUser(String),
    /// A record is longer than the protocol allows, or not what it should be.
    #[error("a stored record is malformed: {0}")]
    Malformed(&'static str),
}

/// Reads the records of one user, named by id or userName.
///
/// # Errors
/// See [`ReadError`].
pub fn read(file: &Path, user: &str) -> Result<AccountRecords, ReadError> {
    let database = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let (id, organization, epoch) = find(&database, user)?;
    let (card, keyring) = database.query_row(
        "SELECT card, keyring FROM key_records WHERE user_id = ?1 AND epoch = ?2",
        params![id, epoch],
        |row| Ok((bytes(row, 0)?, bytes(row, 1)?)),
    )?;
    Ok(AccountRecords {
        format: FORMAT.to_owned(),
        organization: organization.parse().map_err(|_| ReadError::Malformed("an id"))?,
        user: id.parse::<UserId>().map_err(|_| ReadError::Malformed("an id"))?,
        epoch: u64::try_from(epoch).map_err(|_| ReadError::Malformed("an epoch"))?,
        card: bounded(card)?,
        keyring: bounded(keyring)?,
        methods: methods(&database, &id, epoch)?,
        states: states(&database, &id, epoch)?,
        handover: handover(&database, &id, epoch)?,
        items: items(&database, &id)?,
    })
}

fn find(database: &Connection, user: &str) -> Result<(String, String, i64), ReadError> {
    let mut statement = database.prepare(
        "SELECT id, organization_id, key_epoch FROM users \
         WHERE (id = ?1 OR user_name = ?1) AND key_state = 'READY' AND purged_at IS NULL",
    )?;
    let mut found: Vec<(String, String, i64)> = statement
        .query_map(params![user], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    match (found.pop(), found.pop()) {
        (Some(one), None) => Ok(one),
        _ => Err(ReadError::NoUser(user.to_owned())),
    }
}

fn methods(database: &Connection, id: &str, epoch: i64) -> Result<Vec<MethodRecords>, ReadError> {
    let mut statement = database.prepare(
        "SELECT kind, parameters, unlock_public_key, envelope FROM key_methods \
         WHERE user_id = ?1 AND epoch = ?2 ORDER BY kind, parameters",
    )?;
    let rows = statement.query_map(params![id, epoch], |row| {
        Ok((row.get::<_, i64>(0)?, bytes(row, 1)?, bytes(row, 2)?, bytes(row, 3)?))
    })?;
    rows.map(|row| {
        let (kind, parameters, key, envelope) = row?;
        let kind = u64::try_from(kind).ok().and_then(MethodKind::from_number);
        Ok(MethodRecords {
            kind: kind.ok_or(ReadError::Malformed("a method's type"))?,
            parameters: bounded(parameters)?,
            unlock_public_key: bounded(key)?,
            envelope: bounded(envelope)?,
        })
    })
    .collect()
}

fn states<const MAX: usize>(
    database: &Connection,
    id: &str,
    epoch: i64,
) -> Result<Vec<AtMost<MAX>>, ReadError> {
    let mut statement = database.prepare(
        "SELECT state FROM account_states WHERE user_id = ?1 AND epoch = ?2 ORDER BY seq",
    )?;
    let rows = statement.query_map(params![id, epoch], |row| bytes(row, 0))?;
    rows.map(|row| bounded(row?)).collect()
}

fn handover(
    database: &Connection,
    id: &str,
    epoch: i64,
) -> Result<Option<HandoverRecord>, ReadError> {
    let mut statement = database
        .prepare("SELECT old_card, handover FROM handovers WHERE user_id = ?1 AND epoch = ?2")?;
    let mut rows =
        statement.query_map(params![id, epoch], |row| Ok((bytes(row, 0)?, bytes(row, 1)?)))?;
    let Some(found) = rows.next() else { return Ok(None) };
    let (old_card, handover) = found?;
    Ok(Some(HandoverRecord { old_card: bounded(old_card)?, handover: bounded(handover)? }))
}

fn items(database: &Connection, id: &str) -> Result<Vec<ItemRecords>, ReadError> {
    let mut statement = database.prepare(
        "SELECT id, version, item_key, content FROM items \
         WHERE user_id = ?1 AND version > 0 ORDER BY id",
    )?;
    let rows = statement.query_map(params![id], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, bytes(row, 2)?, bytes(row, 3)?))
    })?;
    rows.map(|row| {
        let (id, version, item_key, content) = row?;
        Ok(ItemRecords {
            id: id.parse().map_err(|_| ReadError::Malformed("an item's id"))?,
            version: u64::try_from(version).map_err(|_| ReadError::Malformed("a version"))?,
            item_key: bounded(item_key)?,
            content: bounded(content)?,
        })
    })
    .collect()
}

fn bytes(row: &Row<'_>, index: usize) -> Result<Vec<u8>, rusqlite::Error> {
    row.get(index)
}

fn bounded<const MAX: usize>(bytes: Vec<u8>) -> Result<AtMost<MAX>, ReadError> {
    AtMost::new(bytes).ok_or(ReadError::Malformed("longer than the protocol allows"))
}
