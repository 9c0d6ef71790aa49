//! How to do the same without making others wait.

use crate::operation::{AddColumn, AddConstraint, ConstraintForm, Operation};
use crate::origin::Origin;
use crate::schema::Schema;

/// Of what blocks and has no `concurrently`.
const NO_OTHER_WAY: &str = "PostgreSQL has no other way; where the table is small, write \
                            `#[allow(blocking_index, reason = \"…\")]`";

/// The token that a finding about the locks of an operation stands at.
pub(super) fn place(operation: &Operation) -> Origin {
    match operation {
        Operation::AddColumn(add) => add.column.name.origin,
        Operation::AddConstraint(add) => add.constraint.origin,
        Operation::AddIdentity(add) => add.column.origin,
        Operation::AlterColumnType(alter) => alter.column.origin,
        Operation::CreateIndex(create) => create.origin,
        Operation::DropEnumValue(drop) => drop.value.origin,
        Operation::Reindex(reindex) => reindex.origin,
        Operation::SetNotNull(set) => set.column.origin,
        Operation::Update(update) => update.origin,
        Operation::ValidateConstraint(validate) => validate.name.origin,
        _ => Origin::NONE,
    }
}

/// What to write instead.
pub(super) fn help(before: &Schema, operation: &Operation) -> String {
    match operation {
        Operation::AddColumn(add) => new_column(add),
        Operation::AddConstraint(add) => new_constraint(add),
        Operation::AddIdentity(add) => format!(
            "write `create index concurrently on {} ({});` before it, by which the last number is found",
            add.table, add.column
        ),
        Operation::AlterColumnType(alter) => format!(
            "add a column of type `{}`, fill it by `update … in batches of 10_000`, and drop `{}` \
             in a later migration",
            alter.ty.language(),
            alter.column
        ),
        Operation::CreateIndex(create) => {
            let unique = if create.index.unique { "unique " } else { "" };
            format!("write `create {unique}index concurrently …`")
        }
        Operation::DropEnumValue(drop) => format!(
            "leave the value, and forbid it where it is used: \
             `alter table … add check (… <> \"{}\") concurrently`",
            drop.value
        ),
        Operation::Reindex(reindex) if reindex.subject.excludes(before) => NO_OTHER_WAY.to_owned(),
        Operation::Reindex(reindex) => {
            format!(
                "write `reindex {} {} concurrently`",
                reindex.subject.word(),
                reindex.subject.name()
            )
        }
        Operation::SetNotNull(_) => "write `set not null concurrently`".to_owned(),
        Operation::Update(_) => "write `in batches of 10_000` at its end, which ends the \
                                 transaction, or write it in a migration of its own"
            .to_owned(),
        _ => "write it in a migration of its own".to_owned(),
    }
}

fn new_column(add: &AddColumn) -> String {
    let column = &add.column;
    let (name, batches) = (&column.name, "`update … in batches of 10_000`");
    if column.generated.is_some() {
        return format!(
            "add a column that may be null, fill it by {batches}, and let a trigger keep it"
        );
    }
    if column.identity.is_some() {
        return format!(
            "write `?` after its type and no `identity`, fill it by {batches}, then write \
             `alter column {name} set not null concurrently` and `add identity`"
        );
    }
    if column.default.is_some() {
        return format!(
            "write `?` after its type and no default, then `alter column {name} set default …`, \
             and fill it by {batches}"
        );
    }
    "where its type has no constraints of its own, so that nothing is written, say so: \
     `#[allow(blocking_rewrite, reason = \"…\")]`"
        .to_owned()
}

fn new_constraint(add: &AddConstraint) -> String {
    match &add.constraint.form {
        ConstraintForm::PrimaryKeyUsingIndex(_) => {
            "write `alter column … set not null concurrently` before it".to_owned()
        }
        ConstraintForm::Exclusion(_) => NO_OTHER_WAY.to_owned(),
        form => format!("write `add {} … concurrently`", form.keyword()),
    }
}
