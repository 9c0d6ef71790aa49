use super::*;

fn columns(sql: &str) -> Vec<String> {
    let facts = read(sql);
    assert!(facts.errors.is_empty(), "{sql}: {:?}", facts.errors);
    facts.columns.into_iter().map(|used| used.name).collect()
}

#[test]
fn columns_are_found_with_their_case() {
    for (sql, expected) in [
        ("\"kycStatus\" = 'new' and Email is not null", vec!["kycStatus", "email"]),
        ("t.a > 1 and s.t.b and (c).d", vec!["a", "b", "c"]),
        ("a collate \"C\" = b::app.\"T\" and x is unknown", vec!["a", "b", "x"]),
        ("trim(both from a) || left(b, 2) || coalesce(c, d)", vec!["a", "b", "c", "d"]),
        ("extract(year from a) > 1 and current_user = user and \"user\" = 'x'", vec!["a", "user"]),
        ("interval '1 day' + date '2020-01-01' + now()", vec![]),
        ("a in ('x') and b = any (array['y', c])", vec!["a", "b", "c"]),
        ("case when q then r else 2 end", vec!["q", "r"]),
    ] {
        assert_eq!(columns(sql), expected, "{sql}");
    }
}

#[test]
fn functions_types_and_strings_are_found() {
    let facts =
        read("app.f(x, 1) || nextval('s'::regclass) || y::kyc_status || current_timestamp(3)");
    let functions: Vec<_> = facts
        .functions
        .iter()
        .map(|f| (f.schema.as_deref(), f.name.as_str(), f.arguments))
        .collect();
    assert_eq!(functions, [(Some("app"), "f", 2), (None, "nextval", 1)]);
    let types: Vec<_> = facts.types.iter().map(|used| used.name.as_str()).collect();
    assert_eq!(types, ["regclass", "kyc_status"]);
    assert_eq!(facts.strings[0].value, "s");
    assert_eq!(facts.reserved[0].word, "current_timestamp");
}

#[test]
fn what_is_no_expression_is_an_error() {
    for sql in ["a >", "a), (b", "a b c", "", "(a", "select", "a = 'x", "a; drop table t"] {
        assert!(!read(sql).errors.is_empty(), "{sql}");
    }
    assert!(read("(select max(a) from t)").has_query);
}
