//! A migrations crate in a folder of its own, with a program for it: what a user has, without the
//! compiler.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::database::TestDatabase;

/// A folder with a list and migrations.
pub struct Project {
    folder: tempfile::TempDir,
    program: &'static str,
    stems: Vec<String>,
}

impl Project {
    /// An empty history. The program is `env!("CARGO_BIN_EXE_interpreted-migrations")`.
    pub fn new(program: &'static str) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        fs::create_dir_all(folder.path().join("src/history")).expect("a folder can be made");
        let project = Self { folder, program, stems: Vec::new() };
        project.write_list();
        project
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Adds a migration: `up { … }`, and `down { … }` where it has one.
    pub fn add(&mut self, version: i64, name: &str, body: &str) {
        let stem = deepref_schema_core::migration::file_stem(version, name);
        let text = format!("deepref_schema::migration! {{\n    {name} = {version};\n{body}\n}}\n");
        let file = self.path().join(format!("src/history/{stem}.rs"));
        fs::write(file, text).expect("a file can be written");
        self.stems.push(stem);
        self.write_list();
    }

    fn write_list(&self) {
        let lines: String = self.stems.iter().map(|stem| format!("    {stem};\n")).collect();
        let text = format!("deepref_schema::migrations! {{\n    #![postgres(14..)]\n\n{lines}}}\n");
        fs::write(self.path().join("src/history.rs"), text).expect("a file can be written");
    }

    /// A command of the program, on a database.
    pub fn command(&self, database: &TestDatabase, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.program);
        command.env_clear().current_dir(self.path()).stdin(Stdio::null());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("EXAMPLE_FOLDER", self.path()).env("DATABASE_URL", database.url());
        command.env("DATABASE_SCRATCH_URL", database.url()).args(arguments);
        command
    }

    /// Runs a command that must end with this exit code; gives all it said.
    #[track_caller]
    pub fn run(&self, database: &TestDatabase, arguments: &[&str], code: i32) -> String {
        said(self.command(database, arguments), code)
    }
}

/// Runs a command that must end with this exit code; gives all it said.
#[track_caller]
pub fn said(mut command: Command, code: i32) -> String {
    let Output { status, stdout, stderr } = command.output().expect("the program starts");
    let text = String::from_utf8([stdout, stderr].concat()).expect("it writes text");
    assert_eq!(status.code(), Some(code), "{command:?}\n{text}");
    text
}

/// Fails where a part is missing.
#[track_caller]
pub fn assert_contains(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}
