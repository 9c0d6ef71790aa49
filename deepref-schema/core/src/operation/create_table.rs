use super::{
    AlterSequence, ColumnDefinition, ConstraintDefinition, ConstraintForm, CreateSequence,
    DropTable, Operate, Operation, Reversal, SequenceOption,
};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::ObjectName;
use crate::locks::{Lock, LockMode};
use crate::origin::Origin;
use crate::schema::{Made, Owner, Schema, Table};
use crate::sql::{column_sql, constraint_sql};
use crate::statement::Statement;

/// `create table t { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateTable {
    /// The table.
    pub name: ObjectName,
    /// Columns and constraints, in the order written; the constraints of a
    /// column follow it.
    pub items: Vec<TableItem>,
}

/// An item of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "items live in one short list")]
pub enum TableItem {
    /// A column.
    Column(ColumnDefinition),
    /// A constraint, of the table or of the column before it.
    Constraint(ConstraintDefinition),
}

impl Operate for CreateTable {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        if !check.namespace(&self.name.schema) || !check.free_relation_and_type(&self.name) {
            return Vec::new();
        }
        let mut sequences = Vec::new();
        let columns = self.resolve_columns(check, &mut sequences);
        let mut table = table_of(&columns, &[], &Made::default());
        let columns = check.column_expressions(&self.name, &table, columns);
        let constraints = self.resolve_constraints(check, &mut table);
        let columns = columns.into_iter().map(|column| not_null_in_key(column, &constraints));
        let mut items: Vec<_> = columns.map(TableItem::Column).collect();
        items.extend(constraints.into_iter().map(TableItem::Constraint));
        let create = Self { name: self.name.clone(), items };
        with_sequences(create.into(), sequences, &self.name)
    }

    fn apply(&self, schema: &mut Schema) {
        let (columns, constraints) = self.parts();
        let table = table_of(&columns, &constraints, &schema.now);
        schema.insert_table(self.name.clone(), table);
    }

    fn reverse(&self, _: &Schema) -> Reversal {
        Ok(vec![DropTable { name: self.name.clone() }.into()])
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let items: Vec<_> = self.items.iter().map(item_sql).collect();
        let body =
            if items.is_empty() { String::new() } else { format!("\n{}\n", items.join(",\n")) };
        let sql = format!("CREATE TABLE {} ({body})", self.name.sql());
        vec![Statement::new(self.describe(), sql).locking(self.locks(before))]
    }

    fn describe(&self) -> String {
        format!("create table {}", self.name)
    }
}

fn item_sql(item: &TableItem) -> String {
    match item {
        TableItem::Column(column) => format!("    {}", column_sql(column)),
        TableItem::Constraint(constraint) => format!("    {}", constraint_sql(constraint)),
    }
}

/// A serial column needs its sequence before it and its ownership after it.
pub(super) fn with_sequences(
    operation: Operation,
    sequences: Vec<(CreateSequence, Owner)>,
    table: &ObjectName,
) -> Vec<Operation> {
    let (creates, owners): (Vec<_>, Vec<_>) = sequences.into_iter().unzip();
    let names: Vec<_> = creates.iter().map(|create| create.name.clone()).collect();
    let owned = names.into_iter().zip(owners).map(|(name, owner)| {
        debug_assert_eq!(owner.table, *table);
        let options = vec![SequenceOption::OwnedBy(Some(owner), Origin::NONE)];
        Operation::from(AlterSequence { name, options })
    });
    creates.into_iter().map(Operation::from).chain([operation]).chain(owned).collect()
}

fn table_of(
    columns: &[ColumnDefinition],
    constraints: &[ConstraintDefinition],
    made: &Made,
) -> Table {
    let mut table = Table { made: made.clone(), ..Table::default() };
    table.columns = columns.iter().map(|column| column.column(made)).collect();
    for constraint in constraints {
        table.add_constraint(constraint, made);
    }
    table
}

/// The columns of a primary key are never null.
fn not_null_in_key(
    mut column: ColumnDefinition,
    constraints: &[ConstraintDefinition],
) -> ColumnDefinition {
    let in_key = constraints.iter().any(|constraint| match &constraint.form {
        ConstraintForm::PrimaryKey(key) => key.columns.contains(&column.name),
        _ => false,
    });
    column.nullable &= !in_key;
    column
}

impl CreateTable {
    /// The tables that its foreign keys refer to get triggers.
    fn locks(&self, before: &Schema) -> Vec<Lock> {
        let mut locks: Vec<Lock> = Vec::new();
        for item in &self.items {
            if let TableItem::Constraint(constraint) = item
                && let ConstraintForm::ForeignKey(foreign) = &constraint.form
                && foreign.table != self.name
                && locks.iter().all(|lock| lock.relation != foreign.table)
            {
                locks.extend(before.lock(&foreign.table, LockMode::ShareRowExclusive));
            }
        }
        locks
    }

    fn parts(&self) -> (Vec<ColumnDefinition>, Vec<ConstraintDefinition>) {
        let (mut columns, mut constraints) = (Vec::new(), Vec::new());
        for item in &self.items {
            match item {
                TableItem::Column(column) => columns.push(column.clone()),
                TableItem::Constraint(constraint) => constraints.push(constraint.clone()),
            }
        }
        (columns, constraints)
    }

    fn resolve_columns(
        &self,
        check: &mut Check<'_>,
        sequences: &mut Vec<(CreateSequence, Owner)>,
    ) -> Vec<ColumnDefinition> {
        let mut columns: Vec<ColumnDefinition> = Vec::new();
        for column in self.parts().0 {
            if columns.iter().any(|other| other.name == column.name) {
                let message = format!("column `{}` is given twice", column.name);
                check.report(Diagnostic::new("already_exists", column.name.origin, message));
            } else {
                columns.extend(check.column_definition(&self.name, &column, sequences));
            }
        }
        columns
    }

    fn resolve_constraints(
        &self,
        check: &mut Check<'_>,
        table: &mut Table,
    ) -> Vec<ConstraintDefinition> {
        let mut constraints = Vec::new();
        // A foreign key may refer to a key of this table that stands after it.
        let (foreign, others): (Vec<_>, Vec<_>) =
            self.parts().1.into_iter().partition(ConstraintDefinition::is_foreign_key);
        for constraint in others.into_iter().chain(foreign) {
            if let Some(resolved) = check.constraint_definition(&self.name, table, &constraint) {
                check.merged_by_create(&resolved, &constraints);
                table.add_key_of(&resolved);
                constraints.push(resolved);
            }
        }
        check.name_constraints(&self.name, &mut constraints);
        constraints.sort_by_key(|constraint| constraint.form.rank());
        constraints
    }
}
