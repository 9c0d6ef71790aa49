//! Tests of reading the configuration.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use super::*;

const URL: &str = "postgres://user:pw@localhost/db";

fn read(pairs: &[(&'static str, &str)]) -> Result<Option<Config>, Error> {
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| (*name, OsString::from(value))).collect();
    Config::read(&Environment::of(&pairs))
}

/// The configuration is refused, the message names the variable, and no
/// value of a variable stands in it.
fn refused(pairs: &[(&'static str, &str)], variable: &str) -> String {
    let error = read(pairs).expect_err(variable);
    assert_eq!(error.exit_code(), 2, "{error}");
    let text = format!("{error} {error:?}");
    assert!(text.contains(variable), "{text}");
    for secret in ["canary", "hunter2"] {
        assert!(!text.contains(secret), "{text}");
    }
    error.to_string()
}

fn url(text: &str) -> Endpoint {
    read(&[("DATABASE_URL", text)]).unwrap().unwrap().runner
}

#[test]
fn nothing_set_is_nothing() {
    assert!(read(&[]).unwrap().is_none());
    assert!(read(&[("DATABASE_LOGGING", "true")]).unwrap().is_none());
}

#[test]
fn reads_a_url() {
    let endpoint = url(
        "postgresql://us%40er:p%40%3A%2F%3F%23%25'%22 \u{e9}%C3%A9@[::1]:6000/d%20b?connect_timeout=3",
    );
    assert_eq!(endpoint.user, "us@er");
    assert_eq!(endpoint.password.unwrap().expose(), "p@:/?#%'\" \u{e9}\u{e9}".as_bytes());
    assert_eq!(endpoint.host, Host::Network("::1".into()));
    assert_eq!((endpoint.port, endpoint.database.as_str()), (6000, "d b"));
    assert_eq!(endpoint.connect_timeout.as_secs(), 3);
}

#[test]
fn reads_sockets() {
    for text in ["postgres://u@%2Fvar%2Frun/db", "postgres://u@x/db?host=/var/run"] {
        assert_eq!(url(text).host, Host::Socket("/var/run".into()));
    }
}

#[test]
fn reads_parts() {
    let pairs = [
        ("DATABASE_HOST", "127.0.0.1"),
        ("DATABASE_NAME", "db"),
        ("DATABASE_USER", "u"),
        ("DATABASE_PASSWORD", "@:/?#%' \""),
    ];
    let endpoint = read(&pairs).unwrap().unwrap().runner;
    assert_eq!(endpoint.password.unwrap().expose(), b"@:/?#%' \"");
    assert_eq!(endpoint.port, 5432);
}

#[test]
fn every_empty_variable_is_refused() {
    for name in VARIABLES {
        refused(&[("DATABASE_URL", URL), (name, "")], name);
    }
}

#[test]
fn every_variable_that_is_not_utf8_is_refused() {
    for name in VARIABLES {
        let error = Config::read(&Environment::of(&[(name, OsString::from_vec(vec![0x66, 0xff]))]))
            .unwrap_err();
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn wrong_numbers_are_refused() {
    for port in ["0", "99999", "x", "-1", "54 32"] {
        refused(
            &[
                ("DATABASE_HOST", "localhost"),
                ("DATABASE_NAME", "d"),
                ("DATABASE_USER", "u"),
                ("DATABASE_PORT", port),
            ],
            "DATABASE_PORT",
        );
        refused(
            &[("DATABASE_URL", &format!("postgres://u:canary@localhost:{port}/d"))],
            "DATABASE_URL",
        );
    }
    for (name, value) in
        [("DATABASE_POOL_MAX", "0"), ("DATABASE_POOL_MIN", "x"), ("DATABASE_CONNECT_TIMEOUT", "0")]
    {
        refused(&[("DATABASE_URL", URL), (name, value)], name);
    }
    refused(
        &[("DATABASE_URL", URL), ("DATABASE_POOL_MIN", "5"), ("DATABASE_POOL_MAX", "4")],
        "DATABASE_POOL_MIN",
    );
}

#[test]
fn wrong_flags_are_refused() {
    for name in
        ["DATABASE_SSL", "DATABASE_LOGGING", "DATABASE_SYNCHRONIZE", "DATABASE_MIGRATIONS_RUN"]
    {
        refused(&[("DATABASE_URL", URL), (name, "yes")], name);
    }
    let text = refused(&[("DATABASE_SYNCHRONIZE", "true")], "DATABASE_SYNCHRONIZE");
    assert!(text.contains("write a migration"), "{text}");
    assert!(read(&[("DATABASE_URL", URL), ("DATABASE_SYNCHRONIZE", "false")]).is_ok());
}

#[test]
fn partial_sets_are_refused() {
    refused(&[("DATABASE_HOST", "localhost")], "DATABASE_NAME");
    refused(&[("DATABASE_PASSWORD", "canary")], "DATABASE_HOST");
    refused(&[("DATABASE_HOST", "localhost"), ("DATABASE_NAME", "d")], "DATABASE_USER");
}

#[test]
fn contradictions_are_refused() {
    for (name, value) in [
        ("DATABASE_HOST", "other"),
        ("DATABASE_PORT", "1"),
        ("DATABASE_NAME", "other"),
        ("DATABASE_USER", "other"),
        ("DATABASE_PASSWORD", "canary"),
    ] {
        refused(&[("DATABASE_URL", URL), (name, value)], name);
    }
    assert!(
        read(&[("DATABASE_URL", URL), ("DATABASE_NAME", "db"), ("DATABASE_PASSWORD", "pw")])
            .is_ok()
    );
    refused(
        &[("DATABASE_URL", "postgres://u:canary@h/d?sslmode=require"), ("DATABASE_SSL", "false")],
        "DATABASE_SSL",
    );
}

#[test]
fn wrong_urls_are_refused() {
    for text in [
        "mysql://u:canary@h/d",
        "host=h password=canary",
        "postgres://u:canary@localhost",
        "postgres://u:canary@localhost/",
        "postgres://:canary@localhost/d",
        "postgres://localhost/d",
        "postgres://u:canary@/d",
        "postgres://u:canary@::1/d",
        "postgres://u:canary@[::1/d",
        "postgres://u:canary@a,b/d",
        "postgres://u:canary%@localhost/d",
        "postgres://u:canary%zz@localhost/d",
        "postgres://u:can/ary@localhost/d",
        "postgres://u:can#ary@localhost/d",
        "postgres://u%ff:canary@localhost/d",
        "postgres://u:canary@localhost/d?sslmode=maybe",
        "postgres://u:canary@localhost/d?sslmode=prefer",
        "postgres://u:canary@localhost/d?schema=x",
        "postgres://u:canary@localhost/d?sslmode",
        "postgres://u:canary@localhost/d?connect_timeout=0",
    ] {
        refused(&[("DATABASE_URL", text)], "DATABASE_URL");
        refused(&[("DATABASE_MIGRATION_URL", text)], "DATABASE_MIGRATION_URL");
    }
}

#[test]
fn a_remote_host_needs_a_word_about_encryption() {
    let remote = "postgres://u:canary@db.example.com/d";
    refused(&[("DATABASE_URL", remote)], "DATABASE_SSL");
    refused(&[("DATABASE_URL", URL), ("DATABASE_MIGRATION_URL", remote)], "DATABASE_SSL");
    let plain = read(&[("DATABASE_URL", remote), ("DATABASE_SSL", "false")]).unwrap().unwrap();
    assert_eq!(plain.runner.encryption, Encryption::None);
    for local in ["localhost", "127.0.0.1", "127.1.2.3", "[::1]", "%2Ftmp"] {
        assert_eq!(url(&format!("postgres://u@{local}/d")).encryption, Encryption::None);
    }
}

#[cfg(feature = "tls")]
#[test]
fn encryption_is_always_verified() {
    for mode in ["require", "verify-ca", "verify-full"] {
        let endpoint = url(&format!("postgres://u@h.example/d?sslmode={mode}&sslrootcert=/ca.pem"));
        assert_eq!(
            endpoint.encryption,
            Encryption::Verified { root_certificate: Some("/ca.pem".into()) }
        );
    }
    let config = read(&[("DATABASE_URL", "postgres://u@h.example/d"), ("DATABASE_SSL", "true")])
        .unwrap()
        .unwrap();
    assert_eq!(config.runner.encryption, Encryption::Verified { root_certificate: None });
    refused(&[("DATABASE_URL", "postgres://u@%2Ftmp/d"), ("DATABASE_SSL", "true")], "DATABASE_SSL");
}

#[test]
fn the_runner_goes_around_the_pooler() {
    let config = read(&[
        ("DATABASE_URL", URL),
        ("DATABASE_MIGRATION_URL", "postgres://u@localhost:5433/db"),
    ])
    .unwrap()
    .unwrap();
    assert_eq!((config.application.port, config.runner.port), (5432, 5433));
}

#[test]
fn shows_no_password() {
    let config =
        read(&[("DATABASE_URL", "postgres://user:hunter2@localhost/db")]).unwrap().unwrap();
    let text = format!("{config:?} {config:#?} {}", config.place());
    assert!(!text.contains("hunter2") && text.contains("localhost"), "{text}");
}
