use super::{
    Comment, CommentSubject, CreateIndex, DropConstraint, DropNotNull, Operate, Operation,
    Reversal, TableItem, ValidateConstraint,
};
use crate::check::Check;
use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::locks::locks_of_new_constraint;
use crate::origin::Origin;
use crate::schema::{
    Constraint, ConstraintKind, Deferral, ElementSubject, Exclusion, ForeignKey, Index,
    IndexElement, Key, Made, Schema, Table,
};
use crate::sql::constraint_sql;
use crate::statement::Statement;

/// `alter table t add …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddConstraint {
    /// The table.
    pub table: ObjectName,
    /// The constraint.
    pub constraint: ConstraintDefinition,
    /// `concurrently`: without blocking for longer than an instant.
    pub concurrently: bool,
}

/// A constraint as written, in a table or after `add`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstraintDefinition {
    /// The name; PostgreSQL's own where none is written.
    pub name: Option<Ident>,
    /// What it demands.
    pub form: ConstraintForm,
    /// When it is checked.
    pub deferral: Deferral,
    /// `not valid`: rows that are there are not checked.
    pub not_valid: bool,
    /// The first word of the constraint.
    pub origin: Origin,
}

/// What a constraint demands, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstraintForm {
    /// `primary key (…)`
    PrimaryKey(Key),
    /// `primary key using index i`
    PrimaryKeyUsingIndex(Ident),
    /// `unique (…)`
    Unique(Key),
    /// `unique using index i`
    UniqueUsingIndex(Ident),
    /// `check (…)`
    Check(Expr),
    /// `foreign key (…) references …`
    ForeignKey(ForeignKey),
    /// `exclude (…)`
    Exclusion(Exclusion),
}

impl Operate for AddConstraint {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        let table = check.table(&self.table);
        let constraint = match table {
            Some(table) => check.constraint_definition(&self.table, table, &self.constraint),
            None => Some(self.constraint.clone()),
        };
        let Some(constraint) = constraint else { return Vec::new() };
        let mut named = vec![constraint];
        check.name_constraints(&self.table, &mut named);
        let Some(constraint) = named.pop() else { return Vec::new() };
        if self.concurrently && !table.is_some_and(|table| table.is_new(check.schema)) {
            return Self::in_steps(&self.table, constraint);
        }
        vec![Self::plain(self.table.clone(), constraint).into()]
    }

    fn apply(&self, schema: &mut Schema) {
        let made = schema.now.clone();
        schema.change_table(&self.table, |table| table.add_constraint(&self.constraint, &made));
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let name = self.constraint.name_or_index();
        let Some(table) = before.table(&self.table) else {
            let known = matches!(
                self.constraint.form,
                ConstraintForm::Check(_)
                    | ConstraintForm::Unique(_)
                    | ConstraintForm::ForeignKey(_)
            );
            let drop = || DropConstraint { table: self.table.clone(), name }.into();
            return Ok(known.then(drop).into_iter().collect());
        };
        let mut operations: Vec<Operation> =
            vec![DropConstraint { table: self.table.clone(), name }.into()];
        operations.extend(self.nullable_before(table));
        operations.extend(self.index_before(table));
        Ok(operations)
    }

    fn statements(&self, before: &Schema) -> Vec<Statement> {
        let sql =
            format!("ALTER TABLE {} ADD {}", self.table.sql(), constraint_sql(&self.constraint));
        let locks = locks_of_new_constraint(before, &self.table, &self.constraint);
        let mut statements = vec![Statement::new(self.describe(), sql).locking(locks)];
        let comment = before.table(&self.table).and_then(|table| self.comment_of_index(table));
        if let Some(text) = comment {
            let name = self.constraint.name_or_index();
            let index = CommentSubject::Index(self.table.sibling(name.clone()));
            let constraint = CommentSubject::Constraint(name, self.table.clone());
            let moved = [(index, None), (constraint, Some(text))];
            statements.extend(
                moved
                    .into_iter()
                    .flat_map(|(subject, text)| Comment::new(subject, text).statements(before)),
            );
        }
        statements
    }

    fn describe(&self) -> String {
        let name = self.constraint.name_or_index();
        format!("alter table {} add {} {name}", self.table, self.constraint.form.keyword())
    }
}

impl AddConstraint {
    /// The constraint, added in one step.
    pub(crate) fn plain(table: ObjectName, constraint: ConstraintDefinition) -> Self {
        Self { table, constraint, concurrently: false }
    }

