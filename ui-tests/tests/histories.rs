//! Histories in crates of their own: seals, and what makes Cargo look again.

use std::path::{Path, PathBuf};
use std::process::Command;

use deepref_schema_core::seal::{Seal, chain};
use deepref_schema_syntax::{Origins, migration_in_file};

const USERS: &str = "deepref_schema::migration! {
    /// The users.
    CreateUsers = 1;
    up { create table users { id: bigint primary key identity } }
}
";

const PHONE: &str = "deepref_schema::migration! {
    AddPhone = 2;
    up { alter table users add column phone: text?; }
}
";

const MAIL: &str = "deepref_schema::migration! {
    AddMail = 3;
    up { alter table users add column mail: text?; }
}
";

const INDEX: &str = "deepref_schema::migration! {
    FindUsers = 2;
    up { create index users_phone on users (id); }
}
";

/// A crate with a history.
struct Crate {
    folder: PathBuf,
}

impl Crate {
    fn new(name: &str) -> Self {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let folder = target.join("histories").join(name);
        let _ = std::fs::remove_dir_all(&folder);
        let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deepref-schema");
        let new = Self { folder };
        new.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
                 [dependencies]\ndeepref-schema = {{ path = {library:?}, default-features = false }}\n\
                 [workspace]\n"
            ),
        );
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
        std::fs::copy(lock, new.folder.join("Cargo.lock")).expect("a copy of the lock file");
        new.write("build.rs", "fn main() { println!(\"cargo::rerun-if-changed=src/history\"); }\n");
        new.write("src/lib.rs", "pub mod history;\n");
        new.list(&["m1_create_users", "m2_add_phone"]);
        new.write("src/history/m1_create_users.rs", USERS);
        new.write("src/history/m2_add_phone.rs", PHONE);
        new
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    fn list(&self, files: &[&str]) {
        self.list_with("", files);
    }

    /// A list that begins with an attribute.
    fn list_with(&self, attribute: &str, files: &[&str]) {
        let lines: String = files.iter().map(|file| format!("    {file};\n")).collect();
        let text = format!("deepref_schema::migrations! {{\n{attribute}\n{lines}}}\n");
        self.write("src/history.rs", &text);
    }

    /// Seals these migrations, as they are here.
    fn seal(&self, migrations: &[(&str, &str)]) {
        let (mut hash, mut text) = ([0; 32], String::from("# sealed\n"));
        for (file, source) in migrations {
            let parsed = migration_in_file(source, &mut Origins::new()).expect("a migration");
            let migration = parsed.value.expect("valid");
            let name = migration.name.as_str();
            hash = chain(&hash, &migration.checksum, migration.version, name);
            text += &Seal { file: (*file).to_owned(), hash }.line();
            text.push('\n');
        }
        self.write("history.lock", &text);
    }

    /// What `cargo check` says: nothing where it is content.
    fn check(&self) -> String {
        let output = Command::new(env!("CARGO"))
            .args(["check", "--quiet", "--offline", "--message-format", "short"])
            .current_dir(&self.folder)
            .env(
                "CARGO_TARGET_DIR",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("histories-target"),
            )
            .env_remove("RUSTFLAGS")
            .output()
            .expect("cargo");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.success(), !text.contains("error"), "{text}");
        if output.status.success() { String::new() } else { text }
    }

    fn fails_with(&self, message: &str) {
        let said = self.check();
        assert!(said.contains(message), "expected `{message}`, found:\n{said}");
        let is_error = |line: &&str| line.contains(": error: ") || line.contains(": error[");
        let errors = said.lines().filter(is_error).count();
        assert_eq!(errors, 1, "{said}");
    }

    fn compiles(&self) {
        assert_eq!(self.check(), "");
    }
}

