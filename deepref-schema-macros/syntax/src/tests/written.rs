//! What is written as a file is read as the same.

use deepref_schema_core::language::file;
use deepref_schema_core::operation::{FunctionRevert, Operation};

use super::{parse, parse_up};
use crate::Origins;
use crate::migration_in_file;

#[test]
fn functions_and_limits_are_written_as_they_are_read() {
    let text = "\
use deepref_schema::migration;

migration! {
    #[lock_timeout = \"10s\"]
    #[statement_timeout = \"0\"]
    #[idle_in_transaction_session_timeout = \"1500ms\"]
    #[attempts = 1]
    Fill = 1;

    up {
        create table t {
            id: int,
        }
        run crate::steps::fill revert ::other::r#type::empty;
        run fill revert none;
        run super::fill;
    }
    down {
        run r#fill;
        drop table t;
    }
}
";
    let parsed = migration_in_file(text, &mut Origins::new()).expect("there is a migration");
    assert_eq!(parsed.diagnostics, []);
    let migration = parsed.value.expect("it can be read");
    let written = file(&migration).expect("it can be written");
    assert_eq!(written.replace("\n\n", "\n"), text.replace("\n\n", "\n"));
}

#[test]
fn none_is_a_function_where_it_is_a_path() {
    for (statement, revert) in
        [("run f revert none::f;", "none::f"), ("run f revert r#none;", "r#none")]
    {
        let (_, _, parsed) = parse_up(statement);
        let migration = parsed.value.expect(statement);
        let Operation::RunFunction(run) = &migration.up[0].operation else { panic!("{statement}") };
        let Some(FunctionRevert::Function(path)) = &run.revert else { panic!("{statement}") };
        assert_eq!(path.to_string(), revert);
    }
    let (_, _, parsed) = parse("migration! { A = 1; up { run none revert none; } }");
    assert!(parsed.value.is_some());
}
