//! Functions for migrations that are read from files, where there is no compiler to name them to.

use deepref_schema::{BoxError, Function, Transaction};

/// They, by their paths.
pub const ALL: [Function; 4] = [
    Function { path: "steps::fill", call: fill },
    Function { path: "steps::empty", call: empty },
    Function { path: "steps::make_table", call: make_table },
    Function { path: "steps::sleep", call: sleep },
];

/// The function of a path; one that fails where there is none.
pub fn find(path: &'static str) -> Function {
    let unknown = Function { path, call: |_| Err("no test has this function".into()) };
    ALL.into_iter().find(|function| function.path == path).unwrap_or(unknown)
}

fn fill(transaction: &mut Transaction) -> Result<(), BoxError> {
    for (id, name) in [(1, "one"), (2, "two")] {
        transaction.execute("INSERT INTO numbers VALUES ($1, $2)", &[&id, &name])?;
    }
    Ok(())
}

fn empty(transaction: &mut Transaction) -> Result<(), BoxError> {
    Ok(transaction.batch_execute("DELETE FROM numbers")?)
}

fn make_table(transaction: &mut Transaction) -> Result<(), BoxError> {
    Ok(transaction.batch_execute("CREATE TABLE made_by_a_function (id int)")?)
}

fn sleep(transaction: &mut Transaction) -> Result<(), BoxError> {
    Ok(transaction.query("SELECT pg_sleep(60)", &[]).map(drop)?)
}
