//! `generate`: what it writes is taken by the compiler's checks and by real servers, up, down and up
//! again; after it there is nothing left to write. What two schemas do not tell is never guessed.

#[path = "generate/changes.rs"]
mod changes;
#[path = "generate/project.rs"]
mod project;
#[path = "generate/questions.rs"]
mod questions;

use project::Project;

const USERS: &str = "create table users { id: bigint primary key identity, email: text unique }";

const USER: &str = "
    #[derive(Entity)]
    #[entity(table = users)]
    struct User {
        #[column(primary_key, identity)]
        id: i64,
        #[column(unique)]
        email: String,
    }
";

#[test]
fn nothing_is_written_where_nothing_differs() {
    let project = Project::new(USERS, USER);
    let said = project.run(&["generate", "Nothing"], 0);
    assert!(said.contains("nothing to write"), "{said}");
    assert!(project.run(&["generate", "--check"], 0).contains("describe"));
    assert_eq!(project.stems(), ["m1_before"]);
}

#[test]
fn a_missing_migration_is_told_and_not_written() {
    let entity = USER.replace("email: String,", "email: String, phone: Option<String>,");
    let project = Project::new(USERS, &entity);
    let said = project.run(&["generate", "--check"], 3);
    assert!(said.contains("column `phone` of table `users` is missing"), "{said}");
    assert!(said.contains("a migration is missing: 1 difference"), "{said}");
    let shown = project.run(&["generate", "AddPhone", "--dry-run"], 0);
    assert!(shown.contains("alter table users add column phone: text?;"), "{shown}");
    assert_eq!(project.stems(), ["m1_before"]);
}

#[test]
fn what_is_written_stands_in_the_list() {
    let entity = USER.replace("email: String,", "email: String, phone: Option<String>,");
    let project = Project::new(USERS, &entity);
    project.run(&["generate", "AddPhoneToUsers"], 0);
    let stems = project.stems();
    assert_eq!(stems.len(), 2);
    assert!(stems[1].ends_with("_add_phone_to_users"), "{stems:?}");
    assert!(project.read("src/history.rs").contains(&format!("    {};\n", stems[1])));
    project.run(&["generate", "--check"], 0);
    let twice = project.run(&["generate", "AddPhoneToUsers"], 2);
    assert!(twice.contains("there is a migration `AddPhoneToUsers` already"), "{twice}");
}

#[test]
fn an_empty_one_is_what_create_writes() {
    let project = Project::new(USERS, USER);
    project.run(&["generate", "Later", "--empty"], 0);
    let stems = project.stems();
    let text = project.read(&format!("src/history/{}.rs", stems[1]));
    assert!(text.contains("    up {\n    }\n"), "{text}");
}

#[test]
fn mistakes_in_entities_are_told_at_their_place() {
    let project = Project::new(USERS, &USER.replace("unique", "uniqe"));
    let said = project.run(&["generate", "--check"], 2);
    assert!(said.contains("src/entities/all.rs:7:18: expected `type`"), "{said}");
    assert!(said.contains("did you mean `unique`?"), "{said}");
    let project = Project::new(USERS, &USER.replace("unique", "references orgs"));
    let said = project.run(&["generate", "--check"], 2);
    assert!(said.contains("no table `orgs` exists here"), "{said}");
    let project = Project::new(USERS, &format!("{USER}{}", USER.replace("User", "Other")));
    let said = project.run(&["generate", "--check"], 2);
    assert!(said.contains("`User` describes table `users` already"), "{said}");
}

#[test]
fn folders_are_named_by_the_manifest() {
    let project = Project::new(USERS, USER);
    project.write("models/user.rs", &USER.replace("email: String,", "email: String, age: i32,"));
    project.write(
        "Cargo.toml",
        "[package.metadata.deepref]\nentities = [\n    \"models\", # all\n]\n",
    );
    let said = project.run(&["generate", "--check"], 3);
    assert!(said.contains("column `age` of table `users` is missing"), "{said}");
    project.write("Cargo.toml", "[package.metadata.deepref]\nentities = [\"nowhere\"]\n");
    assert!(project.run(&["generate", "--check"], 1).contains("nowhere"));
    let none = Project::new(USERS, "struct NoEntity;");
    assert!(none.run(&["generate", "--check"], 2).contains("there are no entities"));
}
