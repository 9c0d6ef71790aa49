//! What can happen to a schema: the closed set of operations.
//!
//! An operation as written may leave out what PostgreSQL adds: names of
//! constraints, referenced columns, the schema of a type. [`Operation::resolve`]
//! checks it against the schema before it and completes it; everything else
//! works on complete operations.

mod add_column;
mod add_constraint;
mod add_enum_value;
mod alter_column_type;
mod alter_sequence;
mod comment;
mod create_enum;
mod create_extension;
mod create_index;
mod create_schema;
mod create_sequence;
mod create_table;
mod default;
mod drop_column;
mod drop_constraint;
mod drop_enum;
mod drop_enum_value;
mod drop_extension;
mod drop_index;
mod drop_schema;
mod drop_sequence;
mod drop_table;
mod identity;
mod not_null;
mod reindex;
mod rename_column;
mod rename_constraint;
mod rename_enum;
mod rename_enum_value;
mod rename_index;
mod rename_sequence;
mod rename_table;
mod run_function;
mod sql;
mod update;
mod validate_constraint;

pub use add_column::{AddColumn, ColumnDefinition, IdentityDefinition};
pub(crate) use add_constraint::index_of_key;
pub use add_constraint::{AddConstraint, ConstraintDefinition, ConstraintForm};
pub use add_enum_value::{AddEnumValue, ValuePosition};
pub use alter_column_type::AlterColumnType;
pub use alter_sequence::AlterSequence;
pub(crate) use alter_sequence::changed_options;
pub use comment::{Comment, CommentSubject};
pub use create_enum::CreateEnum;
pub use create_extension::CreateExtension;
pub use create_index::CreateIndex;
pub use create_schema::CreateSchema;
pub use create_sequence::{CreateSequence, SequenceOption};
pub use create_table::{CreateTable, TableItem};
pub use default::{DropDefault, SetDefault};
pub use drop_column::DropColumn;
pub use drop_constraint::DropConstraint;
pub use drop_enum::DropEnum;
pub use drop_enum_value::DropEnumValue;
pub use drop_extension::DropExtension;
pub use drop_index::DropIndex;
pub use drop_schema::DropSchema;
pub use drop_sequence::DropSequence;
pub use drop_table::DropTable;
pub use identity::{AddIdentity, DropIdentity};
pub use not_null::{DropNotNull, SetNotNull};
pub use reindex::{Reindex, ReindexSubject};
pub use rename_column::RenameColumn;
pub use rename_constraint::RenameConstraint;
pub use rename_enum::RenameEnum;
pub use rename_enum_value::RenameEnumValue;
pub use rename_index::RenameIndex;
pub use rename_sequence::RenameSequence;
pub use rename_table::RenameTable;
pub use run_function::{FunctionRevert, RunFunction};
pub use sql::{Sql, SqlDown};
pub use update::{Assignment, Update};
pub use validate_constraint::ValidateConstraint;

use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::schema::Schema;
use crate::statement::Statement;

/// One change of a schema, or of its data.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant is documented at the struct it holds")]
pub enum Operation {
    CreateSchema(CreateSchema),
    DropSchema(DropSchema),
    CreateExtension(CreateExtension),
    DropExtension(DropExtension),
    CreateEnum(CreateEnum),
    DropEnum(DropEnum),
    RenameEnum(RenameEnum),
    AddEnumValue(AddEnumValue),
    RenameEnumValue(RenameEnumValue),
    DropEnumValue(DropEnumValue),
    CreateSequence(CreateSequence),
    AlterSequence(AlterSequence),
    RenameSequence(RenameSequence),
    DropSequence(DropSequence),
    CreateTable(CreateTable),
    DropTable(DropTable),
    RenameTable(RenameTable),
    AddColumn(AddColumn),
    DropColumn(DropColumn),
    RenameColumn(RenameColumn),
    AlterColumnType(AlterColumnType),
    SetDefault(SetDefault),
    DropDefault(DropDefault),
    SetNotNull(SetNotNull),
    DropNotNull(DropNotNull),
    AddIdentity(AddIdentity),
    DropIdentity(DropIdentity),
    AddConstraint(AddConstraint),
    DropConstraint(DropConstraint),
    RenameConstraint(RenameConstraint),
    ValidateConstraint(ValidateConstraint),
    CreateIndex(CreateIndex),
    DropIndex(DropIndex),
    RenameIndex(RenameIndex),
    Reindex(Reindex),
    Comment(Comment),
    Update(Update),
    Sql(Sql),
    RunFunction(RunFunction),
}

