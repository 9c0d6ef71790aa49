//! What can come of a revert, other than the schema before.
//!
//! What is said here is a promise: where nothing is, no row that is there can
//! make the revert fail, and every row stays. Where the model does not know,
//! it says so.

mod fit;

use crate::expr::Expr;
use crate::ident::{Ident, ObjectName};
use crate::operation::{
    AddColumn, AddConstraint, AlterColumnType, AlterSequence, ConstraintForm, CreateIndex,
    Operation, SequenceOption, SetNotNull, ValidateConstraint,
};
use crate::schema::Schema;

/// Something that can come of a revert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Risk {
    /// What it is.
    pub kind: RiskKind,
    /// In words, after "a revert": ``fails where `name` of users is null``.
    pub text: String,
}

/// What can come of a revert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RiskKind {
    /// Rows that are there can make it fail, which rolls it back.
    Fails,
    /// The model does not know what it does: SQL or a function of the author.
    Unknown,
    /// It deletes something that nothing brings back.
    Loses,
}

impl RiskKind {
    /// Each of them, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Fails, Self::Unknown, Self::Loses];
}

/// What can come of a revert, in one word: the worst that can.
///
/// It is about the rows. Whatever the class, a revert waits for locks, and
/// objects of others, which the model does not know, can be in its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RevertClass {
    /// The schema before, and nothing else: no row makes it fail, and every
    /// row stays.
    Total,
    /// Rows can make it fail, which rolls it back.
    DataDependent,
    /// It runs SQL or functions of its author, of which nothing is known.
    Unknown,
    /// It deletes rows, values, or something else that nothing brings back.
    Lossy,
}

impl RevertClass {
    /// The worst that can come of it, where it deletes rows or values or does
    /// not, and of these risks.
    pub fn of(deletes: bool, risks: impl Iterator<Item = RiskKind>) -> Self {
        let worst = risks.map(|kind| match kind {
            RiskKind::Fails => Self::DataDependent,
            RiskKind::Unknown => Self::Unknown,
            RiskKind::Loses => Self::Lossy,
        });
        worst.chain(deletes.then_some(Self::Lossy)).max().unwrap_or(Self::Total)
    }

    /// The word for it: `data-dependent`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::DataDependent => "data-dependent",
            Self::Unknown => "unchecked",
            Self::Lossy => "lossy",
        }
    }
}

/// Functions of defaults that work on any number of rows.
const SOUND_FUNCTIONS: [&str; 8] = [
    "nextval",
    "now",
    "clock_timestamp",
    "statement_timestamp",
    "transaction_timestamp",
    "gen_random_uuid",
    "uuid_generate_v4",
    "random",
];

