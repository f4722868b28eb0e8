//! What is advertised as a limit is one.

use freehold_testing::scim::Scim;
use serde_json::{Value, json};

use crate::service::{Database, Service};

const BULK: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

fn client(service: &Service) -> Scim {
    Scim::with_token(&service.program, service.organization("limits").token)
}

fn advertised(scim: &Scim, pointer: &str) -> usize {
    let config = scim.send("GET", "/ServiceProviderConfig", None).json();
    let limit = config.pointer(pointer).and_then(Value::as_u64).filter(|limit| *limit > 0);
    usize::try_from(limit.unwrap_or_else(|| panic!("no {pointer} in {config:#}"))).unwrap()
}

/// RFC 7644 §3.7.4.
#[test]
fn bulk_requests_above_the_advertised_limits_are_too_large() {
    let service = Service::start(Database::Sqlite);
    let scim = client(&service);
    let most = advertised(&scim, "/bulk/maxOperations");
    let operation = json!({ "method": "DELETE", "path": "/Users/nobody" });
    let bulk = |count: usize| json!({ "schemas": [BULK], "Operations": vec![&operation; count] });
    assert_eq!(scim.send("POST", "/Bulk", Some(&bulk(most))).status, 200);
    assert_eq!(scim.send("POST", "/Bulk", Some(&bulk(most + 1))).status, 413);
    let size = advertised(&scim, "/bulk/maxPayloadSize");
    let long = json!({ "schemas": [BULK], "Operations": [], "x": "x".repeat(size) });
    assert_eq!(scim.send("POST", "/Bulk", Some(&long)).status, 413);
}

/// RFC 7643 §5.
#[test]
fn a_list_never_holds_more_than_the_advertised_results() {
    let service = Service::start(Database::Sqlite);
    let scim = client(&service);
    let most = advertised(&scim, "/filter/maxResults");
    for number in 0..=most {
        let user = json!({ "schemas": [USER], "userName": format!("user-{number}") });
        assert_eq!(scim.send("POST", "/Users", Some(&user)).status, 201);
    }
    let list = scim.send("GET", "/Users?filter=userName%20pr&count=100000", None).json();
    assert_eq!(list["totalResults"], most + 1);
    assert_eq!(list["itemsPerPage"], most);
}
