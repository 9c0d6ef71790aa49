//! What a history of 1,000 migrations costs at `cargo check`, against the floor: a crate of as
//! many files that hold a plain static each.
//!
//! `cargo bench --profile dev -p tests --bench compile` prints seconds after an edit of one file, the ratio of
//! the two, and the compiler's peak memory. Runs alternate, so that a busy machine hits both.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const MIGRATIONS: usize = 1000;
const RUNS: usize = 7;

fn main() {
    let root = tests::server::target_folder().join("bench-compile");
    let history = Project::new(&root, "history", history_files());
    let floor = Project::new(&root, "floor", floor_files());
    for project in [&history, &floor] {
        project.check();
    }
    println!("edit one of {MIGRATIONS} migrations, cargo check, best of {RUNS}");
    for edit in Edit::ALL {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for run in 0..RUNS {
            ours.push(history.edit(edit, run));
            theirs.push(floor.edit(edit, run));
        }
        let (ours, theirs) = (best(ours), best(theirs));
        println!("{}", edit.words());
        println!("  history  {:.2} s  {} MB", ours.0.as_secs_f64(), ours.1);
        println!("  floor    {:.2} s  {} MB", theirs.0.as_secs_f64(), theirs.1);
        println!("  ratio    {:.2}", ours.0.as_secs_f64() / theirs.0.as_secs_f64());
    }
}

/// What is changed in a file.
#[derive(Clone, Copy)]
enum Edit {
    Comment,
    Middle,
    Last,
}

impl Edit {
    const ALL: [Self; 3] = [Self::Comment, Self::Middle, Self::Last];

    fn words(self) -> &'static str {
        match self {
            Self::Comment => "a comment in the middle",
            Self::Middle => "a default in the middle",
            Self::Last => "a default in the last",
        }
    }

    /// The migration that is edited: one that adds a column with a default.
    fn index(self) -> usize {
        match self {
            Self::Comment | Self::Middle => MIGRATIONS / 2 + 1,
            Self::Last => MIGRATIONS - 1,
        }
    }

    /// The text after the edit, another one in each run.
    fn apply(self, text: &str, run: usize) -> String {
        let text = text.split("// edit").next().expect("a split gives a part");
        match self {
            Self::Comment => format!("{text}// edit {run}\n"),
            Self::Middle | Self::Last => {
                let (before, after) = text.split_once("int = ").expect("it has a default");
                let after = after.trim_start_matches(|c: char| c.is_ascii_digit());
                format!("{before}int = {}{after}", 1000 + run)
            }
        }
    }
}

/// The shortest time, and the most memory of any run, in MB.
fn best(runs: Vec<(Duration, u64)>) -> (Duration, u64) {
    let time = runs.iter().map(|run| run.0).min().unwrap_or_default();
    let memory = runs.iter().map(|run| run.1).max().unwrap_or_default();
    (time, memory / 1024)
}

struct Project {
    folder: PathBuf,
}

impl Project {
    fn new(root: &Path, name: &str, files: Vec<(String, String)>) -> Self {
        let folder = root.join(name);
        let _ = fs::remove_dir_all(folder.join("src"));
        for (path, text) in &files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("a file is in a folder"))
                .expect("folders can be made");
            fs::write(path, text).expect("files can be written");
        }
        Self { folder }
    }

    fn check(&self) -> (Duration, u64) {
        let started = Instant::now();
        let mut cargo = Command::new(env!("CARGO"))
            .args(["check", "--quiet", "--offline"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .stdin(Stdio::null())
            .spawn()
            .expect("cargo starts");
        let mut peak = 0;
        let status = loop {
            if let Some(status) = cargo.try_wait().expect("cargo can be waited for") {
                break status;
            }
            peak = peak.max(compiler_memory(cargo.id()));
            std::thread::sleep(Duration::from_millis(10));
        };
        assert!(status.success(), "cargo check fails in {}", self.folder.display());
        (started.elapsed(), peak)
    }

    fn edit(&self, edit: Edit, run: usize) -> (Duration, u64) {
        let file = self.folder.join(format!("src/history/{}.rs", stem(edit.index())));
        let text = fs::read_to_string(&file).expect("the file can be read");
        fs::write(&file, edit.apply(&text, run)).expect("the file can be written");
        self.check()
    }
}

/// The most memory that a compiler below this process has had so far, in KB.
/// Compilers that others started do not count.
fn compiler_memory(cargo: u32) -> u64 {
    let all: Vec<Running> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|process| Running::read(&process.path()))
        .collect();
    let mut below = vec![cargo];
    let mut at = 0;
    while let Some(parent) = below.get(at).copied() {
        below.extend(all.iter().filter(|one| one.parent == parent).map(|one| one.process));
        at += 1;
    }
    let compilers = all.iter().filter(|one| one.is_rustc && below.contains(&one.process));
    compilers.map(|one| one.memory).max().unwrap_or(0)
}

