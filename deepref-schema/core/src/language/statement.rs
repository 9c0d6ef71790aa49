//! Statements: consecutive changes of one table or enum in one block.

use super::column::stands_beside;
use super::layout::{Line, Written};
use super::name::{name, path, path_but};
use super::{Inexpressible, Text, data, enums, index, literal, sequence, table};
use crate::migration::{Allow, Item};
use crate::operation::{ConstraintDefinition, Operation};

/// The statements of these items.
pub(super) fn statements(items: &[Item]) -> Result<Vec<Written>, Vec<Inexpressible>> {
    let (mut written, mut errors, mut rest) = (Vec::new(), Vec::new(), items);
    while let Some(first) = rest.first() {
        let length = rest.iter().take_while(|item| is_same_block(first, item)).count().max(1);
        let (block, after) = rest.split_at(length);
        match statement(block) {
            Ok(statement) => written.push(statement),
            Err(wrong) => errors.extend(wrong),
        }
        rest = after;
    }
    if errors.is_empty() { Ok(written) } else { Err(errors) }
}

fn is_same_block(first: &Item, item: &Item) -> bool {
    let of = |item| (table::changed(item), enums::changed(item));
    let first = of(&first.operation);
    first != (None, None) && first == of(&item.operation)
}

fn statement(block: &[Item]) -> Result<Written, Vec<Inexpressible>> {
    let first = &block[0];
    let of_first = |why: String| vec![inexpressible(&first.operation, why)];
    let head = match (table::changed(&first.operation), enums::changed(&first.operation)) {
        (Some(table), _) => format!("alter table {}", path(table).map_err(of_first)?),
        (_, Some(of)) => format!("alter enum {}", path(of).map_err(of_first)?),
        _ => return single(first).map_err(of_first),
    };
    let shared = shared_allows(block);
    let mut lines = changes(block, shared.len())?;
    let attributes = allows(shared).map_err(of_first)?;
    if let [_] = lines.as_slice() {
        let Line { attributes: own, mut parts } = lines.remove(0);
        parts[0] = format!("{head} {}", parts[0]);
        return Ok(Written::Plain(Line { attributes: [attributes, own].concat(), parts }));
    }
    Ok(Written::Braced { attributes, head, sections: vec![lines], compact: false })
}

/// What every item of a block accepts: it stands before the statement.
fn shared_allows(block: &[Item]) -> &[Allow] {
    let first = &block[0].allows;
    let shared = |item: &Item| item.allows.iter().zip(first).take_while(|(a, b)| a == b).count();
    &first[..block.iter().map(shared).min().unwrap_or_default()]
}

fn inexpressible(operation: &Operation, why: String) -> Inexpressible {
    Inexpressible { what: operation.describe(), why }
}

/// The changes of one table or enum, without the first allows that they
/// share.
fn changes(block: &[Item], shared: usize) -> Result<Vec<Line>, Vec<Inexpressible>> {
    let (mut lines, mut errors, mut rest) = (Vec::new(), Vec::new(), block);
    while let Some((item, mut after)) = rest.split_first() {
        let mut beside: Vec<&ConstraintDefinition> = Vec::new();
        while let Some((next, others)) = after.split_first()
            && let Some(constraint) = beside_column(item, next, &beside)
        {
            beside.push(constraint);
            after = others;
        }
        let parts = match enums::changed(&item.operation) {
            Some(_) => enums::change(&item.operation).map(|text| vec![text]),
            None => table::change(&item.operation, &beside),
        };
        let line =
            parts.and_then(|parts| Ok(Line { attributes: allows(&item.allows[shared..])?, parts }));
        match line {
            Ok(line) => lines.push(line),
            Err(why) => errors.push(inexpressible(&item.operation, why)),
        }
        rest = after;
    }
    if errors.is_empty() { Ok(lines) } else { Err(errors) }
}

/// A constraint that is added after a column and can be written beside it.
fn beside_column<'a>(
    column: &Item,
    next: &'a Item,
    beside: &[&ConstraintDefinition],
) -> Option<&'a ConstraintDefinition> {
    let Operation::AddColumn(add) = &column.operation else { return None };
    let Operation::AddConstraint(constraint) = &next.operation else { return None };
    let fits = !constraint.concurrently
        && column.allows == next.allows
        && stands_beside(&constraint.constraint, &add.column, beside);
    fits.then_some(&constraint.constraint)
}