#[test]
fn a_sealed_migration_can_not_be_changed() {
    let one = Crate::new("sealed");
    one.compiles();
    one.seal(&[("m1_create_users", USERS), ("m2_add_phone", PHONE)]);
    one.compiles();

    one.write("src/history/m2_add_phone.rs", &PHONE.replace("text?", "varchar(20)?"));
    one.fails_with("`AddPhone` was released and sealed, and has been changed since");
    let comments = PHONE.replace("up {", "// layout and comments are free\n    up\n{");
    one.write("src/history/m2_add_phone.rs", &comments);
    one.compiles();

    one.write("src/history/m1_create_users.rs", &USERS.replace("bigint", "int"));
    one.fails_with("`CreateUsers` was released and sealed, and has been changed since");
    one.write("src/history/m1_create_users.rs", USERS);
    one.compiles();
}

#[test]
fn a_sealed_migration_can_not_be_removed_or_moved() {
    let one = Crate::new("removed");
    one.seal(&[("m1_create_users", USERS), ("m2_add_phone", PHONE)]);
    one.list(&["m1_create_users"]);
    std::fs::remove_file(one.folder.join("src/history/m2_add_phone.rs")).expect("removed");
    one.fails_with("the sealed migration `m2_add_phone` is missing");

    one.write("src/history/m2_add_phone.rs", PHONE);
    one.write("src/history/m3_add_mail.rs", MAIL);
    one.list(&["m1_create_users", "m2_add_phone", "m3_add_mail"]);
    one.compiles();
    one.seal(&[("m1_create_users", USERS), ("m3_add_mail", MAIL)]);
    one.fails_with("the migration sealed at this place is `m3_add_mail`");
    one.write("history.lock", "m1_create_users\n");
    one.fails_with("`history.lock`, line 1: expected `<file> v1:<hash>`");
}

/// What is released can not be changed any more; a history can accept the rest.
#[test]
fn what_is_released_or_allowed_may_make_others_wait() {
    const BLOCKING: &str = "nobody can write to `users` while an index of it is built";
    let allow = "    #![allow(blocking, reason = \"the tables are small\")]";
    let one = Crate::new("blocking");
    std::fs::remove_file(one.folder.join("src/history/m2_add_phone.rs")).expect("removed");
    one.write("src/history/m2_find_users.rs", INDEX);
    let files = ["m1_create_users", "m2_find_users"];
    one.list(&files);
    one.fails_with(BLOCKING);
    one.seal(&[("m1_create_users", USERS)]);
    one.fails_with(BLOCKING);
    one.seal(&[("m1_create_users", USERS), ("m2_find_users", INDEX)]);
    one.compiles();
    one.seal(&[]);
    one.fails_with(BLOCKING);

    one.list_with(allow, &files);
    one.compiles();
    one.seal(&[("m1_create_users", USERS), ("m2_find_users", INDEX)]);
    one.compiles();
    one.seal(&[]);
    one.write("src/history/m2_find_users.rs", &INDEX.replace("index", "index concurrently"));
    one.fails_with("nothing in this history needs `blocking` to be allowed");
    // One mistake is one error: what can not be read may be what needs it.
    one.write("src/history/m2_find_users.rs", &INDEX.replace("index", "indx"));
    one.fails_with("indx");
    one.list(&files);
    one.write("src/history/m2_find_users.rs", &INDEX.replace("index", "index concurrently"));
    one.compiles();

    // Nobody waits for a table that the same migration makes.
    let made = INDEX.replace("create", "create table people { id: int } create");
    one.write("src/history/m2_find_users.rs", &made.replace("on users", "on people"));
    one.compiles();
}

