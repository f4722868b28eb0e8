//! The operator's own types and attributes: declared in a file, kept and unique as it says.

use std::sync::OnceLock;
use std::time::Duration;

use freehold_directory::resources::{self, Resource};
use freehold_directory::{ResourceError, ResourceId, ScimPrincipal, Unique, groups, users};
use freehold_scim::etag::Guard;
use freehold_scim::patch::PatchRequest;
use freehold_scim::resource::ResourceDocument;
use freehold_scim::schema::{Catalog, ResourceType};
use freehold_scim::user::UserDocument;
use serde_json::{Value as Json, json};

use crate::support::{BASE, World, if_match, in_parallel, on_both_engines};

on_both_engines!(
    a_resource_reads_back_as_it_was_sent,
    a_unique_value_is_taken_once_in_an_organization_and_free_after_delete,
    of_parallel_creates_with_one_unique_value_one_succeeds,
    a_patch_without_effect_leaves_version_and_time_alone,
    a_guard_of_another_version_is_refused,
    what_is_immutable_stays,
    a_foreign_resource_looks_like_an_unknown_one,
    an_external_id_need_not_be_unique_and_may_be_long,
    a_unique_value_of_an_extension_of_users_is_taken_once,
    a_unique_value_of_an_extension_of_groups_is_taken_once,
);

/// The file of the documentation, with a unique attribute for groups too.
pub fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| {
        let file = include_str!("../../../../docs/examples/scim-schemas.json");
        let mut file: Json = serde_json::from_str(file).expect("JSON");
        file["schemas"][1]["attributes"][0]["uniqueness"] = "server".into();
        Catalog::parse(file.to_string().as_bytes()).expect("a catalog")
    })
}

pub fn device() -> &'static ResourceType {
    catalog().by_name("Device").expect("declared in the file")
}

pub const WARRANTY: &str = "urn:example:params:scim:schemas:extension:warranty:2.0:Device";
const BADGE: &str = "urn:example:params:scim:schemas:extension:badge:2.0:User";
const COST: &str = "urn:example:params:scim:schemas:extension:cost:2.0:Group";

/// A device with what has to be there.
pub fn a_device(serial: &str) -> Json {
    json!({ "serialNumber": serial, WARRANTY: { "until": "2030-01-01T00:00:00Z" } })
}

impl World {
    pub fn try_create_device(
        &self,
        principal: &ScimPrincipal,
        body: Json,
    ) -> Result<Resource, ResourceError> {
        let principal = principal.clone();
        let document = ResourceDocument::from_value(body, device())?;
        self.pass(Duration::from_millis(1));
        self.run(move |store, now, rng| {
            resources::create(store, &principal, device(), &document, now, rng)
        })
    }

    pub fn device(&self, principal: &ScimPrincipal, body: Json) -> Resource {
        self.try_create_device(principal, body).expect("a device")
    }

    fn get_device(
        &self,
        principal: &ScimPrincipal,
        id: ResourceId,
    ) -> Result<Resource, ResourceError> {
        let principal = principal.clone();
        self.run(move |store, _, _| resources::get(store, &principal, device(), id))
    }

    fn patch_device(
        &self,
        principal: &ScimPrincipal,
        id: ResourceId,
        guard: Option<u64>,
        operations: Json,
    ) -> Result<Resource, ResourceError> {
        let (principal, request) = (principal.clone(), patch(operations, device()));
        let guard = if_match(guard);
        self.run(move |store, now, _| {
            resources::patch(store, &principal, device(), id, &request, &guard, now)
        })
    }

    fn replace_device(
        &self,
        principal: &ScimPrincipal,
        id: ResourceId,
        body: Json,
    ) -> Result<Resource, ResourceError> {
        let principal = principal.clone();
        let document = ResourceDocument::from_value(body, device())?;
        self.run(move |store, now, _| {
            resources::replace(store, &principal, device(), id, &document, &Guard::default(), now)
        })
    }

    fn delete_device(
        &self,
        principal: &ScimPrincipal,
        id: ResourceId,
    ) -> Result<(), ResourceError> {
        let principal = principal.clone();
        self.run(move |store, _, _| {
            resources::delete(store, &principal, device(), id, &Guard::default())
        })
    }
}

fn patch(operations: Json, kind: &'static ResourceType) -> PatchRequest {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    });
    PatchRequest::from_value(body, kind).expect("a PATCH")
}

fn taken<T>(result: Result<T, ResourceError>) -> Option<String> {
    match result {
        Err(ResourceError::Taken(Unique::Declared(attribute))) => Some(attribute),
        _ => None,
    }
}

fn not_found<T>(result: Result<T, ResourceError>) -> bool {
    matches!(result, Err(ResourceError::NotFound))
}

