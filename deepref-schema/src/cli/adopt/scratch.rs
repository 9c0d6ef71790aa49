//! What can be made in an empty database: not all that PostgreSQL tells of an
//! object makes it again, for every user and everywhere.

use std::collections::BTreeMap;

use deepref_schema_core::operation::Operation;
use deepref_schema_core::schema::Schema;
use deepref_schema_core::sql::check_raw;

use crate::inspect::{Objects, Reader, Whole};
use crate::runner::{Failed, Failure};
use crate::{Error, Unmodelled};

/// Why something is not written, by its kind and name.
pub(in crate::cli) type Reasons = BTreeMap<(String, String), String>;

/// Takes out of a whole what can not be made, and says why. The database is
/// empty, and is so again afterwards.
pub(in crate::cli) async fn keep_possible(
    empty: &mut Reader,
    whole: &mut Whole,
) -> Result<Reasons, Error> {
    let mut reasons = Reasons::new();
    take_out(&mut whole.objects, unreadable, &mut reasons);
    let missing = whole.objects.woven(&whole.catalog.schema).missing;
    take_out(&mut whole.objects, |_| missing, &mut reasons);
    let failed = failing(empty, &whole.catalog.schema, &whole.objects).await?;
    take_out(&mut whole.objects, |_| failed, &mut reasons);
    Ok(reasons)
}

/// Something that is not written, and why where that is known.
pub(in crate::cli) fn described(one: &Unmodelled, reasons: &Reasons) -> String {
    match reasons.get(&(one.kind.clone(), one.name.clone())) {
        Some(why) => format!("{one}: {why}"),
        None => one.to_string(),
    }
}

fn take_out(
    objects: &mut Objects,
    which: impl FnOnce(&Objects) -> BTreeMap<String, String>,
    reasons: &mut Reasons,
) {
    for (node, why) in which(objects) {
        let covered = objects.remove(&node).map(|object| object.covers).unwrap_or_default();
        reasons.extend(covered.into_iter().map(|one| (one, why.clone())));
    }
}

/// What the compiler would not take as raw SQL.
fn unreadable(objects: &Objects) -> BTreeMap<String, String> {
    let finding = |text: &str| check_raw(text, Default::default()).into_iter().next();
    let why = objects.iter().filter_map(|(node, object)| {
        let texts = object.create.iter().chain(&object.drop);
        let finding = texts.filter_map(|text| finding(text)).next()?;
        Some((node.clone(), finding.message))
    });
    why.collect()
}

/// What the server refuses, with its words.
async fn failing(
    empty: &mut Reader,
    schema: &Schema,
    objects: &Objects,
) -> Result<BTreeMap<String, String>, Error> {
    let mut failing = BTreeMap::new();
    let mut before = Schema::empty();
    send(empty, "BEGIN").await?;
    for piece in objects.woven(schema).pieces {
        let sql = statements(&piece.operations, &mut before);
        let Some(node) = piece.node else {
            send(empty, &sql).await?;
            continue;
        };
        let tried = format!("SAVEPOINT deepref;\n{sql};\nRELEASE SAVEPOINT deepref");
        match empty.send(&tried).await {
            Ok(()) => {}
            Err(Failed { failure: Failure::Server(error), .. }) => {
                failing.insert(node, error.message);
                send(empty, "ROLLBACK TO SAVEPOINT deepref").await?;
            }
            Err(failed) => return Err(failed.into_error("an object could not be made")),
        }
    }
    send(empty, "ROLLBACK").await?;
    Ok(failing)
}

fn statements(operations: &[Operation], before: &mut Schema) -> String {
    let mut statements = Vec::new();
    for operation in operations {
        statements.extend(operation.statements(before).into_iter().map(|made| made.sql));
        operation.apply(before);
    }
    statements.join(";\n")
}

async fn send(empty: &mut Reader, sql: &str) -> Result<(), Error> {
    let sent = empty.send(sql).await;
    sent.map_err(|failed| {
        let first = sql.lines().next().unwrap_or_default();
        failed.into_error(&format!("what the database holds can not be made again: `{first}`"))
    })
}
