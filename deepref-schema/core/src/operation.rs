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
mod rename_column;
mod rename_constraint;
mod rename_enum;
mod rename_enum_value;
mod rename_index;
mod rename_sequence;
mod rename_table;
mod sql;
mod update;
mod validate_constraint;

pub use add_column::{AddColumn, ColumnDefinition, IdentityDefinition};
pub use add_constraint::{AddConstraint, ConstraintDefinition, ConstraintForm};
pub use add_enum_value::{AddEnumValue, ValuePosition};
pub use alter_column_type::AlterColumnType;
pub use alter_sequence::AlterSequence;
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
pub use rename_column::RenameColumn;
pub use rename_constraint::RenameConstraint;
pub use rename_enum::RenameEnum;
pub use rename_enum_value::RenameEnumValue;
pub use rename_index::RenameIndex;
pub use rename_sequence::RenameSequence;
pub use rename_table::RenameTable;
pub use sql::{Sql, SqlDown};
pub use update::{Assignment, Update};
pub use validate_constraint::ValidateConstraint;

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
    Comment(Comment),
    Update(Update),
    Sql(Sql),
}