fn a_resource_reads_back_as_it_was_sent(world: &World) {
    let acme = world.acme();
    let mut body = a_device("S-1 ü");
    body["owner"] = json!({ "value": "x" });
    body["note"] = "kept".into();
    let made = world.device(&acme.principal, body.clone());
    let found = world.get_device(&acme.principal, made.id).unwrap();
    assert_eq!(found.document.as_value(), &body);
    assert_eq!(found.render(device(), BASE)["id"], made.id.to_string());
    assert_eq!((found.version, found.created_at), (1, world.now()));
}

fn a_unique_value_is_taken_once_in_an_organization_and_free_after_delete(world: &World) {
    let acme = world.acme();
    let other = world.organization("other");
    let other = world.principal(other, None);
    let first = world.device(&acme.principal, a_device("Straße"));
    let again = world.try_create_device(&acme.principal, a_device("STRASSE"));
    assert_eq!(taken(again).as_deref(), Some("serialNumber"));
    assert_eq!(world.count("SELECT count(*) FROM scim_resources"), 1, "nothing of it is kept");
    world.device(&other, a_device("strasse"));
    world.delete_device(&acme.principal, first.id).unwrap();
    assert!(not_found(world.get_device(&acme.principal, first.id)));
    assert!(not_found(world.delete_device(&acme.principal, first.id)));
    assert_ne!(world.device(&acme.principal, a_device("strasse")).id, first.id);
    assert_eq!(world.count("SELECT count(*) FROM scim_resource_keys"), 2);
}

fn of_parallel_creates_with_one_unique_value_one_succeeds(world: &World) {
    let acme = world.acme();
    let made = in_parallel(8, |_| world.try_create_device(&acme.principal, a_device("S-1")));
    let (won, lost): (Vec<_>, Vec<_>) = made.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    assert!(lost.into_iter().all(|it| taken(it).is_some()));
}

fn a_patch_without_effect_leaves_version_and_time_alone(world: &World) {
    let acme = world.acme();
    let mut body = a_device("S-1");
    body["displayName"] = "Laptop".into();
    let made = world.device(&acme.principal, body.clone());
    world.pass(Duration::from_secs(60));
    for operations in [
        json!([{ "op": "replace", "path": "displayName", "value": "Laptop" }]),
        json!([{ "op": "remove", "path": "note" }]),
        json!([]),
    ] {
        let same = world.patch_device(&acme.principal, made.id, None, operations).unwrap();
        assert_eq!((same.version, same.last_modified), (1, made.last_modified));
    }
    assert_eq!(world.replace_device(&acme.principal, made.id, body).unwrap().version, 1);
    let rename = json!([{ "op": "replace", "path": "displayName", "value": "Phone" }]);
    let renamed = world.patch_device(&acme.principal, made.id, None, rename).unwrap();
    assert_eq!((renamed.version, renamed.last_modified), (2, world.now()));
    assert_eq!(world.get_device(&acme.principal, made.id).unwrap().version, 2);
}

fn a_guard_of_another_version_is_refused(world: &World) {
    let acme = world.acme();
    let made = world.device(&acme.principal, a_device("S-1"));
    let rename = || json!([{ "op": "replace", "path": "displayName", "value": "Phone" }]);
    let stale = world.patch_device(&acme.principal, made.id, Some(2), rename());
    assert!(matches!(stale, Err(ResourceError::VersionMismatch)));
    let fresh = world.patch_device(&acme.principal, made.id, Some(1), rename());
    assert_eq!(fresh.unwrap().version, 2);
    let principal = acme.principal.clone();
    let stale = world.run(move |store, _, _| {
        resources::delete(store, &principal, device(), made.id, &if_match(Some(1)))
    });
    assert!(matches!(stale, Err(ResourceError::VersionMismatch)));
}

fn what_is_immutable_stays(world: &World) {
    let acme = world.acme();
    let made = world.device(&acme.principal, a_device("S-1"));
    let other = json!([{ "op": "replace", "path": "serialNumber", "value": "S-2" }]);
    assert!(world.patch_device(&acme.principal, made.id, None, other).is_err());
    assert!(world.replace_device(&acme.principal, made.id, a_device("S-2")).is_err());
    world.device(&acme.principal, a_device("S-2"));
}

fn a_foreign_resource_looks_like_an_unknown_one(world: &World) {
    let acme = world.acme();
    let made = world.device(&acme.principal, a_device("S-1"));
    let other = world.organization("other");
    let other = world.principal(other, None);
    for id in [made.id, "01890000-0000-7000-8000-000000000000".parse().unwrap()] {
        let rename = json!([{ "op": "replace", "path": "displayName", "value": "x" }]);
        assert!(not_found(world.get_device(&other, id)));
        assert!(not_found(world.patch_device(&other, id, None, rename)));
        assert!(not_found(world.replace_device(&other, id, a_device("S-1"))));
        assert!(not_found(world.delete_device(&other, id)));
    }
    assert_eq!(world.get_device(&acme.principal, made.id).unwrap().version, 1);
}

