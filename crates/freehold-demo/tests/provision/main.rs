//! The provisioning cycle against a server that writes down what it is sent.
#![allow(clippy::indexing_slicing, clippy::panic, reason = "clippy knows tests by their attribute")]

use std::net::TcpListener;
use std::sync::Mutex;

use actix_web::web::{Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use freehold_demo::Surroundings;
use freehold_demo::people::PEOPLE;
use freehold_demo::provision::{ProvisionError, Summary, Token, cycle};
use serde_json::{Value, json};
use url::Url;

const TOKEN: &str = "fhs_the-token-that-nobody-may-see";

/// One request: method, path, filter, body.
type Seen = (String, String, String, Value);

#[derive(Default)]
struct Scim {
    seen: Mutex<Vec<Seen>>,
    users: Mutex<Vec<Value>>,
}

async fn answer(scim: Data<Scim>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let authorization = request.headers().get("authorization").and_then(|v| v.to_str().ok());
    if authorization != Some(&format!("Bearer {TOKEN}")) {
        return HttpResponse::Unauthorized().json(json!({ "detail": format!("{TOKEN} is wrong") }));
    }
    let filter = url::form_urlencoded::parse(request.query_string().as_bytes())
        .find(|(name, _)| name == "filter")
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let (method, path) = (request.method().to_string(), request.path().to_owned());
    scim.seen.lock().expect("seen").push((method.clone(), path, filter.clone(), body.clone()));
    let mut users = scim.users.lock().expect("users");
    match method.as_str() {
        "GET" => {
            let (attribute, value) = filter.split_once(" eq ").expect("a filter");
            let value: Value = serde_json::from_str(value).expect("a quoted value");
            let found: Vec<_> =
                users.iter().filter(|user| user[attribute] == value).cloned().collect();
            HttpResponse::Ok().json(json!({ "totalResults": found.len(), "Resources": found }))
        }
        "POST" => {
            let mut user = body;
            user["id"] = format!("id-{}", users.len()).into();
            users.push(user.clone());
            HttpResponse::Created().json(user)
        }
        _ => HttpResponse::Ok().json(json!({})),
    }
}

fn serve(scim: &Data<Scim>) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/scim/v2", listener.local_addr().expect("an address"));
    let scim = Data::clone(scim);
    let server = HttpServer::new(move || {
        App::new().app_data(Data::clone(&scim)).default_service(web::to(answer))
    });
    actix_web::rt::spawn(server.workers(1).listen(listener).expect("listening").run());
    Url::parse(&url).expect("a URL")
}

async fn run(url: &Url, token: &str) -> (Result<Summary, ProvisionError>, Vec<String>) {
    let mut lines = Vec::new();
    let token = Token::parse(token).expect("a token");
    let mut say = |line: &str| lines.push(line.to_owned());
    let done = cycle(url, &token, &Surroundings::real(), &mut say).await;
    (done, lines)
}

#[actix_web::test]
async fn the_first_cycle_tests_the_connection_and_creates_five_people() {
    let scim = Data::new(Scim::default());
    let (done, lines) = run(&serve(&scim), TOKEN).await;
    assert_eq!(done, Ok(Summary { created: 5, found: 0 }));
    let seen = scim.seen.lock().expect("seen");
    let methods: Vec<_> = seen.iter().map(|(method, ..)| method.as_str()).collect();
    let one = ["GET", "GET", "POST", "PATCH"];
    assert_eq!(methods, [&["GET"], one.repeat(5).as_slice()].concat());
    assert!(seen.iter().all(|(_, path, ..)| path.starts_with("/scim/v2/Users")));
    // A probe for somebody who cannot be there.
    assert!(seen[0].2.starts_with("userName eq \"") && seen[0].2.len() == 50);
    assert_eq!(seen[1].2, format!("externalId eq \"{}\"", PEOPLE[0].object_id));
    assert_eq!(seen[2].2, format!("userName eq \"{}\"", PEOPLE[0].user_name));
    assert_eq!(lines.len(), seen.len());
}

