//! Reading `postgres://user:password@host:port/database?…`.

use std::path::PathBuf;
use std::time::Duration;

use super::endpoint::{Encryption, Endpoint, Host, TCP_USER_TIMEOUT};
use super::secret::Secret;

/// What a URL says; the encryption may be left open.
pub(super) struct Url {
    pub(super) host: Host,
    pub(super) port: u16,
    pub(super) database: String,
    pub(super) user: String,
    pub(super) password: Option<Secret>,
    pub(super) encrypted: Option<bool>,
    pub(super) root_certificate: Option<PathBuf>,
    pub(super) connect_timeout: Option<Duration>,
    pub(super) tcp_user_timeout: Option<Duration>,
}

impl Url {
    /// Reads a URL. The error says what is wrong without repeating the text,
    /// which holds a password.
    pub(super) fn parse(text: &str) -> Result<Url, String> {
        let rest = text
            .strip_prefix("postgres://")
            .or_else(|| text.strip_prefix("postgresql://"))
            .ok_or("must begin with `postgres://` or `postgresql://`")?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        if rest.contains('#') || query.contains('#') {
            return Err("holds a `#`: write `%23` for it".into());
        }
        let (authority, database) = rest.split_once('/').ok_or(MISSING_DATABASE)?;
        if database.contains(['/', '@']) {
            return Err(
                "holds a `/` or `@` that is not a separator: in a password write `%2F` and `%40`"
                    .into(),
            );
        }
        let (credentials, address) = authority
            .rsplit_once('@')
            .ok_or("lacks the user: `postgres://user:password@host/database`")?;
        let (user, password) = match credentials.split_once(':') {
            Some((user, password)) => (user, Some(decode(password)?)),
            None => (credentials, None),
        };
        let (host, port) = split_address(address)?;
        let mut url = Url {
            host: host_of(decode_text(host)?),
            port: port.map_or(Ok(5432), parse_port)?,
            database: decode_text(database)?,
            user: decode_text(user)?,
            password: password.map(Secret::new),
            encrypted: None,
            root_certificate: None,
            connect_timeout: None,
            tcp_user_timeout: None,
        };
        url.take_parameters(query)?;
        url.check()?;
        Ok(url)
    }

    fn take_parameters(&mut self, query: &str) -> Result<(), String> {
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').ok_or("has a parameter without `=`")?;
            let (name, value) = (decode_text(name)?, decode_text(value)?);
            self.take_parameter(&name, value)?;
        }
        Ok(())
    }

    fn take_parameter(&mut self, name: &str, value: String) -> Result<(), String> {
        match name {
            "sslmode" => self.encrypted = Some(parse_sslmode(&value)?),
            "sslrootcert" => self.root_certificate = Some(value.into()),
            "host" => self.host = host_of(value),
            "port" => self.port = parse_port(&value)?,
            "connect_timeout" => {
                let seconds = value.parse().ok().filter(|seconds| (1..=3600).contains(seconds));
                let seconds = seconds
                    .ok_or("has a `connect_timeout` that is no number of seconds from 1 to 3600")?;
                self.connect_timeout = Some(Duration::from_secs(seconds));
            }
            "tcp_user_timeout" => {
                let milliseconds =
                    value.parse().ok().filter(|number| (1..=3_600_000).contains(number));
                let milliseconds = milliseconds.ok_or(
                    "has a `tcp_user_timeout` that is no number of milliseconds from 1 to 3600000",
                )?;
                self.tcp_user_timeout = Some(Duration::from_millis(milliseconds));
            }
            // the runner names itself, so that others see who holds the lock
            "application_name" => {}
            _ => return Err(format!("has the unknown parameter `{}`", name.escape_debug())),
        }
        Ok(())
    }

    fn check(&self) -> Result<(), String> {
        if matches!(&self.host, Host::Network(name) if name.is_empty()) {
            return Err("lacks the host".into());
        }
        if self.user.is_empty() {
            return Err("lacks the user".into());
        }
        if self.database.is_empty() {
            return Err(MISSING_DATABASE.into());
        }
        Ok(())
    }

    /// The endpoint, once it is known whether it is encrypted. The timeout is
    /// for a URL that names none.
    pub(super) fn endpoint(self, encryption: Encryption, timeout: Duration) -> Endpoint {
        Endpoint {
            host: self.host,
            port: self.port,
            database: self.database,
            user: self.user,
            password: self.password,
            encryption,
            connect_timeout: self.connect_timeout.unwrap_or(timeout),
            tcp_user_timeout: self.tcp_user_timeout.unwrap_or(TCP_USER_TIMEOUT),
        }
    }
}

const MISSING_DATABASE: &str = "lacks the database: `postgres://user:password@host/database`";

/// A host that begins with a slash is the folder of a socket, as in libpq.
pub(super) fn host_of(text: String) -> Host {
    if text.starts_with('/') { Host::Socket(text.into()) } else { Host::Network(text) }
}

/// `host`, `host:port`, `[::1]` or `[::1]:port`.
fn split_address(address: &str) -> Result<(&str, Option<&str>), String> {
    if address.contains(',') {
        return Err("names several hosts: name the one that accepts writes".into());
    }
    if let Some(rest) = address.strip_prefix('[') {
        let (host, rest) = rest.split_once(']').ok_or("has a `[` without `]`")?;
        return match rest.strip_prefix(':') {
            Some(port) => Ok((host, Some(port))),
            None if rest.is_empty() => Ok((host, None)),
            None => Err("has text after `]` that is no port".into()),
        };
    }
    match address.split_once(':') {
        Some((_, port)) if port.contains(':') => {
            Err("has an IPv6 address without brackets: write `[::1]`".into())
        }
        Some((host, port)) => Ok((host, Some(port))),
        None => Ok((address, None)),
    }
}

fn parse_port(text: &str) -> Result<u16, String> {
    match text.parse::<u16>() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err("has a port that is no whole number from 1 to 65535".into()),
    }
}

/// `require` and `verify-ca` are read as the stricter `verify-full`: an
/// unverified certificate protects from nobody who can answer in between.
fn parse_sslmode(value: &str) -> Result<bool, String> {
    match value {
        "disable" => Ok(false),
        "require" | "verify-ca" | "verify-full" => Ok(true),
        "allow" | "prefer" => Err(format!(
            "has `sslmode={value}`, which falls back to plaintext: use `verify-full` or `disable`"
        )),
        _ => Err("has an unknown `sslmode`: use `verify-full` or `disable`".into()),
    }
}

fn decode_text(text: &str) -> Result<String, String> {
    let text = String::from_utf8(decode(text)?)
        .map_err(|_| "holds percent-encoding that is not UTF-8".to_string())?;
    if text.contains('\0') { Err("holds a NUL character".into()) } else { Ok(text) }
}

/// Percent-decoding. A `+` is a plus, as in libpq.
fn decode(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => hex_byte(rest.next(), rest.next()).ok_or(
                "has a `%` that is not followed by two hexadecimal digits: write `%25` for a `%`",
            )?,
            other => other,
        });
    }
    Ok(bytes)
}

fn hex_byte(high: Option<u8>, low: Option<u8>) -> Option<u8> {
    let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}
