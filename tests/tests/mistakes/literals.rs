//! Strings that are values of types, and such that are none: the model and the servers agree.

use deepref_schema_core::schema::Schema;
use deepref_schema_core::typing::{type_of, why_no_value};
use tests::database::fresh;
use tests::server::all;

/// Of a type, strings that are values of it, and such that are none.
struct Strings {
    ty: &'static str,
    values: &'static [&'static str],
    others: &'static [&'static str],
}

#[rustfmt::skip]
const STRINGS: &[Strings] = &[
    Strings { ty: "integer", values: &["5", " -7 "], others: &["", "x", "1.5", "99999999999"] },
    Strings { ty: "numeric", values: &["1e5", "NaN", "-.5"], others: &["1,5", "x", ""] },
    Strings { ty: "money", values: &["5", "$1,000.00", ""], others: &["five"] },
    Strings { ty: "boolean", values: &["t", "off", "1", "YES"], others: &["maybe", "2", "o"] },
    Strings { ty: "uuid", values: &["7c9e6679-7425-40de-944b-e07fc1f90ae7", "{7C9E6679742540DE944BE07FC1F90AE7}"], others: &["7c9e6679", "x"] },
    Strings {
        ty: "json",
        values: &["{}", " [1, -2.5e+3, null, {\"a\": [true]}] ", "\"x\"", "\"\\u0000\"", "0"],
        others: &["", "{a: 1}", "{'a': 1}", "[1,]", "01", "nul", "[1] 2", "\"\\x\"", "{\"a\" 1}"],
    },
    Strings { ty: "jsonb", values: &["{\"a\": \"\\u00e9\"}", "[]"], others: &["\"\\u0000\"", "[", "{\"a\":}"] },
    Strings { ty: "bytea", values: &["", "\\x", "\\xDEad 00", "plain", "\\\\", "\\001"], others: &["\\x1", "\\xzz", "\\", "\\9", "\\777"] },
    Strings { ty: "bit(3)", values: &["101", "b101"], others: &["1", "1010", "012"] },
    Strings { ty: "bit varying(4)", values: &["1", "xF", ""], others: &["10101", "xFF", "2"] },
    Strings { ty: "inet", values: &["10.0.0.1", "10.0.0.1/8", "::1", "fe80::1/64"], others: &["10.0.0", "10.0.0.256", "10.0.0.1/33", "x", "::1/129"] },
    Strings { ty: "macaddr", values: &["08:00:2b:01:02:03", "08002b:010203", "0800.2b01.0203"], others: &["08:00:2b", "x"] },
    Strings { ty: "macaddr8", values: &["08:00:2b:01:02:03:04:05", "08:00:2b:01:02:03"], others: &["08:00:2b", "zz"] },
    Strings { ty: "point", values: &["(1,2)", "1 , 2"], others: &["(1)", "(1,2,3)", "x"] },
    Strings { ty: "lseg", values: &["[(1,2),(3,4)]", "((1,2),(3,4))"], others: &["(1,2)", "x"] },
    Strings { ty: "box", values: &["(1,2),(3,4)"], others: &["(1,2)", "x"] },
    Strings { ty: "circle", values: &["<(1,2),3>", "((1,2),3)"], others: &["(1,2)", "x"] },
    Strings { ty: "path", values: &["[(1,2),(3,4)]", "((1,2))"], others: &["(1)", "x", ""] },
    Strings { ty: "polygon", values: &["((1,2),(3,4))"], others: &["(1)", "x"] },
    Strings { ty: "date", values: &["2026-01-31", "infinity", "epoch", "0044-03-15 BC"], others: &["2026-02-30", "2026-13-01", "x", ""] },
    Strings {
        ty: "timestamp with time zone",
        values: &["2026-01-31 10:30:00+02", "2026-01-31T10:30:00Z", "2026-01-31", "2026-01-31 10:30:59.5 UTC"],
        others: &["2026-01-31 25:00", "2026-01-31 10:61", "2026-01-31 x", "x"],
    },
    Strings { ty: "time without time zone", values: &["10:30", "10:30:59.5", "24:00:00", "103000", "10:30 PM"], others: &["25:00", "10:60", "x", ""] },
    Strings { ty: "time with time zone", values: &["10:30+02", "10:30:00 UTC"], others: &["10:61+02", "x"] },
    Strings {
        ty: "interval",
        values: &["1 day", "2 hours 30 minutes", "-1 mon", "1-2", "P1Y2M", "10:30", "3 days ago", "@ 1 min", "1.5h"],
        others: &["", "x", "1 dya", "day", "P", "1 day and 2 hours"],
    },
    Strings { ty: "int4range", values: &["[1,5)", "(,3]", "empty", "[1,)"], others: &["1,5", "[1,5", "[1]", "[a,b]", ""] },
    Strings { ty: "daterange", values: &["[2026-01-01,2026-02-01)", "(,)"], others: &["[2026-13-01,)", "x"] },
    Strings { ty: "tstzrange", values: &["[\"2026-01-01 10:00+00\",)"], others: &["[x,)", "{}"] },
    Strings { ty: "integer[]", values: &["{}", "{1,2}", "[0:1]={1,2}"], others: &["1,2", "{x}", "[1,2]"] },
    Strings { ty: "jsonb[]", values: &["{\"[1]\"}"], others: &["{\"[1\"}"] },
    Strings { ty: "regconfig", values: &["english", "pg_catalog.simple"], others: &["englisch"] },
];

#[test]
fn the_model_and_the_servers_agree() {
    let mut problems = Vec::new();
    for strings in STRINGS {
        let ty = type_of(&Schema::empty(), strings.ty).expect("the type is known");
        let why = |text: &&&str| why_no_value(text, &ty, &Schema::empty());
        let refused = strings.values.iter().filter(|text| why(text).is_some());
        problems.extend(refused.map(|text| format!("the model refuses {text:?}::{}", strings.ty)));
        let accepted = strings.others.iter().filter(|text| why(text).is_none());
        problems.extend(accepted.map(|text| format!("the model accepts {text:?}::{}", strings.ty)));
    }
    for server in all() {
        let database = fresh(server);
        let mut client = database.client();
        let mut says = |ty: &str, text: &str, wanted: bool| {
            let quoted = text.replace('\'', "''");
            // As a default that is used: some are refused when it is made, some then.
            let sql = format!(
                "CREATE TEMPORARY TABLE t (c {ty} DEFAULT '{quoted}'); INSERT INTO t DEFAULT VALUES; DROP TABLE t"
            );
            let accepted = client.batch_execute(&sql).is_ok();
            (accepted != wanted).then(|| {
                let word = if accepted { "accepts" } else { "refuses" };
                format!("PostgreSQL {} {word} {text:?}::{ty}", server.major())
            })
        };
        for Strings { ty, values, others } in STRINGS {
            problems.extend(values.iter().filter_map(|text| says(ty, text, true)));
            problems.extend(others.iter().filter_map(|text| says(ty, text, false)));
        }
    }
    assert!(problems.is_empty(), "{} wrong:\n{}", problems.len(), problems.join("\n"));
}