#[actix_web::test]
async fn a_person_is_created_as_entra_creates_her() {
    let scim = Data::new(Scim::default());
    run(&serve(&scim), TOKEN).await.0.expect("done");
    let seen = scim.seen.lock().expect("seen");
    let (.., body) = seen.iter().find(|(method, ..)| method == "POST").expect("a creation");
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    assert_eq!(body["schemas"], json!(["urn:ietf:params:scim:schemas:core:2.0:User", enterprise]));
    assert_eq!(body["externalId"], PEOPLE[0].object_id);
    assert_eq!(body["roles"], json!([]));
    assert_eq!(body["meta"], json!({ "resourceType": "User" }));
    assert!(body.as_object().expect("an object").contains_key("title"));
    assert_eq!(body["title"], Value::Null);
    assert_eq!(body[enterprise]["employeeNumber"], "1001");
}

#[actix_web::test]
async fn a_person_is_updated_in_entras_old_shape_with_the_id_of_her_manager() {
    let scim = Data::new(Scim::default());
    run(&serve(&scim), TOKEN).await.0.expect("done");
    let seen = scim.seen.lock().expect("seen");
    let patches: Vec<_> = seen.iter().filter(|(method, ..)| method == "PATCH").collect();
    let (_, path, _, body) = patches[1];
    assert_eq!(path, "/scim/v2/Users/id-1");
    let operations = body["Operations"].as_array().expect("operations");
    assert!(operations.iter().all(|one| one["op"] == "Replace" || one["op"] == "Add"));
    assert!(operations.iter().any(|one| one["path"] == "active" && one["value"] == "True"));
    assert!(operations.iter().any(|one| one["path"] == "emails[type eq \"work\"].value"));
    let pathless = operations.iter().find(|one| one.get("path").is_none()).expect("no path");
    assert_eq!(pathless["value"]["name.givenName"], "Björn");
    let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    assert_eq!(pathless["value"][format!("{urn}:department")], "Engineering");
    let manager = operations.iter().find(|one| one["path"] == format!("{urn}:manager"));
    assert_eq!(manager.expect("a manager")["value"], "id-0");
}

#[actix_web::test]
async fn the_second_cycle_finds_everybody_and_creates_nobody() {
    let scim = Data::new(Scim::default());
    let url = serve(&scim);
    run(&url, TOKEN).await.0.expect("done");
    scim.seen.lock().expect("seen").clear();
    assert_eq!(run(&url, TOKEN).await.0, Ok(Summary { created: 0, found: 5 }));
    let seen = scim.seen.lock().expect("seen");
    assert!(seen.iter().all(|(method, ..)| method != "POST"));
    assert_eq!(seen.iter().filter(|(method, ..)| method == "PATCH").count(), 5);
}

#[actix_web::test]
async fn the_token_is_never_said() {
    let scim = Data::new(Scim::default());
    let url = serve(&scim);
    let (_, lines) = run(&url, TOKEN).await;
    assert!(!lines.is_empty() && lines.iter().all(|line| !line.contains(TOKEN)));
    let (refused, lines) = run(&url, "fhs_another").await;
    let error = refused.expect_err("refused");
    assert_eq!(error, ProvisionError::Unauthorized);
    assert!(!error.to_string().contains("fhs_"));
    assert!(lines.iter().all(|line| !line.contains("fhs_")), "{lines:?}");
}

#[actix_web::test]
async fn a_server_that_is_not_there_and_one_that_speaks_no_scim_are_told_apart() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = free.local_addr().expect("an address");
    drop(free);
    let url = Url::parse(&format!("http://{address}/scim/v2")).expect("a URL");
    let error = run(&url, TOKEN).await.0.expect_err("nobody there");
    assert_eq!(error, ProvisionError::Unreachable(format!("http://{address}")));

    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = Url::parse(&format!("http://{}", listener.local_addr().expect("an address")));
    let server = HttpServer::new(|| {
        App::new().default_service(web::to(|| async { HttpResponse::Ok().body("<p>Hello") }))
    });
    actix_web::rt::spawn(server.workers(1).listen(listener).expect("listening").run());
    let error = run(&url.expect("a URL"), TOKEN).await.0.expect_err("a web page");
    assert!(matches!(error, ProvisionError::NotScim(_)), "{error}");
}

#[test]
fn a_token_is_one_word() {
    assert!(Token::parse(" fhs_abc\n").is_ok());
    for text in ["", "  \n", "two words", "line\nbreak", "\u{e4}"] {
        assert!(Token::parse(text).is_err(), "{text:?}");
    }
}