#[test]
fn every_change_of_a_file_is_seen() {
    let one = Crate::new("rebuilt");
    one.compiles();
    one.write("src/history/m2_add_phone.rs", &PHONE.replace("table users", "table people"));
    one.fails_with("no table `people` exists here");
    one.write("src/history/m2_add_phone.rs", PHONE);
    one.compiles();

    // The first file explains the mistake in the second.
    one.write("src/history/m1_create_users.rs", &USERS.replace("id:", "phone: int, id:"));
    one.fails_with("table `users` has a column `phone` already");
    one.write("src/history/m1_create_users.rs", USERS);
    one.compiles();

    one.write("src/history/m3_add_mail.rs", MAIL);
    one.fails_with("`m3_add_mail.rs` is not in the list");
    one.list(&["m1_create_users", "m2_add_phone", "m3_add_mail"]);
    one.compiles();
    std::fs::remove_file(one.folder.join("src/history/m3_add_mail.rs")).expect("removed");
    one.fails_with("there is no file `src/history/m3_add_mail.rs`");
}

const FILL: &str = "deepref_schema::migration! {
    FillPhones = 3;
    up { run crate::steps::fill revert none; }
}
";

/// What is kept of a migration has no places; its functions still have theirs.
#[test]
fn functions_are_checked_at_their_paths_every_time() {
    let one = Crate::new("functions");
    let fill =
        "pub fn fill(_: &mut deepref_schema::Transaction) -> Result<(), String> { Ok(()) }\n";
    one.write("src/lib.rs", "pub mod history;\nmod steps;\n");
    one.write("src/steps.rs", fill);
    one.write("src/history/m3_fill_phones.rs", FILL);
    one.list(&["m1_create_users", "m2_add_phone", "m3_fill_phones"]);
    one.compiles();
    for (steps, code) in [
        (fill.replace("fill", "fil"), "error[E0425]"),
        (fill.replace("&mut ", ""), "error[E0631]"),
        (fill.replace("Result<(), String>", "Option<()>").replace("Ok", "Some"), "error[E0271]"),
    ] {
        one.write("src/steps.rs", &steps);
        let said = one.check();
        let place =
            said.lines().filter(|line| line.starts_with("src/history/m3_fill_phones.rs:3:"));
        assert_eq!(place.filter(|line| line.contains(code)).count(), 1, "{said}");
        assert_eq!(said.matches("error[").count(), 1, "{said}");
    }
    one.write("src/steps.rs", fill);
    one.compiles();
    // what comes after it is checked again, and it is not
    one.write("src/history/m4_add_mail.rs", &MAIL.replace("= 3", "= 4"));
    one.list(&["m1_create_users", "m2_add_phone", "m3_fill_phones", "m4_add_mail"]);
    one.compiles();
    one.write("src/steps.rs", &fill.replace("fill", "fil"));
    let said = one.check();
    assert!(said.contains("src/history/m3_fill_phones.rs:3:"), "{said}");
}