fn an_external_id_need_not_be_unique_and_may_be_long(world: &World) {
    let acme = world.acme();
    let with = |serial: &str, external: String| {
        let mut body = a_device(serial);
        body["externalId"] = external.into();
        world.try_create_device(&acme.principal, body)
    };
    with("1", "x".into()).unwrap();
    with("2", "x".into()).unwrap();
    // As long as an index takes; what does not compress, for PostgreSQL compresses before it refuses.
    let noise = |bytes: usize| -> String {
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
            char::from(b'!' + u8::try_from((state >> 33) % 90).unwrap())
        };
        (0..bytes).map(|_| next()).collect()
    };
    with("3", noise(2_000)).unwrap();
    assert!(matches!(with("4", noise(2_001)), Err(ResourceError::Scim(_))));
    assert!(matches!(with(&noise(2_001), "x".into()), Err(ResourceError::Scim(_))));
}

fn a_unique_value_of_an_extension_of_users_is_taken_once(world: &World) {
    let acme = world.acme();
    let kind = catalog().user;
    let principal = acme.principal.clone();
    let create = |name: &str, badge: &str| {
        let body = json!({ "userName": name, BADGE: { "number": badge } });
        let (principal, document) =
            (principal.clone(), UserDocument::from_value(body, kind).unwrap());
        world
            .run(move |store, now, rng| users::create(store, &principal, kind, &document, now, rng))
    };
    let attribute = format!("{BADGE}:number");
    let ann = create("ann", "A1").unwrap();
    assert_eq!(taken(create("bob", "A1")), Some(attribute.clone()));
    assert_eq!(world.count("SELECT count(*) FROM users"), 1, "nothing of it is kept");
    // The schema says that the case counts.
    let bob = create("bob", "a1").unwrap();
    let set = |id, badge: &str| {
        let operations = json!([{ "op": "replace", "path": attribute, "value": badge }]);
        let (principal, request) = (principal.clone(), patch(operations, kind));
        world.run(move |store, now, rng| {
            users::patch(store, &principal, id, &request, &Guard::default(), now, rng)
        })
    };
    assert_eq!(taken(set(bob.id, "A1")), Some(attribute.clone()));
    assert_eq!(world.get(&principal, bob.id).unwrap().version, 1);
    // A value is free when its holder takes another one, and when it goes.
    set(ann.id, "A2").unwrap();
    set(bob.id, "A1").unwrap();
    assert_eq!(taken(set(ann.id, "A1")), Some(attribute.clone()));
    let put = json!({ "userName": "ann", BADGE: { "number": "A1" } });
    let (again, document) = (principal.clone(), UserDocument::from_value(put, kind).unwrap());
    let put = world.run(move |store, now, rng| {
        users::replace(store, &again, kind, ann.id, &document, &Guard::default(), now, rng)
    });
    assert_eq!(taken(put).as_ref(), Some(&attribute));
    world.delete(&principal, bob.id).unwrap();
    set(ann.id, "A1").unwrap();
    let other = world.organization("other");
    let other = world.principal(other, None);
    let body = json!({ "userName": "ann", BADGE: { "number": "A1" } });
    let document = UserDocument::from_value(body, kind).unwrap();
    let made =
        world.run(move |store, now, rng| users::create(store, &other, kind, &document, now, rng));
    made.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM scim_resource_keys"), 2);
}

fn a_unique_value_of_an_extension_of_groups_is_taken_once(world: &World) {
    let acme = world.acme();
    let kind = catalog().group;
    let principal = acme.principal.clone();
    let create = |name: &str, cost: &str| {
        let body = json!({ "displayName": name, COST: { "costCenter": cost } });
        let (document, _) = freehold_scim::group::GroupDocument::from_value(body, kind).unwrap();
        let principal = principal.clone();
        world.run(move |store, now, rng| {
            groups::create(store, &principal, kind, &document, &[], now, rng)
        })
    };
    let attribute = format!("{COST}:costCenter");
    let one = create("One", "C1").unwrap().group;
    assert_eq!(taken(create("Two", "c1")), Some(attribute.clone()));
    let two = create("Two", "C2").unwrap().group;
    let set = |id, cost: &str| {
        let operations = json!([{ "op": "replace", "path": attribute, "value": cost }]);
        let (principal, request) = (principal.clone(), patch(operations, kind));
        world.run(move |store, now, rng| {
            groups::patch(store, &principal, id, &request, &Guard::default(), BASE, now, rng)
        })
    };
    assert_eq!(taken(set(two.id, "C1")), Some(attribute.clone()));
    set(one.id, "C3").unwrap();
    set(two.id, "C1").unwrap();
    world.delete_group(&principal, two.id).unwrap();
    set(one.id, "C1").unwrap();
    assert_eq!(world.count("SELECT count(*) FROM scim_resource_keys"), 1);
}
