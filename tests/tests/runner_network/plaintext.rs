//! A server that asks for the password itself.

use super::*;

const PASSWORD: &str = "canary-of-the-password";

/// A server of this version with a user that has a password, hashed in this way.
fn server_of(binaries: &Binaries, folder: &Path, hash: &str) -> Server {
    let mut options = Options::in_folder(folder.join("server"));
    options.loopback = true;
    options.binaries = Some(binaries.clone());
    options.template = Some(server::target_folder().join("servers-templates"));
    let server = Server::start(&options).unwrap();
    let role = format!(
        "SET password_encryption = '{hash}'; CREATE ROLE u SUPERUSER LOGIN PASSWORD '{PASSWORD}'"
    );
    client(&server).batch_execute(&role).unwrap();
    server
}

fn url_of_user(host: &str, port: u16, rest: &str) -> String {
    format!("postgres://u:{PASSWORD}@{host}:{port}/postgres?{rest}")
}

/// How often the password stands in what a client sent.
fn passwords_in(bytes: &[u8]) -> usize {
    bytes.windows(PASSWORD.len()).filter(|window| *window == PASSWORD.as_bytes()).count()
}

#[test]
fn a_plaintext_password_is_sent_encrypted_or_not_at_all() {
    for binaries in server::binaries().values() {
        let folder = tempfile::tempdir().unwrap();
        let server = server_of(binaries, folder.path(), "scram-sha-256");
        let certificates = Certificates::new(folder.path());
        certificates.install(&server);
        set_rules(&server, "host all all 127.0.0.1/32 password\nhost all all ::1/128 password");
        let proxy = Proxy::before(server.port());
        let error = run(&tables(1), &url_of_user("127.0.0.1", proxy.port(), "")).unwrap_err();
        let text = error.to_string();
        assert_eq!(error.exit_code(), 7, "{text}");
        for part in ["password in plaintext", "DATABASE_SSL=true", "scram-sha-256"] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!format!("{text} {error:?}").contains(PASSWORD), "{text}");
        let heard = proxy.others();
        assert!(heard.windows(6).any(|window| window == b"user\0u"), "the start of a connection");
        assert_eq!(passwords_in(&heard), 0, "{}", String::from_utf8_lossy(&heard));
        // this is how the same server hears it from a client that does as it is told
        let careless = url_of_user("127.0.0.1", proxy.port(), "sslmode=disable");
        postgres::Client::connect(&careless, postgres::NoTls).unwrap();
        assert_eq!(passwords_in(&proxy.others()), 1, "the proxy hears passwords");
        let verified = format!("sslmode=require&sslrootcert={}", certificates.path("ca.crt"));
        let encrypted = url_of_user("localhost", server.port(), &verified);
        assert_eq!(run(&tables(1), &encrypted).unwrap(), 1, "{}", server.major());
    }
}

#[test]
fn the_pool_sends_no_plaintext_password() {
    let binaries = server::binaries().values().next_back().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let server = server_of(binaries, folder.path(), "scram-sha-256");
    set_rules(&server, "host all all 127.0.0.1/32 password");
    let proxy = Proxy::before(server.port());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let url = url_of_user("127.0.0.1", proxy.port(), "connect_timeout=1");
    let config = Config::from_url(&url).unwrap().with_pool_size(1, 2).unwrap();
    let error = runtime.block_on(deepref_schema::pool::open(&config)).unwrap_err();
    assert!(error.exit_code() == 7 && error.to_string().contains("in plaintext"), "{error}");
    assert_eq!(passwords_in(&proxy.others()), 0);
}

#[test]
fn hashed_passwords_and_sockets_need_no_encryption() {
    for binaries in server::binaries().values() {
        for method in ["scram-sha-256", "md5"] {
            let folder = tempfile::tempdir().unwrap();
            let server = server_of(binaries, folder.path(), method);
            set_rules(&server, &format!("local all u password\nhost all u 127.0.0.1/32 {method}"));
            let proxy = Proxy::before(server.port());
            let through = url_of_user("127.0.0.1", proxy.port(), "");
            assert_eq!(run(&tables(1), &through).unwrap(), 1, "{method}, {}", server.major());
            let heard = proxy.others();
            assert!(heard.contains(&b'p') && passwords_in(&heard) == 0, "it answers by a hash");
            let socket = server.url("postgres").replace("postgres@", &format!("u:{PASSWORD}@"));
            assert_eq!(run(&tables(2), &socket).unwrap(), 1, "{method}, {}", server.major());
        }
    }
}
