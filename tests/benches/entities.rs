//! What the derives cost at `cargo check`: 200 entities of 2,500 fields, against the same structs
//! with `#[derive(Clone)]`.
//!
//! `cargo bench --profile dev -p tests --bench entities` prints seconds after an edit of one struct, and the
//! ratio of the two. Runs alternate, so that a busy machine hits both.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const TABLES: usize = 200;
const FIELDS: usize = 2_500;
const RUNS: usize = 7;

fn main() {
    let root = tests::server::target_folder().join("bench-entities");
    let entities = Project::new(&root, "entities", "deepref_schema::Entity");
    let clones = Project::new(&root, "clones", "Clone");
    for project in [&entities, &clones] {
        project.check();
    }
    println!("edit one of {TABLES} structs of {FIELDS} fields, cargo check, best of {RUNS}");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for run in 0..RUNS {
        ours.push(entities.edit(run));
        theirs.push(clones.edit(run));
    }
    let best = |runs: Vec<Duration>| runs.into_iter().min().unwrap_or_default().as_secs_f64();
    let (ours, theirs) = (best(ours), best(theirs));
    println!("  derive(Entity)  {ours:.2} s");
    println!("  derive(Clone)   {theirs:.2} s");
    println!("  ratio           {:.2}", ours / theirs);
}

/// A crate with the structs and the history of their tables.
struct Project {
    folder: PathBuf,
}

impl Project {
    fn new(root: &Path, name: &str, derive: &str) -> Self {
        let folder = root.join(name);
        let _ = fs::remove_dir_all(folder.join("src"));
        let new = Self { folder };
        let workspace =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests is in the workspace");
        let library = workspace.join("deepref-schema");
        new.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
                 deepref-schema = {{ path = {library:?}, default-features = false }}\n[workspace]\n"
            ),
        );
        let lock = fs::read_to_string(workspace.join("Cargo.lock")).expect("the lock can be read");
        new.write("Cargo.lock", &lock);
        new.write("build.rs", "fn main() { println!(\"cargo::rerun-if-changed=src/history\"); }\n");
        // Both crates pay for the history: what is compared is the derives.
        new.write("src/lib.rs", "pub mod entities;\npub mod history;\n");
        new.write("src/history.rs", "deepref_schema::migrations! {\n    m1_create_tables;\n}\n");
        let tables: String = (0..TABLES).map(table).collect();
        new.write(
            "src/history/m1_create_tables.rs",
            &format!(
                "deepref_schema::migration! {{\n    CreateTables = 1;\n    up {{\n{tables}    }}\n}}\n"
            ),
        );
        let modules: String = (0..TABLES).map(|index| format!("pub mod table{index};\n")).collect();
        new.write("src/entities.rs", &modules);
        for index in 0..TABLES {
            new.write(&format!("src/entities/table{index}.rs"), &entity(index, derive));
        }
        new
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().expect("a file is in a folder"))
            .expect("folders can be made");
        fs::write(path, text).expect("files can be written");
    }

    fn check(&self) -> Duration {
        let started = Instant::now();
        let status = Command::new(env!("CARGO"))
            .args(["check", "--quiet", "--offline"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .stdin(Stdio::null())
            .status()
            .expect("cargo starts");
        assert!(status.success(), "cargo check fails in {}", self.folder.display());
        started.elapsed()
    }

    fn edit(&self, run: usize) -> Duration {
        let file = self.folder.join("src/entities/table100.rs");
        let text = fs::read_to_string(&file).expect("the file can be read");
        let text = text.split("// edit").next().expect("a split gives a part");
        fs::write(&file, format!("{text}// edit {run}\n")).expect("the file can be written");
        self.check()
    }
}

/// The fields of a table: twelve or thirteen.
fn columns(index: usize) -> usize {
    FIELDS * (index + 1) / TABLES - FIELDS * index / TABLES
}

fn table(index: usize) -> String {
    let columns: String = (2..columns(index))
        .map(|column| match column % 4 {
            0 => format!("            column{column}: text?,\n"),
            1 => format!("            column{column}: int = 0,\n"),
            2 => format!("            column{column}: varchar(100),\n"),
            _ => format!("            column{column}: timestamptz = now(),\n"),
        })
        .collect();
    format!(
        "        create table table{index} {{\n            id: bigint primary key identity,\n            \
         email: text unique,\n{columns}        }}\n        create index on table{index} (email, id desc);\n"
    )
}

fn entity(index: usize, derive: &str) -> String {
    let is_entity = derive.ends_with("Entity");
    let attribute = |text: &str| match is_entity {
        true => format!("    #[column({text})]\n"),
        false => String::new(),
    };
    let columns: String = (2..columns(index))
        .map(|column| match column % 4 {
            0 => format!("    pub column{column}: Option<String>,\n"),
            1 => format!("{}    pub column{column}: i32,\n", attribute("default = 0")),
            2 => format!("{}    pub column{column}: String,\n", attribute("type = varchar(100)")),
            _ => format!("{}    pub column{column}: SystemTime,\n", attribute("default = now()")),
        })
        .collect();
    let table = match is_entity {
        true => format!("#[entity(table = table{index}, index (email, id desc), deny(drift))]\n"),
        false => String::new(),
    };
    format!(
        "use std::time::SystemTime;\n\n#[derive({derive})]\n{table}pub struct Table{index} {{\n{}    \
         pub id: i64,\n{}    pub email: String,\n{columns}}}\n",
        attribute("primary key, identity"),
        attribute("unique"),
    )
}
