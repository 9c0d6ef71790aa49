//! A server in a container, for machines that have Docker and no PostgreSQL.
//! Driven by the `docker` command, so that nobody pays for a client library.

use super::binaries::leading_number;
use super::{Error, folder};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long the container may take until it answers, the first start's `initdb` included.
const START_LIMIT: Duration = Duration::from_secs(120);
/// Outside `/var/lib/postgresql`, which the image lays out differently since version 18.
const VOLUME_FOLDER: &str = "/var/lib/deepref";

/// Whether the `docker` command exists and reaches an engine.
pub(super) fn engine_answers() -> bool {
    docker(&["version", "--format", "{{.Server.Version}}"]).is_ok()
}

/// A running container and the port that its server has on this machine.
#[derive(Debug)]
pub(super) struct Container {
    name: String,
    port: u16,
    major: u32,
}

impl Container {
    /// Starts the folder's container, or joins the one that runs already.
    /// Its data is in a volume of the same name and stays.
    pub(super) fn start(folder: &Path, image: &str) -> Result<Container, Error> {
        let name = format!("deepref-postgres-{}", folder::fingerprint(folder));
        if !runs(&name) {
            // A stopped one that a restart of the machine left.
            let _ = docker(&["rm", "--force", &name]);
            run(&name, image)?;
        }
        wait_until_ready(&name)?;
        let port = published_port(&name)?;
        let major = major_of(&name)?;
        Ok(Container { name, port, major })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn major(&self) -> u32 {
        self.major
    }

    /// Stops and removes the container; the volume stays.
    pub(super) fn stop(&self) -> Result<(), Error> {
        docker(&["stop", "--time", "15", &self.name])?;
        docker(&["rm", "--force", "--volumes", &self.name]).map(drop)
    }
}

fn run(name: &str, image: &str) -> Result<(), Error> {
    let volume = format!("{name}:{VOLUME_FOLDER}");
    let data = format!("PGDATA={VOLUME_FOLDER}/data");
    // Trust, as for a local server; the port is bound to loopback alone.
    let arguments =
        ["run", "--detach", "--name", name, "--publish", "127.0.0.1::5432", "--volume", &volume];
    let settings = ["--env", &data, "--env", "POSTGRES_HOST_AUTH_METHOD=trust", image];
    docker(&[&arguments[..], &settings[..]].concat()).map(drop)
}

/// Over TCP, because the image's first start runs a private server that has only a socket.
fn wait_until_ready(name: &str) -> Result<(), Error> {
    let start = Instant::now();
    loop {
        let answer =
            docker(&["exec", name, "pg_isready", "--host=127.0.0.1", "--username=postgres"]);
        let Err(error) = answer else { return Ok(()) };

        if !runs(name) || start.elapsed() > START_LIMIT {
            let log = log_tail(name).unwrap_or_else(|| error.to_string());
            let _ = docker(&["rm", "--force", "--volumes", name]);
            return Err(Error::Failed { program: format!("docker run {name}"), output: log });
        }
        sleep(Duration::from_millis(100));
    }
}

fn published_port(name: &str) -> Result<u16, Error> {
    // `127.0.0.1:49153`
    let address = docker(&["port", name, "5432/tcp"])?;
    let port = address.lines().find_map(|line| line.rsplit(':').next()?.trim().parse().ok());
    port.ok_or(Error::Failed { program: "docker port".into(), output: address })
}

fn major_of(name: &str) -> Result<u32, Error> {
    let text = docker(&["exec", name, "postgres", "--version"])?;
    let major =
        text.split_once("(PostgreSQL)").and_then(|(_, rest)| leading_number(rest.trim_start()));
    major.ok_or(Error::Failed { program: "postgres --version".into(), output: text })
}

fn runs(name: &str) -> bool {
    docker(&["inspect", "--format", "{{.State.Running}}", name]).is_ok_and(|state| state == "true")
}

fn log_tail(name: &str) -> Option<String> {
    let output = output_of(&["logs", "--tail", "10", name]).ok()?;
    Some(both(&output)).filter(|text| !text.is_empty())
}

/// What the command prints when it succeeds.
fn docker(arguments: &[&str]) -> Result<String, Error> {
    let output = output_of(arguments)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Err(Error::Failed {
        program: format!("docker {}", arguments.first().unwrap_or(&"")),
        output: both(&output),
    })
}

fn output_of(arguments: &[&str]) -> Result<Output, Error> {
    let output = Command::new("docker").args(arguments).stdin(Stdio::null()).output();
    output.map_err(|source| Error::Program { program: "docker".into(), source })
}

fn both(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&text).trim().to_owned()
}
