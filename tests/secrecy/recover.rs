//! What the server keeps of a user, and the secrets that follow from it and the passphrase.

use freehold_keys::{MethodKeys, Password, RecoveryCode, envelope, envelope::Binding};
use freehold_wire::{CONTENT_TYPE_SECRET, Context, ItemId, MethodKind, PasswordParameters, UserId};
use rusqlite::{Connection, OpenFlags, params};

use crate::{search::Needle, world::World};

/// What every item holds, whatever a person wrote: field names stand in answers of the API too.
const EMPTY_ITEM: &[u8] = br#"{"name":"","value":"","note":""}"#;

/// The rows of one user.
struct Account {
    context: Context,
    epoch: u64,
    parameters: Vec<u8>,
    envelope: Vec<u8>,
    keyring: Vec<u8>,
    items: Vec<(ItemId, u64, Vec<u8>, Vec<u8>)>,
}

fn open(world: &World) -> Connection {
    let file = world.program.data().join("freehold.db");
    Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

fn read(world: &World, user_name: &str) -> Account {
    let database = open(world);
    let (user, organization, epoch): (String, String, i64) = database
        .query_row(
            "SELECT id, organization_id, key_epoch FROM users WHERE user_name = ?1",
            params![user_name],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .unwrap();
    let (parameters, envelope) = database
        .query_row(
            "SELECT parameters, envelope FROM key_methods WHERE user_id = ?1 AND kind = 1",
            params![user],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    let keyring = database
        .query_row("SELECT keyring FROM key_records WHERE user_id = ?1", params![user], |row| {
            row.get(0)
        })
        .unwrap();
    let mut statement = database
        .prepare(
            "SELECT id, version, item_key, content FROM items WHERE user_id = ?1 AND version > 0",
        )
        .unwrap();
    let rows = statement.query_map(params![user], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get(2)?, row.get(3)?))
    });
    let items = rows.unwrap().map(|row| {
        let (id, version, key, content) = row.unwrap();
        (id.parse().unwrap(), u64::try_from(version).unwrap(), key, content)
    });
    let user_id: UserId = user.parse().unwrap();
    Account {
        context: Context::of_user(organization.parse().unwrap(), user_id),
        epoch: u64::try_from(epoch).unwrap(),
        parameters,
        envelope,
        keyring,
        items: items.collect(),
    }
}

/// Every secret that the passphrase opens, by way of the records in the database.
pub fn from_database(world: &World, user_name: &str, passphrase: &str) -> Vec<Needle> {
    let account = read(world, user_name);
    let (context, epoch) = (account.context, account.epoch);
    let password = Password::parse(passphrase.as_bytes()).unwrap();
    let parameters = PasswordParameters::parse(&account.parameters).unwrap();
    let secret = password.derive_secret(&parameters, context).unwrap();
    let keys = MethodKeys::derive(&secret, context, MethodKind::Password, &account.parameters);
    let master = keys.open(&account.envelope, epoch).expect("the passphrase opens the account");
    let keyring_key = master.derive_keyring_key(context, epoch);
    let personal = master.derive_personal_key(context, epoch);
    let binding = Binding::of_keyring(context, epoch);
    let keyring = envelope::open(keyring_key.expose(), &binding, &account.keyring).unwrap();
    let mut needles = vec![
        Needle::document("normalized passphrase", password.expose(), &[]),
        Needle::key("output of Argon2id", secret.expose()),
        Needle::key("wrapping key", keys.wrapping_key().expose()),
        Needle::key("unlock key", keys.unlock_key().expose()),
        Needle::key("master key", master.expose()),
        Needle::key("keyring key", keyring_key.expose()),
        Needle::key("personal key", personal.expose()),
        Needle::key("private signing key", &keyring[..32]),
        Needle::key("private agreement key", &keyring[32..]),
    ];
    assert!(!account.items.is_empty(), "there is a secret to read");
    for (item, version, key, content) in &account.items {
        let binding = Binding::of_item_key(context, epoch, *item, *version);
        let item_key = envelope::open(personal.expose(), &binding, key).unwrap();
        let item_key: [u8; 32] = item_key.as_slice().try_into().unwrap();
        let binding = Binding::of_item(context, *item, *version, CONTENT_TYPE_SECRET);
        let text = envelope::open(&item_key, &binding, content).unwrap();
        needles.push(Needle::key("item key", &item_key));
        needles.push(Needle::document("item as it was sealed", &text, EMPTY_ITEM));
    }
    needles
}

/// The keys of the second method, by the recovery code.
pub fn keys_of_code(world: &World, user_name: &str, code: &RecoveryCode) -> MethodKeys {
    let account = read(world, user_name);
    MethodKeys::derive(code.secret(), account.context, MethodKind::RecoveryCode, &[])
}

/// The database and what stands beside it, the write-ahead log included.
pub fn files_of_the_database(world: &World) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(world.program.data()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            files.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    assert!(files.iter().any(|(name, _)| name.ends_with("freehold.db")), "{files:?}");
    files.retain(|(_, bytes)| !bytes.is_empty());
    files
}
