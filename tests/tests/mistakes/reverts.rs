//! What can not be reverted, loses data, or is allowed for nothing.

use super::{Mistake, refused, wrong};

const BEFORE: &str = r#"
    create enum mood { happy, sad }
    create sequence s;
    create table t { id: int primary key, a: int?, b: text, c: varchar(10)? unique, mood: mood = "happy" }
"#;

const MISTAKES: &[Mistake] = &[
    wrong("data_loss", "drop table t;", ""),
    wrong("data_loss", "alter table t drop column a;", ""),
    wrong("data_loss", "drop sequence s;", ""),
    wrong("data_loss", "alter enum mood drop value sad;", ""),
    wrong("data_loss", "alter table t alter column b type varchar(3) using b::varchar(3);", ""),
    wrong(
        "data_loss",
        "alter table t alter column b type int using length(b) revert using b::text;",
        "",
    ),
    wrong("not_null_without_default", "alter table t add column x: int;", ""),
    wrong("irreversible", "#[allow(data_loss, reason = \"x\")] alter table t drop column b;", ""),
    wrong(
        "irreversible",
        "#[allow(data_loss, reason = \"x\")] alter table t drop column c restore as \"x\";",
        "",
    ),
    wrong("irreversible", "sql \"CREATE VIEW v AS SELECT 1\";", ""),
    wrong("irreversible", "update t set a = 1;", ""),
    wrong(
        "irreversible",
        "#[allow(data_loss, reason = \"x\")] alter table t alter column b type int using length(b);",
        "",
    ),
    wrong(
        "unused_allow",
        "#[allow(data_loss, reason = \"x\")] alter table t add column x: int?;",
        "",
    ),
    wrong(
        "unused_allow",
        "#[allow(data_loss, reason = \"x\")] alter table t { add column x: int?, add column y: int? }",
        "",
    ),
    wrong(
        "unused_allow",
        "up { alter table t add column x: int?; } down { #[allow(data_loss, reason = \"x\")] alter table t drop column x; }",
        "",
    ),
    wrong(
        "unknown_rule",
        "#[allow(dataloss, reason = \"x\")] alter table t add column x: int?;",
        "",
    ),
    wrong(
        "unknown_table",
        "up { create table y { a: int } } down { drop table z; }",
        "DROP TABLE z",
    ),
    wrong("down_differs", "up { create table y { a: int } } down { }", ""),
    wrong(
        "down_differs",
        "up { alter table t add column x: int?; } down { alter table t rename column x to y; }",
        "",
    ),
    wrong(
        "already_exists",
        "up { create table y { a: int } } down { create table y { a: int } }",
        "",
    ),
];

#[test]
fn what_can_not_be_reverted() {
    refused(BEFORE, MISTAKES);
}
