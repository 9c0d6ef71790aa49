use super::create_table::with_sequences;
use super::{DropColumn, Operate, Operation, Reversal, SequenceOption};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::locks::{LockMode, Work, work_of_new_column};
use crate::origin::Origin;
use crate::schema::{Column, Identity, IdentityKind, Made, Schema, Sequence, Table, draws_from};
use crate::sql::{column_sql, default_sql};
use crate::statement::Statement;
use crate::types::Type;

/// `alter table t add column c: type …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddColumn {
    /// The table.
    pub table: ObjectName,
    /// The column, without the constraints written beside it, which become
    /// operations of their own.
    pub column: ColumnDefinition,
    /// How rows that are there get their values, once; `DropColumn` turned
    /// round. The column has no default afterwards unless it has one itself.
    pub fill: Option<Expr>,
}

/// A column as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDefinition {
    /// The name.
    pub name: Ident,
    /// The type; `serial` and its kin stand for a type, a sequence and a
    /// default.
    pub ty: Type,
    /// Whether it may be null.
    pub nullable: bool,
    /// The default.
    pub default: Option<Expr>,
    /// `identity …`
    pub identity: Option<IdentityDefinition>,
    /// `generated as (…) stored`
    pub generated: Option<Expr>,
    /// `collate …`; in the schema `pg_catalog` where none was written and it
    /// is found there.
    pub collation: Option<ObjectName>,
}

/// `identity by default (start 1000)`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityDefinition {
    /// `identity` or `identity by default`.
    pub kind: IdentityKind,
    /// The options of its sequence.
    pub options: Vec<SequenceOption>,
    /// The name of its sequence; computed where it is not given.
    pub sequence_name: Option<ObjectName>,
    /// The word `identity`.
    pub origin: Origin,
}

impl Operate for AddColumn {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let Some(table) = check.table(&self.table) else { return Vec::new() };
        let name = &self.column.name;
        if table.column(name.as_str()).is_some() {
            let message = format!("table `{}` has a column `{name}` already", self.table);
            check.report(Diagnostic::new("already_exists", name.origin, message));
            return Vec::new();
        }
        let mut sequences = Vec::new();
        let Some(column) = check.column_definition(&self.table, &self.column, &mut sequences)
        else {
            return Vec::new();
        };
        let mut after = table.clone();
        after.columns.push(column.column(&Made::default()));
        let mut columns = check.column_expressions(&self.table, &after, vec![column]);
        let (table, fill) = (self.table.clone(), self.fill.clone());
        let Some(column) = columns.pop() else { return Vec::new() };
        with_sequences(Self { table, column, fill }.into(), sequences, &self.table)
    }

    fn apply(&self, schema: &mut Schema) {
        let column = self.column.column(&schema.now);
        schema.change_table(&self.table, |table| table.columns.push(column));
    }

    fn reverse(&self, _: &Schema) -> Reversal {
        let (table, column) = (self.table.clone(), self.column.name.clone());
        Ok(vec![DropColumn { table, column, restore: None }.into()])
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        match &self.fill {
            Some(fill) => self.filled_by(before, fill),
            None => vec![self.add(before, &self.column)],
        }
    }

    /// Rows that are there can not have a value for such a column.
    fn hazards(&self, before: &Schema) -> Vec<Diagnostic> {
        let column = &self.column;
        let made_here = before.table(&self.table).is_some_and(|table| table.is_new(before));
        let has_value = column.default.is_some()
            || column.identity.is_some()
            || column.generated.is_some()
            || self.fill.is_some();
        if column.nullable || has_value || made_here {
            return Vec::new();
        }
        let message =
            format!("rows of `{}` that are there have no value for `{}`", self.table, column.name);
        let help = "give it a default with `= …`, or write `?` after its type, fill it, then `set not null`";
        vec![Diagnostic::new("not_null_without_default", column.name.origin, message).help(help)]
    }

    fn describe(&self) -> String {
        format!("alter table {} add column {}", self.table, self.column.name)
    }
}