/// A statement that is about one operation.
fn single(item: &Item) -> Result<Written, String> {
    let attributes = allows(&item.allows)?;
    let parts = match &item.operation {
        Operation::CreateTable(create) => {
            let head = format!("create table {}", path(&create.name)?);
            let sections = table::sections(create)?;
            if sections.is_empty() {
                return Err("a table without columns is written in SQL only".to_owned());
            }
            return Ok(Written::Braced { attributes, head, sections, compact: false });
        }
        Operation::CreateEnum(create) => {
            let head = format!("create enum {}", path(&create.name)?);
            let values: Result<Vec<_>, String> =
                create.values.iter().map(|value| Ok(Line::new(vec![name(value)?]))).collect();
            let sections = vec![values?];
            if sections[0].is_empty() {
                return Err("an enum without values is written in SQL only".to_owned());
            }
            return Ok(Written::Braced { attributes, head, sections, compact: true });
        }
        Operation::Update(update) => data::update(update)?,
        Operation::Sql(sql) => data::sql(sql)?,
        Operation::RunFunction(run) => data::run(run),
        Operation::Comment(comment) => data::comment(comment)?,
        Operation::CreateIndex(create) => index::create(create)?,
        other => vec![short(other)?],
    };
    Ok(Written::Plain(Line { attributes, parts }))
}

/// A statement on one line.
fn short(operation: &Operation) -> Text {
    Ok(match operation {
        Operation::CreateSchema(create) => format!("create schema {}", name(&create.name)?),
        Operation::DropSchema(drop) => format!("drop schema {}", name(&drop.name)?),
        Operation::CreateExtension(create) => match &create.schema {
            Some(schema) => {
                format!("create extension {} schema {}", name(&create.name)?, name(schema)?)
            }
            None => format!("create extension {}", name(&create.name)?),
        },
        Operation::DropExtension(drop) => format!("drop extension {}", name(&drop.name)?),
        Operation::DropEnum(drop) => format!("drop enum {}", path(&drop.name)?),
        Operation::DropTable(drop) => format!("drop table {}", path(&drop.name)?),
        Operation::CreateSequence(create) => {
            let options = sequence::options(&create.options)?;
            format!("create sequence {} {options}", path(&create.name)?).trim_end().to_owned()
        }
        Operation::AlterSequence(alter) if alter.options.is_empty() => {
            return Err("nothing changes".to_owned());
        }
        Operation::AlterSequence(alter) => {
            let options = sequence::options(&alter.options)?;
            format!("alter sequence {} {options}", path(&alter.name)?)
        }
        Operation::RenameSequence(rename) => {
            format!("alter sequence {} rename to {}", path(&rename.name)?, name(&rename.to)?)
        }
        Operation::DropSequence(drop) => format!("drop sequence {}", path(&drop.name)?),
        Operation::DropIndex(drop) if drop.concurrently => {
            format!("drop index concurrently {}", path_but(&drop.name, "concurrently")?)
        }
        Operation::DropIndex(drop) => {
            format!("drop index {}", path_but(&drop.name, "concurrently")?)
        }
        Operation::Reindex(reindex) => {
            let (kind, name) = (reindex.subject.word(), path(reindex.subject.name())?);
            let concurrently = if reindex.concurrently { " concurrently" } else { "" };
            format!("reindex {kind} {name}{concurrently}")
        }
        Operation::RenameIndex(rename) => {
            format!("alter index {} rename to {}", path(&rename.name)?, name(&rename.to)?)
        }
        other => return Err(format!("`{}` is no statement of its own", other.describe())),
    })
}

/// `#[allow(…)]` on lines of their own.
pub(super) fn allows(allows: &[Allow]) -> Result<Vec<String>, String> {
    let attribute = |allow: &Allow| {
        let rules: Result<Vec<_>, _> = allow.rules.iter().map(name).collect();
        let reason = literal::string(&allow.reason)?;
        Ok(format!("#[allow({}, reason = {reason})]", rules?.join(", ")))
    };
    allows.iter().map(attribute).collect()
}
