//! What operators write, and what they are told.

use super::{Config, Environment, LogFormat, Site};

fn load(variables: &[(&'static str, &str)]) -> Result<Config, String> {
    let variables = variables.iter().map(|(name, value)| (*name, (*value).to_owned()));
    Config::load(None, &Environment::of(variables)).map_err(|error| error.to_string())
}

fn refusal(variables: &[(&'static str, &str)]) -> String {
    load(variables).expect_err("the settings must be refused")
}

fn load_file(text: &str, variables: &[(&'static str, &str)]) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("freehold.toml");
    std::fs::write(&path, text).unwrap();
    let variables = variables.iter().map(|(name, value)| (*name, (*value).to_owned()));
    Config::load(Some(path), &Environment::of(variables)).map_err(|error| error.to_string())
}

#[test]
fn nothing_set_means_this_machine_only_with_sqlite() {
    let config = load(&[]).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.site(config.listen).unwrap().origin(), "http://localhost:8080");
    assert_eq!(config.database_url.expose(), "sqlite://./data/freehold.db");
    assert_eq!(config.log_format, LogFormat::Text);
    assert_eq!(config.retention.as_secs(), 30 * 86_400);
}

#[test]
fn what_is_deleted_is_kept_for_whole_days_and_at_least_one() {
    let config = load(&[("FREEHOLD_RETENTION_DAYS", "7")]).unwrap();
    assert_eq!(config.retention.as_secs(), 7 * 86_400);
    for days in ["0", "3651", "1.5", "-1"] {
        let error = refusal(&[("FREEHOLD_RETENTION_DAYS", days)]);
        assert!(error.contains("FREEHOLD_RETENTION_DAYS"), "{error}");
    }
}

#[test]
fn the_database_stands_in_the_data_folder() {
    let config = load(&[("FREEHOLD_DATA", "/srv/freehold")]).unwrap();
    assert_eq!(config.database_url.expose(), "sqlite:///srv/freehold/freehold.db");
}

#[test]
fn the_environment_wins_over_the_file() {
    let file = "listen = \"127.0.0.1:1\"\nlog = \"debug\"\n";
    let config = load_file(file, &[("FREEHOLD_LISTEN", "127.0.0.1:2")]).unwrap();
    assert_eq!(config.listen.port(), 2);
    assert_eq!(config.log, "debug");
}

#[test]
fn an_unknown_variable_names_the_nearest() {
    let error = refusal(&[("FREEHOLD_LISTN", "127.0.0.1:1")]);
    assert!(error.contains("FREEHOLD_LISTN") && error.contains("mean FREEHOLD_LISTEN?"), "{error}");
}

#[test]
fn an_unknown_key_names_the_nearest_and_the_file() {
    let error = load_file("databse_url = \"sqlite://x\"", &[]).unwrap_err();
    assert!(error.contains("`databse_url` in ") && error.contains("mean database_url?"), "{error}");
}

/// Start-up errors stand in the journal of the machine.
#[test]
fn a_file_that_cannot_be_read_is_told_by_its_line_and_without_what_stands_there() {
    for wrong in [
        "database_url = \"postgres://freehold:secret@db/freehold",
        "database_url = postgres://freehold:secret@db/freehold",
        "database_url = \"postgres://freehold:secret@db/freehold\" secret",
        "database_url = \"postgres://freehold:\\secret@db/freehold\"",
    ] {
        let error = load_file(&format!("log = \"info\"\n{wrong}\n"), &[]).unwrap_err();
        assert!(error.contains("is not TOML in line 2: "), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
}

#[test]
fn the_variable_of_the_build_tool_is_no_error() {
    load(&[("FREEHOLD_WASM", "web/wasm")]).unwrap();
}

#[test]
fn a_value_can_stand_in_a_file_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("url");
    std::fs::write(&path, "postgres://freehold:secret@db/freehold\n").unwrap();
    let config = load(&[("FREEHOLD_DATABASE_URL_FILE", path.to_str().unwrap())]).unwrap();
    assert_eq!(config.database_url.expose(), "postgres://freehold:secret@db/freehold");
}

#[test]
fn a_value_given_twice_is_refused() {
    let error = refusal(&[("FREEHOLD_DATA", "a"), ("FREEHOLD_DATA_FILE", "b")]);
    assert!(error.contains("FREEHOLD_DATA and FREEHOLD_DATA_FILE"), "{error}");
}

#[test]
fn a_missing_file_is_named() {
    let error = refusal(&[("FREEHOLD_CONFIG", "/nowhere/freehold.toml")]);
    assert!(error.contains("/nowhere/freehold.toml"), "{error}");
    let error = refusal(&[("FREEHOLD_DATABASE_URL_FILE", "/nowhere/url")]);
    assert!(
        error.contains("FREEHOLD_DATABASE_URL_FILE") && error.contains("/nowhere/url"),
        "{error}"
    );
}

#[test]
fn a_database_password_shows_in_no_error_and_no_debug_text() {
    let error = refusal(&[("FREEHOLD_DATABASE_URL", "mysql://root:hunter2@db/x")]);
    assert!(!error.contains("hunter2") && error.contains("postgres://"), "{error}");
    let config = load(&[("FREEHOLD_DATABASE_URL", "postgres://root:hunter2@db/x")]).unwrap();
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn http_is_for_this_machine_only() {
    assert!(Site::parse("http://localhost:8080").is_ok());
    assert!(Site::parse("http://127.0.0.1:8080").is_ok());
    assert!(Site::parse("http://[::1]:8080").is_ok());
    assert!(Site::parse("https://freehold.example").unwrap().is_https());
    for refused in ["http://freehold.example", "http://localhost.example", "ftp://localhost"] {
        assert!(Site::parse(refused).is_err(), "{refused}");
    }
    let error = refusal(&[("FREEHOLD_PUBLIC_URL", "http://freehold.example")]);
    assert!(error.contains("FREEHOLD_PUBLIC_URL") && error.contains("https"), "{error}");
}

#[test]
fn the_public_url_is_an_origin_as_browsers_write_it() {
    let origin = |text| Site::parse(text).map(|site| site.origin().to_owned());
    assert_eq!(origin("https://Freehold.Example:443/").unwrap(), "https://freehold.example");
    assert!(origin("https://freehold.example/app").is_err());
    assert!(origin("https://user@freehold.example").is_err());
}

#[test]
fn another_port_changes_the_derived_url() {
    let config = load(&[("FREEHOLD_LISTEN", "127.0.0.1:9000")]).unwrap();
    assert_eq!(config.site(config.listen).unwrap().origin(), "http://localhost:9000");
}

#[test]
fn listening_to_others_needs_a_public_url() {
    let config = load(&[("FREEHOLD_LISTEN", "0.0.0.0:80")]).unwrap();
    let error = config.site(config.listen).unwrap_err().to_string();
    assert!(error.contains("FREEHOLD_PUBLIC_URL"), "{error}");
}

#[test]
fn wrong_forms_say_what_to_write() {
    for (variable, value, advice) in [
        ("FREEHOLD_LISTEN", "8080", "127.0.0.1:8080"),
        ("FREEHOLD_LOG", "info,,=", "debug"),
        ("FREEHOLD_LOG_FORMAT", "xml", "text or json"),
        ("FREEHOLD_TRUSTED_PROXIES", "proxy.example", "IP address"),
        ("FREEHOLD_TRUSTED_PROXIES", "10.0.0.0/33", "10.0.0.0/8"),
        ("FREEHOLD_TRUSTED_PROXIES", "10.0.0.7/8", "write 10.0.0.0/8"),
        ("FREEHOLD_TRUSTED_PROXIES", "127.0.0.1, 0.0.0.0/0", "everybody"),
        ("FREEHOLD_TLS_CERT", "", "path of a PEM file"),
        ("FREEHOLD_DATA", "", "path of a folder"),
        ("FREEHOLD_DATA", " ", "path of a folder"),
    ] {
        let error = refusal(&[(variable, value)]);
        assert!(error.contains(variable) && error.contains(advice), "{error}");
    }
}

#[test]
fn lists_and_numbers_in_the_file_are_understood() {
    let config = load_file("trusted_proxies = [\"127.0.0.1\", \"::1\"]", &[]).unwrap();
    assert!(config.trusted_proxies.contains("127.0.0.1".parse().unwrap()));
    assert!(config.trusted_proxies.contains("::1".parse().unwrap()));
    assert!(load_file("[listen]\nport = 1", &[]).is_err());
    assert!(load_file("listen =", &[]).unwrap_err().contains("is not TOML"));
}

#[test]
fn a_proxy_is_an_address_or_a_network_however_its_address_is_written() {
    let config = load(&[("FREEHOLD_TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.1,fd00::/8")]).unwrap();
    let trusted = |text: &str| config.trusted_proxies.contains(text.parse().unwrap());
    for named in ["10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3", "192.0.2.1", "fd12::1"] {
        assert!(trusted(named), "{named}");
    }
    for other in ["11.0.0.0", "192.0.2.2", "::1", "::10.1.2.3", "fe80::1"] {
        assert!(!trusted(other), "{other}");
    }
}

#[test]
fn the_certificate_and_its_key_come_together() {
    let config = load_file("tls_cert = \"a.pem\"\ntls_key = \"b.pem\"", &[]).unwrap();
    let files = config.tls.unwrap();
    assert_eq!((files.certificate.to_str(), files.key.to_str()), (Some("a.pem"), Some("b.pem")));
    for half in ["FREEHOLD_TLS_CERT", "FREEHOLD_TLS_KEY"] {
        assert!(refusal(&[(half, "a.pem")]).contains("both, or neither"));
    }
}

#[test]
fn a_key_in_the_place_of_its_path_is_not_repeated() {
    let error = refusal(&[("FREEHOLD_TLS_KEY", "-----BEGIN PRIVATE KEY-----\nhunter2")]);
    assert!(error.contains("path of a PEM file") && !error.contains("hunter2"), "{error}");
}

#[test]
fn the_host_of_the_site_stands_alone() {
    let host = |text| Site::parse(text).unwrap().host();
    assert_eq!(host("https://Freehold.example:8443"), "freehold.example");
    assert_eq!(host("https://[2001:db8::1]:8443"), "2001:db8::1");
}

#[test]
fn a_dns_server_has_port_53_unless_another_is_said() {
    let set = |text| load(&[("FREEHOLD_DNS_RESOLVER", text)]).map(|config| config.dns_resolver);
    assert_eq!(load(&[]).unwrap().dns_resolver, None);
    assert_eq!(set("192.0.2.53").unwrap().unwrap().to_string(), "192.0.2.53:53");
    assert_eq!(set("2001:db8::53").unwrap().unwrap().to_string(), "[2001:db8::53]:53");
    assert_eq!(set("127.0.0.1:5353").unwrap().unwrap().port(), 5353);
    assert!(set("dns.example").unwrap_err().starts_with("FREEHOLD_DNS_RESOLVER: "));
    let config = load_file("dns_resolver = \"127.0.0.1:5353\"", &[]).unwrap();
    assert_eq!(config.dns_resolver.unwrap().port(), 5353);
}