impl AddColumn {
    fn add(&self, before: &Schema, column: &ColumnDefinition) -> Statement {
        let sql = format!("ALTER TABLE {} ADD COLUMN {}", self.table.sql(), column_sql(column));
        let locks = before.lock_to_alter(&self.table, work_of_new_column(before, column));
        Statement::new(self.describe(), sql).locking(locks)
    }

    /// The column, empty at first, then filled, then as it is to be. A sequence
    /// that comes with it goes on after the values; one that stayed knows where
    /// it is.
    fn filled_by(&self, before: &Schema, fill: &Expr) -> Vec<Statement> {
        let (table, name) = (self.table.sql(), self.column.name.sql());
        let statement = |sql: String, mode, work| {
            Statement::new(self.describe(), sql).locking(before.lock_for(&self.table, mode, work))
        };
        let alter = |what: String, work| {
            let sql = format!("ALTER TABLE {table} ALTER COLUMN {name} {what}");
            statement(sql, LockMode::AccessExclusive, work)
        };
        let empty = ColumnDefinition { nullable: true, default: None, ..self.column.clone() };
        let update = format!("UPDATE {table} SET {name} = {}", fill.sql());
        let mut statements = vec![
            self.add(before, &empty),
            statement(update, LockMode::RowExclusive, Work::Scan).changing_rows(),
        ];
        let default = self.column.default.as_ref();
        statements.extend(
            default.map(|default| {
                alter(format!("SET DEFAULT {}", default_sql(default)), Work::Nothing)
            }),
        );
        statements
            .extend((!self.column.nullable).then(|| alter("SET NOT NULL".to_owned(), Work::Scan)));
        let fresh = before.sequences.iter().filter(|(name, sequence)| {
            before.is_making(&sequence.made)
                && default.is_some_and(|default| draws_from(default, name))
        });
        statements.extend(fresh.map(|(name, sequence)| {
            let sql = sequence.go_on_sql(name, &self.table, &self.column.name);
            statement(sql, LockMode::AccessShare, Work::Scan)
        }));
        statements
    }
}

impl ColumnDefinition {
    /// The column that a complete definition makes.
    pub(crate) fn column(&self, made: &Made) -> Column {
        Column {
            name: self.name.clone(),
            ty: self.ty.clone(),
            nullable: self.nullable,
            default: self.default.clone(),
            identity: self.identity.as_ref().and_then(|identity| identity.identity(&self.ty)),
            generated: self.generated.clone(),
            collation: self.collation.clone(),
            comment: None,
            made: made.clone(),
        }
    }
}

impl IdentityDefinition {
    /// The identity that a complete definition makes on a column of this type.
    pub(crate) fn identity(&self, ty: &Type) -> Option<Identity> {
        let own = [SequenceOption::As(ty.clone())];
        let options: Vec<_> = own.into_iter().chain(self.options.iter().cloned()).collect();
        Some(Identity {
            kind: self.kind,
            sequence_name: self.sequence_name.clone()?,
            sequence: Sequence::with_options(None, &options),
        })
    }
}

impl From<&Identity> for IdentityDefinition {
    fn from(identity: &Identity) -> Self {
        let options = identity.sequence.options().into_iter();
        Self {
            kind: identity.kind,
            options: options.filter(|option| !matches!(option, SequenceOption::As(_))).collect(),
            sequence_name: Some(identity.sequence_name.clone()),
            origin: Origin::NONE,
        }
    }
}

impl From<&Column> for ColumnDefinition {
    fn from(column: &Column) -> Self {
        Self {
            name: column.name.clone(),
            ty: column.ty.clone(),
            nullable: column.nullable,
            default: column.default.clone(),
            identity: column.identity.as_ref().map(IdentityDefinition::from),
            generated: column.generated.clone(),
            collation: column.collation.clone(),
        }
    }
}

impl Table {
    /// Whether the migration that is being applied made the table: nobody
    /// uses it yet.
    pub(crate) fn is_new(&self, schema: &Schema) -> bool {
        schema.is_making(&self.made)
    }
}