struct Running {
    process: u32,
    parent: u32,
    is_rustc: bool,
    memory: u64,
}

impl Running {
    fn read(folder: &Path) -> Option<Self> {
        let process = folder.file_name()?.to_str()?.parse().ok()?;
        let status = fs::read_to_string(folder.join("status")).ok()?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()
        };
        Some(Self {
            process,
            parent: field("PPid:")?.parse().ok()?,
            is_rustc: field("Name:") == Some("rustc"),
            memory: field("VmHWM:").and_then(|memory| memory.parse().ok()).unwrap_or(0),
        })
    }
}

fn stem(index: usize) -> String {
    format!("m{:013}_step{index}", 1_700_000_000_000u64 + index as u64)
}

fn manifest(name: &str, dependencies: &str) -> (String, String) {
    let text = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [dependencies]\n{dependencies}\n[workspace]\n"
    );
    ("Cargo.toml".to_owned(), text)
}

fn lock() -> (String, String) {
    let workspace =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests is in the workspace");
    let text = fs::read_to_string(workspace.join("Cargo.lock")).expect("the lock file can be read");
    ("Cargo.lock".to_owned(), text)
}

fn history_files() -> Vec<(String, String)> {
    let library =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests is in the workspace");
    let dependency = format!(
        "deepref-schema = {{ path = {:?}, default-features = false }}\n",
        library.join("deepref-schema")
    );
    let list: String = (0..MIGRATIONS).map(|index| format!("    {};\n", stem(index))).collect();
    let mut files = vec![
        manifest("history", &dependency),
        lock(),
        (
            "build.rs".to_owned(),
            "fn main() { println!(\"cargo::rerun-if-changed=src/history\"); }\n".to_owned(),
        ),
        ("src/lib.rs".to_owned(), "pub mod history;\n".to_owned()),
        ("src/history.rs".to_owned(), format!("deepref_schema::migrations! {{\n{list}}}\n")),
    ];
    files.extend(
        (0..MIGRATIONS).map(|index| (format!("src/history/{}.rs", stem(index)), migration(index))),
    );
    files
}

/// Three statements: one table for five migrations, then columns, indexes and constraints on it.
fn migration(index: usize) -> String {
    let (table, turn) = (index / 5, index % 5);
    let body = match turn {
        0 => format!(
            "create table table{table} {{\n            id: bigint primary key identity,\n            \
             name: text,\n            email: varchar(100)? unique,\n            \
             createdAt: timestamptz = now(),\n        }}\n        \
             create index on table{table} (name);\n        \
             create index IDX_{table}_lower on table{table} (lower(email)) where email is not null;"
        ),
        _ => format!(
            "alter table table{table} add column extra{turn}: int = 0;\n        \
             create index concurrently on table{table} (extra{turn}, id desc);\n        \
             alter table table{table} add check (extra{turn} >= 0 and extra{turn} < 100) concurrently;"
        ),
    };
    format!(
        "deepref_schema::migration! {{\n    /// Step {index}.\n    Step{index} = {};\n\n    up {{\n        {body}\n    }}\n}}\n",
        1_700_000_000_000u64 + index as u64
    )
}

fn floor_files() -> Vec<(String, String)> {
    let modules: String =
        (0..MIGRATIONS).map(|index| format!("pub mod {};\n", stem(index))).collect();
    let statics: String =
        (0..MIGRATIONS).map(|index| format!("    &{}::MIGRATION,\n", stem(index))).collect();
    let list = format!(
        "{modules}\npub struct Migration {{ pub name: &'static str, pub up: &'static str, pub down: &'static str }}\n\n\
         pub static HISTORY: &[&Migration] = &[\n{statics}];\n"
    );
    let mut files = vec![
        manifest("floor", ""),
        ("src/lib.rs".to_owned(), "pub mod history;\n".to_owned()),
        ("src/history.rs".to_owned(), list),
    ];
    files.extend((0..MIGRATIONS).map(|index| {
        let text = format!(
            "use super::Migration;\n\npub static MIGRATION: Migration = Migration {{\n    \
             name: \"Step{index}\",\n    up: {:?},\n    down: {:?},\n}};\n",
            migration(index),
            format!("DROP TABLE table{index}")
        );
        (format!("src/history/{}.rs", stem(index)), text)
    }));
    files
}
