//! What counts for the checksum of a migration.

use proc_macro2::TokenStream;

use super::{parse, parse_list};
use crate::{Origins, parse_migration};

fn checksum(content: &str) -> [u8; 32] {
    let (_, _, parsed) = parse(&format!("migration! {{ {content} }}"));
    let from_text = parsed.value.expect(content).checksum;
    let tokens: TokenStream = content.parse().expect(content);
    let from_compiler = parse_migration(tokens, &mut Origins::new()).value.expect(content).checksum;
    assert_eq!(from_text, from_compiler, "{content}");
    from_text
}

const BASE: &str = "A = 1; up { alter table t add column a: text = \"x\" || \"\\u{e9}\"; }";

#[test]
fn comments_layout_and_spelling_do_not_count() {
    let base = checksum(BASE);
    for same in [
        "/// Docs.\nA = 1; up { alter table t add column a: text = \"x\" || \"\u{e9}\"; }",
        "A=1;up{alter table t add column a:text=r#\"x\"#||\"\\u{E9}\" /* c */ ; }",
        "A = 1;\n\n up {\n // c\n alter table t add column a: text = \"\\x78\" || \"\u{e9}\"; }",
    ] {
        assert_eq!(checksum(same), base, "{same}");
    }
    checksum("A = 1; up { alter table t add column a: text = \"-\" || \"-1\" || \"'\"; }");
    let braces = "A = 1_000; up { alter table t { drop column a, drop column b } }";
    assert_eq!(
        checksum(braces),
        checksum("A = 1000; up { alter table t { drop column a, drop column b, } }")
    );
}

#[test]
fn everything_else_counts() {
    let base = checksum(BASE);
    for other in [
        "B = 1; up { alter table t add column a: text = \"x\" || \"\u{e9}\"; }",
        "A = 2; up { alter table t add column a: text = \"x\" || \"\u{e9}\"; }",
        "A = 1; up { alter table t add column a: text = \"x \" || \"\u{e9}\"; }",
        "A = 1; up { alter table t add column a: text = x || \"\u{e9}\"; }",
        "A = 1; up { alter table t add column a: text = \"x\" | | \"\u{e9}\"; }",
        "A = 1; up { alter table t add column a: text = (\"x\" || \"\u{e9}\"); }",
        "A = 1; up { alter table t add column a: text = \"x\" || \"\u{e9}\"; } down { }",
        "#[irreversible(reason = \"y\")] A = 1; up { alter table t add column a: text = \"x\" || \"\u{e9}\"; }",
    ] {
        assert_ne!(checksum(other), base, "{other}");
    }
}

/// How a migration runs may change after it was applied; what it does may not.
#[test]
fn limits_do_not_count() {
    let base = checksum(BASE);
    let limits = [
        "#[lock_timeout = \"10s\"]",
        "/// Docs.\n#[attempts = 3] #[statement_timeout = \"0\"]",
        "#[idle_in_transaction_session_timeout = \"10min\"]",
    ];
    for limits in limits {
        assert_eq!(checksum(&format!("{limits} {BASE}")), base, "{limits}");
    }
    let declared = format!("#[irreversible(reason = \"y\")] {BASE}");
    let both =
        format!("#[attempts = 3] #[irreversible(reason = \"y\")] #[lock_timeout = \"1s\"] {BASE}");
    assert_eq!(checksum(&both), checksum(&declared));
    let inline = format!(
        "migrations! {{ #[attempts = 3] migration {} }}",
        BASE.replacen(';', " {", 1) + "}"
    );
    let (_, _, parsed) = parse_list(&inline);
    assert_eq!(parsed.value.expect("a list").inline[0].checksum, base);
}

#[test]
fn the_function_counts() {
    let of = |statement: &str| checksum(&format!("A = 1; up {{ {statement} }}"));
    let base = of("run a::b revert none;");
    for other in
        ["run a::c revert none;", "run ::a::b revert none;", "run a::b revert a::b;", "run a::b;"]
    {
        assert_ne!(of(other), base, "{other}");
    }
}

#[test]
fn both_forms_have_the_same() {
    let inline = "migrations! { /// Docs.\n #[irreversible(reason = \"y\")] migration A = 1 { up { drop table t; } down { } } }";
    let (_, _, parsed) = parse_list(inline);
    let inline = parsed.value.expect("a list").inline[0].checksum;
    let file = "#[irreversible(reason = \"y\")] A = 1; up { drop table t; } down { }";
    assert_eq!(checksum(file), inline);
}

#[test]
fn it_never_changes() {
    let sum = deepref_schema_core::checksum::hex(&checksum(BASE));
    insta::assert_snapshot!(sum);
}
