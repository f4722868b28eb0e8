//! One service provider, one connection, one pending sign-in.

use freehold_saml::{ACS, AUDIENCE, CONNECTION, ENTITY_ID, IDP, Key, NOW_MS, REQUEST, SSO, TENANT};
use freehold_sso::saml::{
    Answer, Certificate, Connection, Pending, Refusal, ServiceProvider, SubjectSource, testing,
    verify,
};
use url::Url;

pub struct World {
    pub service: ServiceProvider,
    pub connection: Connection,
}

impl World {
    pub fn new() -> Self {
        let certificate = |key: Key| Certificate::from_der(&key.certificate()).expect("RSA");
        Self {
            service: ServiceProvider {
                entity_id: ENTITY_ID.to_owned(),
                acs: Url::parse(ACS).expect("a URL"),
            },
            connection: Connection {
                id: CONNECTION.to_owned(),
                entity_id: IDP.to_owned(),
                sso_url: Url::parse(SSO).expect("a URL"),
                certificates: vec![certificate(Key::Provider), certificate(Key::Next)],
                audience: Some(AUDIENCE.to_owned()),
                tenant: Some(TENANT.to_owned()),
                subject: SubjectSource::entra_object_id(),
            },
        }
    }

    pub fn post(&self, field: &str) -> Result<Answer, Refusal> {
        self.post_at(field, NOW_MS)
    }

    pub fn post_at(&self, field: &str, now_ms: u64) -> Result<Answer, Refusal> {
        verify(&self.service, &self.connection, &self.pending(), field, now_ms)
    }

    pub fn library_alone(&self, field: &str) -> Result<String, Refusal> {
        testing::library_alone(&self.service, &self.connection, &self.pending(), field, NOW_MS)
    }

    pub fn pending(&self) -> Pending<'_> {
        Pending { connection: CONNECTION, request_id: REQUEST }
    }
}

/// The name of the reason.
pub fn reason(refusal: &Refusal) -> String {
    let text = format!("{refusal:?}");
    text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned()
}
