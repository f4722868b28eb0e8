//! A provisioning client that speaks as Entra does.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::{
    http::{Answer, Request},
    program::Program,
};

/// The client, with a token.
pub struct Scim {
    address: SocketAddr,
    token: String,
}

/// A person as the identity provider knows her.
pub struct Person<'p> {
    /// `userName`.
    pub user_name: &'p str,
    /// `externalId`; equals the subject claim of her sign-ins.
    pub external_id: &'p str,
    /// `displayName`.
    pub display_name: &'p str,
}

impl Scim {
    /// A client of this program with a new token of the organization.
    #[must_use]
    pub fn of(program: &Program, slug: &str) -> Self {
        Self::with_token(program, program.make_token(slug))
    }

    /// A client with a token that the test chose.
    #[must_use]
    pub fn with_token(program: &Program, token: impl Into<String>) -> Self {
        Self::at(program.address(), token)
    }

    /// The same, of a program that listens here.
    #[must_use]
    pub fn at(address: SocketAddr, token: impl Into<String>) -> Self {
        Self { address, token: token.into() }
    }

    /// Sends a request below `/scim/v2`.
    ///
    /// # Panics
    /// When there is no answer.
    pub fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let request = Request::new(method, &format!("/scim/v2{path}"))
            .header("Authorization", &format!("Bearer {}", self.token));
        let request = match body {
            Some(body) => request.body("application/scim+json", body.to_string()),
            None => request,
        };
        request.send(self.address).unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// Creates a person and gives the id of her account.
    ///
    /// # Panics
    /// When she is refused.
    #[must_use]
    pub fn create(&self, person: &Person<'_>) -> String {
        let answer = self.send(
            "POST",
            "/Users",
            Some(&json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                "userName": person.user_name,
                "externalId": person.external_id,
                "displayName": person.display_name,
                "active": true,
                "emails": [{"primary": true, "type": "work", "value": person.user_name}],
            })),
        );
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["id"].as_str().expect("a created user has an id").to_owned()
    }

    /// Replaces one attribute, as Entra patches it.
    ///
    /// # Panics
    /// When it is refused.
    pub fn replace(&self, id: &str, attribute: &str, value: &Value) {
        let answer = self.send(
            "PATCH",
            &format!("/Users/{id}"),
            Some(&json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                "Operations": [{"op": "Replace", "path": attribute, "value": value}],
            })),
        );
        assert!(matches!(answer.status, 200 | 204), "{}: {}", answer.status, answer.text());
    }

    /// `active=false`: what Entra sends when a person leaves.
    pub fn deactivate(&self, id: &str) {
        self.replace(id, "active", &json!("False"));
    }

    /// `active=true` again.
    pub fn activate(&self, id: &str) {
        self.replace(id, "active", &json!("True"));
    }

    /// Deletes an account.
    ///
    /// # Panics
    /// When it is refused.
    pub fn delete(&self, id: &str) {
        let answer = self.send("DELETE", &format!("/Users/{id}"), None);
        assert_eq!(answer.status, 204, "{}", answer.text());
    }
}
