//! The command line, as a program.

#[path = "runner_cli/commands.rs"]
mod commands;
#[path = "runner_cli/messages.rs"]
mod messages;
#[path = "runner_cli/observed.rs"]
mod observed;
#[path = "runner_cli/stopped.rs"]
mod stopped;

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tests::database::{TestDatabase, fresh};
use tests::server;

/// The program, with nothing of the environment of this process.
fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_example-migrations"));
    command.env_clear().current_dir(folder).env("EXAMPLE_FOLDER", folder).stdin(Stdio::null());
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

struct Example {
    database: TestDatabase,
    folder: tempfile::TempDir,
}

impl Example {
    fn new() -> Example {
        Example { database: fresh(server::newest()), folder: tempfile::tempdir().unwrap() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program(self.folder.path());
        command.env("DATABASE_URL", self.database.tcp_url()).args(arguments);
        command
    }

    /// Runs a command that must end with this exit code; gives all it said.
    fn run(&self, arguments: &[&str], code: i32) -> String {
        said(self.command(arguments), code)
    }
}

fn said(mut command: Command, code: i32) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = String::from_utf8([stdout, stderr].concat()).unwrap();
    assert_eq!(status.code(), Some(code), "{command:?}\n{text}");
    text
}

fn assert_contains(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

fn send_signal(child: &std::process::Child, signal: &str) {
    assert!(
        Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success()
    );
}

fn wait_for(database: &TestDatabase, condition: &str) {
    let start = Instant::now();
    let query = format!(
        "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'deepref-schema run' AND datname = current_database() AND {condition}"
    );
    while !database.client().query_one(&query, &[]).unwrap().get::<_, bool>(0) {
        assert!(start.elapsed() < Duration::from_secs(20), "never: {condition}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
