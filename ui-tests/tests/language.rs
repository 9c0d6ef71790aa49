//! The examples of the language reference compile, each after what it takes for granted.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const REFERENCE: &str = include_str!("../../deepref-schema/docs/language.md");

/// What the statements of each example find, in the order of the page.
const GROUND: &[&str] = &[
    // create table
    "create schema app; create extension btree_gist;
    create enum OrderStatus { new, open, void }
    create table customers { id: uuid primary key, type: text, unique (id, type) }",
    // drop table
    "create schema app; create table app.orders { id: bigint primary key identity }",
    // types
    "create schema app; create enum app.Status { open } create extension postgis;",
    // alter table
    "create enum kyc_status { pending, done }
    create table orgs { id: uuid primary key }
    create table users {
        id: bigint, phoneNumber: text?, kycStatus: varchar, email: text?, name: text, points: int?,
        score: int = 1, number: int identity, orgId: uuid, legacyToken: text, age: int?,
        check CHK_age (age > 0),
    }
    create unique index people_id_idx on users (id);",
    // indexes
    "create extension pg_trgm;
    create table users { id: uuid primary key, email: text, deletedAt: timestamptz? }
    create table posts {
        id: bigint primary key, authorId: uuid, publishedAt: timestamptz, title: text, data: jsonb,
        slug: text?, name: text,
    }",
    // enums
    "create schema app;",
    // extensions, schemas, sequences, comments
    "create extension hstore; create schema attic; create schema app;
    create enum kyc_status { pending }
    create table users { email: text }
    create index IDX_feed on users (email);
    create table orgs { id: int primary key }
    create table people { org: int, foreign key FK_org (org) references orgs }
    comment on constraint FK_org on people is \"theirs\";
    create table app.invoices { no: bigint }",
    // rows and raw SQL
    "create table users {
        id: uuid primary key, firstName: text, lastName: text, displayName: text?, deactivated_at: timestamptz?,
    }
    create table plans { id: int primary key, price: int, currency: text }
    create table roles { name: text }",
    // partitions
    "create table notes { text: text }",
];

/// The files that the example of a list names, and the one after them. The seeds
/// are of its plans.
const CREATE_USERS: &str = "deepref_schema::migration! {
    CreateUsers = 1732025000001;
    up {
        create table users { id: uuid primary key }
        create table audit { id: bigint primary key identity }
        create table plans {
            id: bigint primary key identity, name: text unique, price: numeric, note: text?, contract: text?,
        }
        create table limits { plan: bigint references plans, what: text, most: int, unique (plan, what) }
    }
}
";

#[test]
fn every_example_compiles() {
    let mut crate_ = Crate::new();
    let mut grounds = GROUND.iter();
    for (kind, example) in examples() {
        match kind {
            "" => crate_.statements(grounds.next().expect("its ground"), example),
            ",list" => crate_.list(example),
            ",file" => crate_.file(example),
            ",seed" => crate_.seed(example),
            ",seeds" => crate_.seeds(example),
            other => panic!("what is `{other}`?"),
        }
    }
    assert_eq!(grounds.next(), None, "each ground has its example");
    crate_.compiles();
}

/// The blocks of Rust, each with what stands after `rust`.
fn examples() -> Vec<(&'static str, &'static str)> {
    let blocks = REFERENCE.split("\n```rust").skip(1);
    blocks.filter_map(|block| block.split("\n```").next()?.split_once('\n')).collect()
}

/// A crate with a module for each example.
struct Crate {
    folder: PathBuf,
    modules: String,
    count: usize,
    /// The list of files, until all of them are known.
    files: Vec<String>,
}

impl Crate {
    fn new() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("language");
        let _ = fs::remove_dir_all(folder.join("src"));
        Self { folder, modules: String::new(), count: 0, files: Vec::new() }
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn module(&mut self, body: &str) {
        self.count += 1;
        self.modules += &format!("pub mod example{} {{\n{body}\n}}\n", self.count);
    }

    fn statements(&mut self, ground: &str, example: &str) {
        self.module(&format!(
            "deepref_schema::migrations! {{
                #![postgres(15..)]
                migration Ground = 1 {{ up {{ {ground} }} }}
                migration Example = 2 {{ up {{\n{example}\n}} }}
            }}"
        ));
    }

    /// A list of files gets its files; one of migrations stands alone.
    fn list(&mut self, example: &str) {
        if !example.contains("    m1") {
            return self.module(example);
        }
        self.write("src/history.rs", example);
        self.write("src/history/m1732025000001_create_users.rs", CREATE_USERS);
        self.modules += "pub mod history;\n";
        self.files.push("m1732025000001_create_users".to_owned());
    }

    /// A file of that list, or of the one after it.
    fn file(&mut self, example: &str) {
        let names =
            ["m1732025000002_add_phone", "m1732025000003_drop_audit", "m1732025000004_add_slugs"];
        let of = |name: &&str| example.contains(&format!(" = {};", &name[1..14]));
        let name = *names.iter().find(|name| of(name)).expect("an example that is known");
        self.write(&format!("src/history/{name}.rs"), example);
        self.files.push(name.to_owned());
    }

    /// A list of seeds; one that holds them stands in a file of its own, away
    /// from the lists of migrations.
    fn seeds(&mut self, example: &str) {
        let module = if example.contains("upsert") { "small_seeds" } else { "seeds" };
        self.write(&format!("src/{module}.rs"), example);
        self.modules += &format!("pub mod {module};\n");
    }

    /// A file of the list of seeds.
    fn seed(&mut self, example: &str) {
        let name = if example.contains("Plans for") { "plans" } else { "limits" };
        self.write(&format!("src/seeds/{name}.rs"), example);
    }

    fn compiles(&self) {
        let list = fs::read_to_string(self.folder.join("src/history.rs")).expect("the list");
        let rest = self.files.iter().filter(|file| !list.contains(file.as_str()));
        let rest: String = rest.map(|file| format!("    {file};\n")).collect();
        let list = list.trim_end().strip_suffix('}').expect("a list ends with a brace").to_owned();
        self.write("src/history.rs", &format!("{list}{rest}}}\n"));
        self.write("src/lib.rs", &self.modules);
        let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deepref-schema");
        self.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = \"language\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
                 [dependencies]\ndeepref-schema = {{ path = {library:?}, default-features = false }}\n\
                 [workspace]\n"
            ),
        );
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
        fs::copy(lock, self.folder.join("Cargo.lock")).expect("a copy of the lock file");
        let output = Command::new(env!("CARGO"))
            .args(["check", "--quiet", "--offline"])
            .current_dir(&self.folder)
            .env(
                "CARGO_TARGET_DIR",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("histories-target"),
            )
            .env_remove("RUSTFLAGS")
            .output()
            .expect("cargo");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
