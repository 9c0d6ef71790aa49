//! The sources of a migrations crate, and the command line on them.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// A folder with a history and entities.
pub(crate) struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    /// A history of one migration, and a file of entities.
    pub(crate) fn new(before: &str, entities: &str) -> Self {
        let project = Self { folder: tempfile::tempdir().expect("a folder") };
        project.write("src/history.rs", "deepref_schema::migrations! {\n    m1_before;\n}\n");
        project.write(
            "src/history/m1_before.rs",
            &format!("deepref_schema::migration! {{ Before = 1; up {{ {before} }} }}\n"),
        );
        project.write("src/entities/all.rs", entities);
        project
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder");
        fs::write(path, text).expect("the file can be written");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.folder.path().join(path)).expect("the file can be read")
    }

    /// Runs a command that must end with this exit code; gives all it said.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str], code: i32) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_example-migrations"))
            .env_clear()
            .env("EXAMPLE_FOLDER", self.folder.path())
            .current_dir(self.folder.path())
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .expect("the program starts");
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said).expect("it speaks UTF-8");
        assert_eq!(output.status.code(), Some(code), "{arguments:?} said:\n{said}");
        said
    }

    /// The migrations, oldest first.
    pub(crate) fn stems(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path().join("src/history")).expect("the history");
        let stem = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let mut stems: Vec<String> =
            entries.flatten().filter_map(|entry| stem(&entry.path())).collect();
        let version =
            |stem: &String| stem[1..].split('_').next().and_then(|v| v.parse::<u64>().ok());
        stems.sort_by_key(version);
        stems
    }

    /// The body of the migration that was written last: `up { … }`.
    pub(crate) fn written(&self) -> String {
        let stems = self.stems();
        let last = stems.last().expect("a migration");
        let text = self.read(&format!("src/history/{last}.rs"));
        let start = text.find("    up {").expect("it has an `up`");
        let end = text.rfind('}').expect("it ends with a brace");
        text[start..end].trim().to_owned()
    }
}