/// What can come of an operation of a revert, given the schema before it. What
/// it deletes of tables and columns is counted elsewhere: see [`super::Loss`].
pub(super) fn risks(operation: &Operation, before: &Schema) -> Vec<Risk> {
    match operation {
        Operation::AddColumn(add) => add.risk(before).into_iter().collect(),
        Operation::AlterColumnType(alter) => alter.risks(before),
        Operation::SetNotNull(set) => set.risk(before).into_iter().collect(),
        Operation::AddConstraint(add) => add.risk(before).into_iter().collect(),
        Operation::ValidateConstraint(validate) => validate.risk(before).into_iter().collect(),
        Operation::CreateIndex(create) => create.risk(before).into_iter().collect(),
        Operation::DropEnumValue(drop) => {
            let is_new = before.enums.get(&drop.name).is_some_and(|of| before.is_making(&of.made));
            let text = format!("fails where a row holds `{}` of {}", drop.value, drop.name);
            (!is_new).then(|| fails(text)).into_iter().collect()
        }
        Operation::AlterSequence(alter) => alter.risks(before),
        Operation::DropSequence(drop) => {
            let sequence = before.sequences.get(&drop.name);
            let is_new = sequence.is_some_and(|sequence| before.is_making(&sequence.made));
            (!is_new).then(|| uncounted(&drop.name)).into_iter().collect()
        }
        Operation::Update(update) => {
            vec![unknown(format!("updates {} as its author wrote", update.table))]
        }
        Operation::Sql(_) => vec![unknown("runs SQL, which may do anything".into())],
        Operation::RunFunction(run) => {
            vec![unknown(format!("runs {}, which may do anything", run.function))]
        }
        Operation::CreateSchema(_)
        | Operation::DropSchema(_)
        | Operation::CreateExtension(_)
        | Operation::DropExtension(_)
        | Operation::CreateEnum(_)
        | Operation::DropEnum(_)
        | Operation::RenameEnum(_)
        | Operation::AddEnumValue(_)
        | Operation::RenameEnumValue(_)
        | Operation::CreateSequence(_)
        | Operation::RenameSequence(_)
        | Operation::CreateTable(_)
        | Operation::DropTable(_)
        | Operation::RenameTable(_)
        | Operation::DropColumn(_)
        | Operation::RenameColumn(_)
        | Operation::SetDefault(_)
        | Operation::DropDefault(_)
        | Operation::DropNotNull(_)
        | Operation::AddIdentity(_)
        | Operation::DropIdentity(_)
        | Operation::DropConstraint(_)
        | Operation::RenameConstraint(_)
        | Operation::DropIndex(_)
        | Operation::RenameIndex(_)
        | Operation::Comment(_)
        | Operation::Reindex(_) => Vec::new(),
    }
}

fn fails(text: String) -> Risk {
    Risk { kind: RiskKind::Fails, text }
}

fn unknown(text: String) -> Risk {
    Risk { kind: RiskKind::Unknown, text }
}

fn uncounted(sequence: &ObjectName) -> Risk {
    Risk { kind: RiskKind::Loses, text: format!("loses how far {sequence} has counted") }
}

/// Whether a table was made by the revert itself, so that it has no rows.
fn is_new(table: &ObjectName, before: &Schema) -> bool {
    before.table(table).is_some_and(|table| table.is_new(before))
}

/// Whether an expression has the same value for every row.
fn is_constant(expr: &Expr) -> bool {
    let facts = expr.facts();
    facts.columns.is_empty() && facts.functions.is_empty() && !facts.has_query
}

impl AddColumn {
    fn risk(&self, before: &Schema) -> Option<Risk> {
        if is_new(&self.table, before) {
            return None;
        }
        let Self { table, column, fill } = self;
        let name = &column.name;
        let draws = |function: &str| {
            let facts = column.default.as_ref().map(Expr::facts);
            facts.is_some_and(|facts| facts.functions.iter().any(|used| used.name == function))
        };
        if before.is_unmodelled_type(&column.ty) {
            return Some(fails(format!(
                "fails where the type of `{name}` refuses rows of {table}"
            )));
        }
        if column.generated.is_some()
            || fill.as_ref().is_some_and(|fill| !self.is_sound(fill, before))
        {
            return Some(fails(format!(
                "fails where a row of {table} gives no value for `{name}`"
            )));
        }
        if column.ty.is("smallint") && (column.identity.is_some() || draws("nextval")) {
            return Some(fails(format!("fails where {table} has more rows than `{name}` counts")));
        }
        let gives_value = fill.is_some() || column.default.is_some() || column.identity.is_some();
        if !gives_value && !column.nullable {
            return Some(fails(format!(
                "fails where {table} has rows, with no value for `{name}`"
            )));
        }
        let default = column.default.as_ref().filter(|_| fill.is_none());
        let is_sound = |expr: &Expr| {
            let mut functions = expr.facts().functions.iter();
            !expr.facts().has_query
                && functions.all(|used| SOUND_FUNCTIONS.contains(&used.name.as_str()))
        };
        (!default.is_none_or(is_sound)).then(|| {
            fails(format!("fails where the default of `{name}` fails for a row of {table}"))
        })
    }

