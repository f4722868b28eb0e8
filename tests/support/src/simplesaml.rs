//! SimpleSAMLphp: a SAML identity provider on Canaille's directory. The same people, the same ids, and whoever is
//! locked there cannot sign in here.

use std::{path::Path, process::Command, time::Duration};

use crate::{
    canaille::Canaille,
    certificate,
    http::Request,
    process::{Folder, Running, free_port},
    program::Program,
};

/// Where Debian puts it.
const INSTALLED: &str = "/usr/share/simplesamlphp/www";

/// The tenant that its assertions name.
pub const TENANT: &str = "0a1b2c3d-0000-4000-8000-00000000acme";

/// Which parts of an answer are signed.
#[derive(Clone, Copy, Debug)]
pub enum Signed {
    /// The response.
    Response,
    /// The assertion in it.
    Assertion,
    /// Both, as Entra's "Sign SAML response and assertion".
    Both,
}

/// A running SimpleSAMLphp; stopped when dropped.
pub struct SimpleSaml {
    _running: Running,
    folder: Folder,
    port: u16,
}

impl SimpleSaml {
    /// Starts it for this program, on Canaille's people; a password is the name and "pass".
    ///
    /// # Panics
    /// When it does not start; `cargo xtask test` installs it.
    #[must_use]
    pub fn start(program: &Program, canaille: &Canaille, signed: Signed) -> Self {
        assert!(
            Path::new(INSTALLED).is_dir(),
            "{INSTALLED} is missing: run the tests with `cargo xtask test`, which installs it"
        );
        let (port, folder) = (free_port(), Folder::make());
        for name in ["config", "metadata", "cert", "log", "data", "sessions", "tmp"] {
            std::fs::create_dir(folder.path().join(name)).expect("the test's folder is writable");
        }
        certificate::make(&folder.path().join("cert"), "idp");
        for (name, text) in [
            ("config/config.php", configuration(port)),
            ("config/authsources.php", PEOPLE.replace("TENANT", TENANT)),
            ("metadata/saml20-idp-hosted.php", HOSTED.to_owned()),
            ("metadata/saml20-sp-remote.php", remote(program, signed)),
        ] {
            std::fs::write(folder.path().join(name), text).expect("the test's folder is writable");
        }
        let mut command = Command::new("php");
        command
            .args(["-d", "variables_order=EGPCS", "-d", "error_reporting=E_ERROR"])
            .args(["-d", "display_errors=0", "-S", &format!("127.0.0.1:{port}"), "-t", INSTALLED])
            .env("SIMPLESAMLPHP_CONFIG_DIR", folder.path().join("config"))
            .env("SSP_DIR", folder.path())
            .env("CANAILLE_DB", canaille.database());
        let mut running = Running::start("SimpleSAMLphp", command, folder.path().join("php.log"));
        running.wait_until(Duration::from_secs(60), || {
            Request::new("GET", METADATA)
                .header("Host", &format!("127.0.0.1:{port}"))
                .send(([127, 0, 0, 1], port).into())
                .is_ok_and(|answer| answer.status == 200)
        });
        Self { _running: running, folder, port }
    }

    /// Where its metadata is.
    #[must_use]
    pub fn metadata_url(&self) -> String {
        format!("http://127.0.0.1:{}{METADATA}", self.port)
    }

    /// Signs with a new key from now on, as after a roll-over.
    pub fn roll_over(&self) {
        certificate::make(&self.folder.path().join("cert"), "idp");
    }
}

const METADATA: &str = "/saml2/idp/metadata.php";

fn configuration(port: u16) -> String {
    format!(
        r#"<?php
$d = getenv('SSP_DIR');
$config = [
    'baseurlpath' => 'http://127.0.0.1:{port}/',
    'certdir' => "$d/cert/", 'loggingdir' => "$d/log/", 'datadir' => "$d/data/", 'tempdir' => "$d/tmp",
    'metadatadir' => "$d/metadata/", 'attributenamemapdir' => '/etc/simplesamlphp/attributemap/',
    'timezone' => 'UTC', 'secretsalt' => 'test-only-salt', 'auth.adminpassword' => 'test-only',
    'technicalcontact_email' => 'na@example.test', 'admin.checkforupdates' => false, 'errorreporting' => false,
    'logging.handler' => 'file', 'enable.saml20-idp' => true,
    'module.enable' => ['core' => true, 'saml' => true, 'sqlauth' => true],
    'session.cookie.secure' => false, 'session.phpsession.cookiename' => 'SimpleSAML',
    'session.phpsession.savepath' => "$d/sessions", 'store.type' => 'phpsession',
    'language.default' => 'en', 'language.available' => ['en'], 'theme.use' => 'default',
    'metadata.sources' => [['type' => 'flatfile']], 'authproc.idp' => [], 'authproc.sp' => [],
];
"#
    )
}

/// Claims as Entra names them, from Canaille's database. Whoever is locked there does not match.
const PEOPLE: &str = r#"<?php
$c = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/';
$m = 'http://schemas.microsoft.com/identity/claims/';
$config = ['people' => [
    'sqlauth:SQL', 'dsn' => 'sqlite:' . getenv('CANAILLE_DB'), 'username' => '', 'password' => '',
    'query' => "SELECT id AS '{$m}objectidentifier', 'TENANT' AS '{$m}tenantid',
        formatted_name AS '{$m}displayname', json_extract(emails, '\$[0]') AS '{$c}emailaddress',
        json_extract(emails, '\$[0]') AS '{$c}name'
        FROM user WHERE user_name = :username AND :password = user_name || 'pass' AND lock_date IS NULL",
]];
"#;

const HOSTED: &str = r#"<?php
$metadata['https://idp.test/simplesaml'] = [
    'host' => '__DEFAULT__', 'privatekey' => 'idp.pem', 'certificate' => 'idp.crt', 'auth' => 'people',
    'signature.algorithm' => 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    'attributes.NameFormat' => 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
];
"#;

fn remote(program: &Program, signed: Signed) -> String {
    let url = program.url();
    let (response, assertion) = match signed {
        Signed::Response => (true, false),
        Signed::Assertion => (false, true),
        Signed::Both => (true, true),
    };
    format!(
        r#"<?php
$name = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name';
$format = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress';
$metadata['{url}/saml/metadata'] = [
    'AssertionConsumerService' => '{url}/saml/acs', 'NameIDFormat' => $format,
    'authproc' => [50 => ['class' => 'saml:AttributeNameID', 'attribute' => $name, 'Format' => $format]],
    'saml20.sign.response' => {response}, 'saml20.sign.assertion' => {assertion},
];
"#
    )
}
