//! What the server does by itself.

use crate::support::Acme;

#[test]
fn what_cannot_be_destroyed_holds_up_no_warning() {
    let acme = Acme::new();
    acme.create("ann");
    assert_eq!(acme.server.stop(), 0);
    let day = 86_400_000_u64;
    acme.installation.sql(&[
        // Nobody can read whom to destroy.
        "DELETE FROM user_words",
        "UPDATE users SET id = 'broken', deleted_at = 1",
        &format!("UPDATE scim_tokens SET created_at = expires_at - {}", 90 * day),
        &format!("UPDATE scim_tokens SET expires_at = expires_at - {}, created_at = 1", 85 * day),
    ]);
    let server = acme.installation.serve();
    server.wait_for_log("a part of housekeeping failed");
    server.wait_for_log("a SCIM token expires soon");
}