    /// Whether `restore as` can not fail: it is a constant, or a text that is
    /// there, with another one where it is null.
    fn is_sound(&self, fill: &Expr, before: &Schema) -> bool {
        let is_null = fill.sql().trim().eq_ignore_ascii_case("null");
        let constant = is_constant(fill)
            && self.column.ty.modifiers.is_empty()
            && (self.column.nullable || !is_null);
        constant || self.column.ty.is("text") && self.is_text_or_constant(fill, before)
    }

    fn is_text_or_constant(&self, fill: &Expr, before: &Schema) -> bool {
        let facts = fill.facts();
        let ([used], [text]) = (&facts.columns[..], &facts.strings[..]) else { return false };
        let table = before.table(&self.table);
        let source = table.and_then(|table| table.column(&used.name));
        let part = |range: &std::ops::Range<usize>| fill.sql().get(range.clone());
        let whole = part(&used.range)
            .zip(part(&text.range))
            .map(|(column, text)| format!("coalesce({column}, {text})"));
        used.qualifier.is_none()
            && source.is_some_and(|source| source.ty.is("text"))
            && whole.is_some_and(|whole| whole == fill.sql())
    }
}

impl AlterColumnType {
    fn risks(&self, before: &Schema) -> Vec<Risk> {
        if is_new(&self.table, before) {
            return Vec::new();
        }
        let Self { table, column, ty, .. } = self;
        let mut risks = Vec::new();
        if self.can_lose(before) {
            let text = format!("can change what `{column}` of {table} holds, to fit {ty}");
            risks.push(Risk { kind: RiskKind::Loses, text });
        }
        if !self.always_fits(before) {
            risks.push(fails(format!("fails where a value of `{column}` of {table} is no {ty}")));
        }
        risks
    }
}

impl SetNotNull {
    fn risk(&self, before: &Schema) -> Option<Risk> {
        let Self { table, column, .. } = self;
        (!is_new(table, before))
            .then(|| fails(format!("fails where `{column}` of {table} is null")))
    }
}

impl AddConstraint {
    fn risk(&self, before: &Schema) -> Option<Risk> {
        let looks_at_rows = match self.constraint.form {
            ConstraintForm::UniqueUsingIndex(_) => false,
            _ => !self.constraint.not_valid,
        };
        (looks_at_rows && !is_new(&self.table, before))
            .then(|| broken(&self.table, &self.constraint.name_or_index()))
    }
}

impl ValidateConstraint {
    fn risk(&self, before: &Schema) -> Option<Risk> {
        (!is_new(&self.table, before)).then(|| broken(&self.table, &self.name))
    }
}

fn broken(table: &ObjectName, constraint: &Ident) -> Risk {
    fails(format!("fails where rows of {table} break `{constraint}`"))
}

impl CreateIndex {
    fn risk(&self, before: &Schema) -> Option<Risk> {
        if is_new(&self.table, before) {
            return None;
        }
        let table = &self.table;
        let name = self.name.as_ref().map_or("", Ident::as_str);
        if self.index.unique {
            return Some(fails(format!("fails where rows of {table} are equal for `{name}`")));
        }
        let fits = before.table(table).is_some_and(|table| self.always_fits(table, before));
        (!fits).then(|| fails(format!("fails where a row of {table} does not fit into `{name}`")))
    }
}

impl AlterSequence {
    fn risks(&self, before: &Schema) -> Vec<Risk> {
        let sequence = before.sequences.get(&self.name);
        if sequence.is_some_and(|sequence| before.is_making(&sequence.made)) {
            return Vec::new();
        }
        let mut risks = Vec::new();
        if self.options.iter().any(|option| matches!(option, SequenceOption::Restart(..))) {
            risks.push(uncounted(&self.name));
        }
        let narrows = |option: &SequenceOption| {
            use SequenceOption::{As, Max, Min};
            matches!(option, As(_) | Min(..) | Max(..))
        };
        if self.options.iter().any(narrows) {
            risks.push(fails(format!("fails where {} has counted beyond its bounds", self.name)));
        }
        risks
    }
}