    /// The steps that together block nobody for longer than an instant.
    fn in_steps(table: &ObjectName, constraint: ConstraintDefinition) -> Vec<Operation> {
        let name = constraint.name_or_index();
        match &constraint.form {
            ConstraintForm::Check(_) | ConstraintForm::ForeignKey(_) => {
                let not_valid = ConstraintDefinition { not_valid: true, ..constraint };
                let validate = ValidateConstraint { table: table.clone(), name };
                vec![Self::plain(table.clone(), not_valid).into(), validate.into()]
            }
            ConstraintForm::PrimaryKey(key) | ConstraintForm::Unique(key) => {
                let form = match constraint.form {
                    ConstraintForm::PrimaryKey(_) => {
                        ConstraintForm::PrimaryKeyUsingIndex(name.clone())
                    }
                    _ => ConstraintForm::UniqueUsingIndex(name.clone()),
                };
                let index = CreateIndex {
                    name: Some(name),
                    table: table.clone(),
                    index: index_of_key(key),
                    concurrently: true,
                    origin: constraint.origin,
                };
                let attached = ConstraintDefinition { form, ..constraint };
                vec![index.into(), Self::plain(table.clone(), attached).into()]
            }
            _ => vec![Self::plain(table.clone(), constraint).into()],
        }
    }

    /// A primary key makes its columns NOT NULL, and they stay so without it.
    fn nullable_before(&self, table: &Table) -> Vec<Operation> {
        let key = match &self.constraint.form {
            ConstraintForm::PrimaryKey(key) => key.columns.clone(),
            ConstraintForm::PrimaryKeyUsingIndex(index) => {
                table.indexes.get(index).map_or_else(Vec::new, |index| key_of_index(index).columns)
            }
            _ => return Vec::new(),
        };
        let nullable = key
            .into_iter()
            .filter(|column| table.column(column.as_str()).is_some_and(|column| column.nullable));
        nullable.map(|column| DropNotNull { table: self.table.clone(), column }.into()).collect()
    }

    /// The comment of the index that the constraint takes over, which becomes
    /// its own.
    fn comment_of_index(&self, table: &Table) -> Option<String> {
        table.indexes.get(self.constraint.form.index()?)?.comment.clone()
    }

    /// A constraint takes over its index, and takes it along when it goes.
    fn index_before(&self, table: &Table) -> Vec<Operation> {
        let name = self.constraint.form.index();
        let index = name.and_then(|name| Some((name, table.indexes.get(name)?)));
        index.map_or_else(Vec::new, |(name, index)| index.restore(&self.table, name))
    }
}

/// The unique index that a key needs.
pub(crate) fn index_of_key(key: &Key) -> Index {
    let element = |column: &Ident| IndexElement::column(column.clone());
    Index {
        unique: true,
        method: Ident::computed("btree"),
        elements: key.columns.iter().map(element).collect(),
        include: key.include.clone(),
        nulls_not_distinct: key.nulls_not_distinct,
        parameters: key.parameters.clone(),
        predicate: None,
        comment: None,
        made: Made::default(),
    }
}

/// The key that an index can serve.
fn key_of_index(index: &Index) -> Key {
    let columns = index.elements.iter().filter_map(|element| match &element.subject {
        ElementSubject::Column(name) => Some(name.clone()),
        _ => None,
    });
    Key {
        columns: columns.collect(),
        include: index.include.clone(),
        nulls_not_distinct: index.nulls_not_distinct,
        parameters: index.parameters.clone(),
    }
}

impl IndexElement {
    /// A plain column.
    pub(crate) fn column(name: Ident) -> Self {
        Self {
            subject: ElementSubject::Column(name),
            collation: None,
            operator_class: None,
            descending: false,
            nulls: None,
        }
    }
}

impl ConstraintForm {
    /// The kind, as the language writes it.
    pub fn keyword(&self) -> &'static str {
        match self {
            Self::PrimaryKey(_) | Self::PrimaryKeyUsingIndex(_) => "primary key",
            Self::Unique(_) | Self::UniqueUsingIndex(_) => "unique",
            Self::Check(_) => "check",
            Self::ForeignKey(_) => "foreign key",
            Self::Exclusion(_) => "exclude",
        }
    }

    /// The index that it takes over.
    fn index(&self) -> Option<&Ident> {
        match self {
            Self::PrimaryKeyUsingIndex(index) | Self::UniqueUsingIndex(index) => Some(index),
            _ => None,
        }
    }

    /// Whether an index comes with it.
    pub fn has_index(&self) -> bool {
        !matches!(self, Self::Check(_) | Self::ForeignKey(_))
    }

    /// The order in which constraints are written: keys before what needs them.
    pub(crate) fn rank(&self) -> u8 {
        match self {
            Self::PrimaryKey(_) | Self::PrimaryKeyUsingIndex(_) => 0,
            Self::Unique(_) | Self::UniqueUsingIndex(_) => 1,
            Self::Check(_) => 2,
            Self::Exclusion(_) => 3,
            Self::ForeignKey(_) => 4,
        }
    }
}