/// What every operation can do. All but `resolve` work on complete operations.
pub(crate) trait Operate {
    /// Checks the operation against the schema before it and completes it. The
    /// result is what it amounts to, in order: one operation or several, none
    /// where nothing sensible is left after what was reported.
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation>;

    /// Does it.
    fn apply(&self, schema: &mut Schema);

    /// What undoes it, given the schema before it.
    ///
    /// # Errors
    ///
    /// Why the model can not undo it, and what to write.
    fn reverse(&self, before: &Schema) -> Reversal;

    /// What is sent to PostgreSQL, given the schema before it.
    fn statements(&self, before: &Schema) -> Vec<Statement>;

    /// What is dangerous about it, given the schema before it. Findings can be
    /// accepted by `#[allow(…)]`.
    fn hazards(&self, _before: &Schema) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// What it does, in the words of the language.
    fn describe(&self) -> String;
}

/// The operations that undo one, or why there are none.
pub type Reversal = Result<Vec<Operation>, Box<Diagnostic>>;

macro_rules! each {
    ($operation:expr, $inner:ident => $result:expr) => {
        each!(@ $operation, $inner => $result;
            CreateSchema DropSchema CreateExtension DropExtension CreateEnum DropEnum RenameEnum
            AddEnumValue RenameEnumValue DropEnumValue CreateSequence AlterSequence RenameSequence
            DropSequence CreateTable DropTable RenameTable AddColumn DropColumn RenameColumn
            AlterColumnType SetDefault DropDefault SetNotNull DropNotNull AddIdentity DropIdentity
            AddConstraint DropConstraint RenameConstraint ValidateConstraint CreateIndex DropIndex
            RenameIndex Reindex Comment Update Sql RunFunction)
    };
    (@ $operation:expr, $inner:ident => $result:expr; $($variant:ident)*) => {
        match $operation { $(Operation::$variant($inner) => $result,)* }
    };
}

macro_rules! from_each {
    ($($variant:ident)*) => {
        $(impl From<$variant> for Operation {
            fn from(operation: $variant) -> Self {
                Self::$variant(operation)
            }
        })*
    };
}

from_each!(CreateSchema DropSchema CreateExtension DropExtension CreateEnum DropEnum RenameEnum
    AddEnumValue RenameEnumValue DropEnumValue CreateSequence AlterSequence RenameSequence
    DropSequence CreateTable DropTable RenameTable AddColumn DropColumn RenameColumn
    AlterColumnType SetDefault DropDefault SetNotNull DropNotNull AddIdentity DropIdentity
    AddConstraint DropConstraint RenameConstraint ValidateConstraint CreateIndex DropIndex
    RenameIndex Reindex Comment Update Sql RunFunction);

impl Operation {
    /// Checks the operation against the schema before it and completes it.
    pub fn resolve(&self, check: &mut Check<'_>) -> Vec<Self> {
        each!(self, operation => operation.resolve(check))
    }

    /// Does it.
    pub fn apply(&self, schema: &mut Schema) {
        each!(self, operation => operation.apply(schema));
    }

    /// What undoes it, given the schema before it.
    ///
    /// # Errors
    ///
    /// Why the model can not undo it, and what to write.
    pub fn reverse(&self, before: &Schema) -> Reversal {
        each!(self, operation => operation.reverse(before))
    }

    /// What is sent to PostgreSQL, given the schema before it.
    pub fn statements(&self, before: &Schema) -> Vec<Statement> {
        each!(self, operation => operation.statements(before))
    }

    /// What is dangerous about it, given the schema before it.
    pub fn hazards(&self, before: &Schema) -> Vec<Diagnostic> {
        each!(self, operation => operation.hazards(before))
    }

    /// Whether it can leave nothing to undo.
    pub(crate) fn needs_no_reversal(&self) -> bool {
        matches!(
            self,
            Self::AlterSequence(_)
                | Self::Reindex(_)
                | Self::Sql(_)
                | Self::Update(_)
                | Self::RunFunction(_)
        )
    }

    /// What it does, in the words of the language.
    pub fn describe(&self) -> String {
        each!(self, operation => operation.describe())
    }
}
