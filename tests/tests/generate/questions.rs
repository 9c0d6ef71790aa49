//! What is asked, and refused where nobody can answer.

use super::project::Project;
use super::{USER, USERS};

const PHONE: &str = "create table users { id: bigint primary key identity, phoneNumber: text? }";

const RENAMED: &str = "
    #[derive(Entity)]
    #[entity(table = users)]
    struct User {
        #[column(primary_key, identity)]
        id: i64,
        phone: Option<String>,
    }
";

#[test]
fn a_rename_is_never_guessed() {
    let project = Project::new(PHONE, RENAMED);
    let said = project.run(&["generate", "Change"], 2);
    assert!(said.contains("was column `users.phoneNumber` renamed to `phone`?"), "{said}");
    assert!(said.contains("--rename users.phoneNumber=phone"), "{said}");
    assert_eq!(project.stems(), ["m1_before"]);
    let renamed = ["generate", "Change", "--dry-run", "--rename", "users.phoneNumber=phone"];
    assert!(project.run(&renamed, 0).contains("rename column phoneNumber to phone"));
    let other = ["generate", "Change", "--dry-run", "--no-rename", "users.phoneNumber=phone"];
    let said = project.run(&other, 2);
    assert!(said.contains("`users.phoneNumber` are lost"), "{said}");
    assert!(said.contains("--reason"), "{said}");
    let said = project.run(&[&other[..], &["--reason", "nobody had one"]].concat(), 0);
    assert!(said.contains("#[allow(data_loss, reason = \"nobody had one\")]"), "{said}");
    assert!(said.contains("add column phone: text?"), "{said}");
}

#[test]
fn a_table_that_nobody_describes_stays_unless_it_was_renamed() {
    let people = USER.replace("users", "people");
    let project = Project::new(USERS, &people);
    let said = project.run(&["generate", "Change"], 2);
    assert!(said.contains("was table `users` renamed to `people`?"), "{said}");
    let said = project.run(&["generate", "Change", "--dry-run", "--no-rename", "users=people"], 0);
    assert!(said.contains("create table people {"), "{said}");
    assert!(!said.contains("drop table"), "{said}");
}

#[test]
fn rows_that_are_there_need_a_value() {
    let country = USER.replace("email: String,", "email: String, country: String,");
    let project = Project::new(USERS, &country);
    let said = project.run(&["generate", "Change"], 2);
    assert!(said.contains("`users.country` is NOT NULL and has no default"), "{said}");
    assert!(said.contains("--fill users.country="), "{said}");
    let wrong = project.run(&["generate", "Change", "--fill", "users.country=lower("], 2);
    assert!(wrong.contains("`lower(`"), "{wrong}");
    let unfit = ["generate", "Change", "--dry-run", "--fill", "users.country=nowhere()"];
    assert!(project.run(&unfit, 2).contains("unknown_function"));
    let said =
        project.run(&["generate", "Change", "--dry-run", "--fill", "users.country=\"?\""], 0);
    assert!(said.contains("country: text"), "{said}");
    let dropped = Project::new(&USERS.replace("email", "seen: tstzrange, email"), USER);
    let said = dropped.run(&["generate", "Change", "--reason", "unused"], 2);
    assert!(said.contains("--restore users.seen="), "{said}");
}

#[test]
fn answers_that_answer_nothing_are_refused() {
    let phone = USER.replace("email: String,", "email: String, phone: Option<String>,");
    let project = Project::new(USERS, &phone);
    let said = project.run(&["generate", "Change", "--rename", "users.mail=email"], 2);
    assert!(said.contains("nothing looks renamed as `users.mail=email` says"), "{said}");
    let said = project.run(&["generate", "Change", "--fill", "users.phone=\"\""], 2);
    assert!(said.contains("no value is asked for `users.phone`"), "{said}");
    assert!(project.run(&["generate"], 2).contains("NAME"));
    project.run(&["generate", "Change", "--check"], 2);
}

/// There is no way to change a type that makes nobody wait.
#[test]
fn what_makes_others_wait_needs_a_reason() {
    let entity = "
        #[derive(Entity)] #[entity(table = users)]
        struct User { #[column(primary_key, identity)] id: i64, age: i64 }
    ";
    let before = "create table users { id: bigint primary key identity, age: int }";
    let project = Project::new(before, entity);
    let said = project.run(&["generate", "Widen"], 2);
    assert!(said.contains("nobody can read or write `users` while it is rewritten"), "{said}");
    assert!(said.contains("--reason"), "{said}");
    let reason = ["generate", "Widen", "--dry-run", "--reason", "few rows"];
    let said = project.run(&reason, 0);
    assert!(said.contains("#[allow(blocking_rewrite, reason = \"few rows\")]"), "{said}");

    let list = project.read("src/history.rs");
    let allow = "migrations! {\n    #![allow(blocking, reason = \"few rows everywhere\")]";
    project.write("src/history.rs", &list.replace("migrations! {", allow));
    let said = project.run(&["generate", "Widen", "--dry-run"], 0);
    assert!(!said.contains("#[allow"), "{said}");
}