impl TableItem {
    /// The operation that adds a constraint to a table that exists.
    pub(crate) fn added_to(self, table: &ObjectName) -> Option<Operation> {
        match self {
            Self::Column(_) => None,
            Self::Constraint(constraint) => {
                Some(AddConstraint::plain(table.clone(), constraint).into())
            }
        }
    }
}

impl ConstraintDefinition {
    /// Whether it is a foreign key.
    pub(crate) fn is_foreign_key(&self) -> bool {
        matches!(self.form, ConstraintForm::ForeignKey(_))
    }

    /// The name of a complete definition.
    pub(crate) fn name_or_index(&self) -> Ident {
        match (&self.name, &self.form) {
            (Some(name), _) => name.clone(),
            (
                None,
                ConstraintForm::PrimaryKeyUsingIndex(index)
                | ConstraintForm::UniqueUsingIndex(index),
            ) => index.clone(),
            _ => Ident::computed(""),
        }
    }

    /// The definition of a constraint that exists.
    pub(crate) fn of(name: &Ident, constraint: &Constraint) -> Self {
        let form = match &constraint.kind {
            ConstraintKind::PrimaryKey(key) => ConstraintForm::PrimaryKey(key.clone()),
            ConstraintKind::Unique(key) => ConstraintForm::Unique(key.clone()),
            ConstraintKind::Check(expr) => ConstraintForm::Check(expr.clone()),
            ConstraintKind::ForeignKey(foreign) => ConstraintForm::ForeignKey(foreign.clone()),
            ConstraintKind::Exclusion(exclusion) => ConstraintForm::Exclusion(exclusion.clone()),
        };
        Self {
            name: Some(name.clone()),
            form,
            deferral: constraint.deferral,
            not_valid: !constraint.valid,
            origin: Origin::NONE,
        }
    }
}

impl Table {
    /// Adds the constraint that a complete definition makes.
    pub(crate) fn add_constraint(&mut self, definition: &ConstraintDefinition, made: &Made) {
        let mut comment = None;
        let kind = match &definition.form {
            ConstraintForm::PrimaryKey(key) => ConstraintKind::PrimaryKey(key.clone()),
            ConstraintForm::Unique(key) => ConstraintKind::Unique(key.clone()),
            ConstraintForm::Check(expr) => ConstraintKind::Check(expr.clone()),
            ConstraintForm::ForeignKey(foreign) => ConstraintKind::ForeignKey(foreign.clone()),
            ConstraintForm::Exclusion(exclusion) => ConstraintKind::Exclusion(exclusion.clone()),
            ConstraintForm::PrimaryKeyUsingIndex(index)
            | ConstraintForm::UniqueUsingIndex(index) => {
                let Some(index) = self.indexes.remove(index) else { return };
                comment.clone_from(&index.comment);
                match &definition.form {
                    ConstraintForm::PrimaryKeyUsingIndex(_) => {
                        ConstraintKind::PrimaryKey(key_of_index(&index))
                    }
                    _ => ConstraintKind::Unique(key_of_index(&index)),
                }
            }
        };
        if let ConstraintKind::PrimaryKey(key) = &kind {
            for column in self.columns.iter_mut().filter(|c| key.columns.contains(&c.name)) {
                column.nullable = false;
            }
        }
        let constraint = Constraint {
            kind,
            deferral: definition.deferral,
            valid: !definition.not_valid,
            comment,
            made: made.clone(),
        };
        self.constraints.insert(definition.name_or_index(), constraint);
    }

    /// Notes a key under a name of its own, so that the foreign keys of the
    /// same statement find it before it is named.
    pub(super) fn add_key_of(&mut self, definition: &ConstraintDefinition) {
        if matches!(definition.form, ConstraintForm::PrimaryKey(_) | ConstraintForm::Unique(_)) {
            let name = Some(Ident::computed(format!("\0{}", self.constraints.len())));
            let keyed = ConstraintDefinition { name, ..definition.clone() };
            self.add_constraint(&keyed, &Made::default());
        }
    }
}