/// Seeds are checked against the history of their crate, and against each other.
#[test]
fn seeds_in_files_see_the_history_and_each_other() {
    let one = Crate::new("seeds");
    one.write("src/lib.rs", "pub mod history;\npub mod seeds;\n");
    let list = |lines: &str| {
        one.write("src/seeds.rs", &format!("deepref_schema::seeds! {{\n{lines}}}\n"));
    };
    let seed = |file: &str, head: &str, row: &str| {
        let text = format!(
            "deepref_schema::seed! {{\n    {head};\n\n    upsert users by (id) {{ {row} }}\n}}\n"
        );
        one.write(&format!("src/seeds/{file}.rs"), &text);
    };
    one.write(
        "src/history/m1_create_users.rs",
        &USERS.replace("key identity", "key identity by default"),
    );
    list("    first_users;\n    more_users;\n");
    let (first, more) = ("FirstUsers for dev", "MoreUsers for dev after FirstUsers");
    seed("first_users", first, "{ id: 1, phone: include \"phones/one.txt\" }");
    seed("more_users", more, "{ id: 2 }");
    one.write("src/seeds/phones/one.txt", "1");
    one.write("src/seeds/notes.rs", "// no seeds\n");
    one.compiles();

    // A change of the history, of a file that is included, of another seed.
    one.write("src/history/m2_add_phone.rs", &PHONE.replace("phone: text", "phone: varchar(3)"));
    one.compiles();
    one.write("src/seeds/phones/one.txt", "12345");
    one.fails_with("it has 5 characters, the column holds 3");
    std::fs::remove_file(one.folder.join("src/seeds/phones/one.txt")).expect("removed");
    one.fails_with("there is no file `phones/one.txt` beside this one");
    seed("first_users", first, "{ id: 1 }");
    one.compiles();
    seed("first_users", "FirstUsers for dev after MoreUsers", "{ id: 1 }");
    one.fails_with("`FirstUsers` comes after `MoreUsers`, which comes after `FirstUsers`");
    seed("first_users", "FirstUsers for prod", "{ id: 1 }");
    one.fails_with("`MoreUsers` is for dev, and `FirstUsers` before it is not");
    seed("first_users", "FirstUsers for dev; upsert", "{ id: 1 }");
    one.fails_with("expected a name, found `;`");
    seed("first_users", first, "{ id: 1 }");

    // The list and the files.
    list("    first_users;\n");
    one.fails_with("`more_users.rs` is not in the list");
    list("    first_users;\n    more_users;\n    others;\n");
    one.fails_with("there is no file `src/seeds/others.rs`");
    list("    first_users;\n    more_users;\n    first_users;\n");
    one.fails_with("`first_users` is in the list twice");
    list("    first_users;\n    more_users;\n    notes;\n");
    one.fails_with("the file of `notes` holds no `seed!`");
    list("    first_users;\n    more_users;\n");
    seed("first_users", "FirstUser for dev", "{ id: 1 }");
    one.fails_with("the file of `FirstUser` is `first_user.rs`, this is `first_users.rs`");
    seed("first_users", first, "{ id: 1 }");
    one.compiles();
}

/// Entities whose history is in another crate look again when it changes.
#[test]
fn entities_see_a_history_of_another_crate() {
    let one = Crate::new("entities");
    for path in ["src/history.rs", "src/history/m1_create_users.rs", "src/history/m2_add_phone.rs"]
    {
        std::fs::remove_file(one.folder.join(path)).expect("removed");
    }
    let list = |lines: &str| {
        let text = format!("deepref_schema::migrations! {{\n{lines}}}\n");
        one.write("../entities-elsewhere/src/history.rs", &text);
    };
    one.write("../entities-elsewhere/src/history/m1_create_users.rs", USERS);
    list("    m1_create_users;\n");
    let entity = "#[derive(deepref_schema::Entity)]\n\
        #[entity(table = users, deny(drift))]\n\
        pub struct User {\n    #[column(primary_key, identity)]\n    pub id: i64,\n}\n";
    one.write("src/lib.rs", entity);
    one.fails_with("there is no history to compare `User` with");

    let manifest = std::fs::read_to_string(one.folder.join("Cargo.toml")).expect("the manifest");
    let named = "[workspace.metadata.deepref]\n\
        history = \"../entities-elsewhere/src/history.rs\" # the list\n";
    one.write("Cargo.toml", &format!("{manifest}{named}"));
    one.compiles();

    one.write(
        "../entities-elsewhere/src/history/m1_create_users.rs",
        &USERS.replace("bigint", "int"),
    );
    one.fails_with("`users.id` is `int` in the history and `bigint` here");
    one.write("../entities-elsewhere/src/history/m1_create_users.rs", USERS);
    one.compiles();

    one.write("../entities-elsewhere/src/history/m2_add_phone.rs", PHONE);
    list("    m1_create_users;\n    m2_add_phone;\n");
    one.fails_with("`User` has no field for column `phone` of `users`");
    one.write("src/lib.rs", &entity.replace("i64,\n", "i64,\n    pub phone: Option<String>,\n"));
    one.compiles();

    let told = entity.replace("table = users", "table = users, history = \"../nowhere.rs\"");
    one.write("src/lib.rs", &told);
    one.fails_with("there is no file `../nowhere.rs`");
}
