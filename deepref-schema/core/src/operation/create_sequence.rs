use super::{DropSequence, Operate, Operation, Reversal};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::ident::ObjectName;
use crate::origin::Origin;
use crate::schema::{Made, Owner, Schema, Sequence};
use crate::sql::sequence_options_sql;
use crate::statement::Statement;
use crate::types::Type;

/// `create sequence s …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateSequence {
    /// The sequence.
    pub name: ObjectName,
    /// Its options; what is left out has PostgreSQL's default.
    pub options: Vec<SequenceOption>,
}

/// One option of a sequence, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SequenceOption {
    /// `as bigint`
    As(Type),
    /// `increment 1`
    Increment(i64, Origin),
    /// `minvalue 1`; `None` is `no minvalue`
    Min(Option<i64>, Origin),
    /// `maxvalue 9`; `None` is `no maxvalue`
    Max(Option<i64>, Origin),
    /// `start 1`
    Start(i64, Origin),
    /// `restart`, `restart 1`: only in `alter sequence`
    Restart(Option<i64>, Origin),
    /// `cache 1`
    Cache(i64, Origin),
    /// `cycle`, `no cycle`
    Cycle(bool, Origin),
    /// `owned by t.c`; `None` is `owned by none`
    OwnedBy(Option<Owner>, Origin),
}

impl Operate for CreateSequence {
    fn resolve(&self, check: &mut Check<'_>) -> Vec<Operation> {
        if !check.namespace(&self.name.schema) || !check.free_relation_and_type(&self.name) {
            return Vec::new();
        }
        // Where they are wrong, statements after this can name the sequence all the same.
        let options = check.sequence_options(&self.name, None, &self.options).unwrap_or_default();
        vec![Self { name: self.name.clone(), options }.into()]
    }

    fn apply(&self, schema: &mut Schema) {
        let mut sequence = Sequence::with_options(None, &self.options);
        sequence.made = schema.now.clone();
        schema.insert_sequence(self.name.clone(), sequence);
    }

    fn reverse(&self, _: &Schema) -> Reversal {
        Ok(vec![DropSequence { name: self.name.clone() }.into()])
    }

    fn statements(&self, _: &Schema) -> Vec<Statement> {
        let options = sequence_options_sql(&self.options);
        let sql = format!("CREATE SEQUENCE {} {options}", self.name.sql());
        vec![Statement::new(self.describe(), sql.trim_end())]
    }

    fn describe(&self) -> String {
        format!("create sequence {}", self.name)
    }
}

impl SequenceOption {
    /// Where the option was written.
    pub fn origin(&self) -> Origin {
        match self {
            Self::As(ty) => ty.origin(),
            Self::Increment(_, origin)
            | Self::Min(_, origin)
            | Self::Max(_, origin)
            | Self::Start(_, origin)
            | Self::Restart(_, origin)
            | Self::Cache(_, origin)
            | Self::Cycle(_, origin)
            | Self::OwnedBy(_, origin) => *origin,
        }
    }
}

/// The largest and the smallest value of a type of sequences.
fn bounds(ty: &Type) -> (i64, i64) {
    match ty.name.as_str() {
        "smallint" => (i16::MIN.into(), i16::MAX.into()),
        "integer" => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN, i64::MAX),
    }
}

impl Sequence {
    /// The sequence that these options make of another, or of none, by the
    /// rules of CREATE and ALTER SEQUENCE.
    pub fn with_options(before: Option<&Self>, options: &[SequenceOption]) -> Self {
        let mut sequence = before.cloned().unwrap_or_else(Self::standard);
        let is_new = before.is_none();
        let (old_min, old_max) = bounds(&sequence.ty);
        // A bound that was the type's own follows the type, whatever the direction is.
        let is_retyped =
            !is_new && options.iter().any(|option| matches!(option, SequenceOption::As(_)));
        let follows_min = is_retyped && sequence.min == old_min;
        let follows_max = is_retyped && sequence.max == old_max;
        let (mut min, mut max, mut start) = (None, None, None);
        for option in options {
            match option {
                SequenceOption::As(ty) => sequence.ty = ty.clone(),
                SequenceOption::Increment(by, _) => sequence.increment = *by,
                SequenceOption::Min(value, _) => min = Some(*value),
                SequenceOption::Max(value, _) => max = Some(*value),
                SequenceOption::Start(value, _) => start = Some(*value),
                SequenceOption::Restart(..) => {}
                SequenceOption::Cache(value, _) => sequence.cache = *value,
                SequenceOption::Cycle(value, _) => sequence.cycle = *value,
                SequenceOption::OwnedBy(owner, _) => sequence.owner.clone_from(owner),
            }
        }
        let (lowest, highest) = bounds(&sequence.ty);
        let ascending = sequence.increment > 0;
        let usual_min = if ascending && !follows_min { 1 } else { lowest };
        let usual_max = if ascending || follows_max { highest } else { -1 };
        match min {
            Some(value) => sequence.min = value.unwrap_or(usual_min),
            None if is_new || follows_min => sequence.min = usual_min,
            None => {}
        }
        match max {
            Some(value) => sequence.max = value.unwrap_or(usual_max),
            None if is_new || follows_max => sequence.max = usual_max,
            None => {}
        }
        match start {
            Some(value) => sequence.start = value,
            None if is_new => sequence.start = if ascending { sequence.min } else { sequence.max },
            None => {}
        }
        sequence
    }

    fn standard() -> Self {
        Self {
            ty: Type::builtin("bigint"),
            increment: 1,
            min: 1,
            max: i64::MAX,
            start: 1,
            cache: 1,
            cycle: false,
            owner: None,
            comment: None,
            made: Made::default(),
        }
    }

    /// The options that make this sequence; those with PostgreSQL's default
    /// value are left out, and the owner.
    pub fn options(&self) -> Vec<SequenceOption> {
        let none = Origin::NONE;
        let mut options = Vec::new();
        if !self.ty.is("bigint") {
            options.push(SequenceOption::As(self.ty.clone()));
        }
        if self.increment != 1 {
            options.push(SequenceOption::Increment(self.increment, none));
        }
        let plain = Self::with_options(None, &options);
        if self.min != plain.min {
            options.push(SequenceOption::Min(Some(self.min), none));
        }
        if self.max != plain.max {
            options.push(SequenceOption::Max(Some(self.max), none));
        }
        if self.start != Self::with_options(None, &options).start {
            options.push(SequenceOption::Start(self.start, none));
        }
        if self.cache != 1 {
            options.push(SequenceOption::Cache(self.cache, none));
        }
        if self.cycle {
            options.push(SequenceOption::Cycle(true, none));
        }
        options
    }
}

fn restarted(options: &[SequenceOption]) -> Option<i64> {
    options.iter().find_map(|option| match option {
        SequenceOption::Restart(value, _) => *value,
        _ => None,
    })
}

impl Check<'_> {
    /// The options of a sequence, their types resolved and their values
    /// checked together.
    pub(crate) fn sequence_options(
        &mut self,
        name: &ObjectName,
        before: Option<&Sequence>,
        options: &[SequenceOption],
    ) -> Option<Vec<SequenceOption>> {
        let mut resolved = Vec::with_capacity(options.len());
        for (index, option) in options.iter().enumerate() {
            let kind = std::mem::discriminant(option);
            if options[..index].iter().any(|other| std::mem::discriminant(other) == kind) {
                let message = "the option is given twice";
                self.report(Diagnostic::new("syntax", option.origin(), message));
                return None;
            }
            resolved.push(self.sequence_option(name, option)?);
        }
        let sequence = Sequence::with_options(before, &resolved);
        self.sequence_values(&sequence, &resolved).then_some(resolved)
    }

    fn sequence_option(
        &mut self,
        name: &ObjectName,
        option: &SequenceOption,
    ) -> Option<SequenceOption> {
        match option {
            SequenceOption::As(ty) => {
                let ty = self.ty(ty);
                if !["smallint", "integer", "bigint"].iter().any(|name| ty.is(name)) {
                    let message = format!("a sequence is smallint, int or bigint, not `{ty}`");
                    self.report(Diagnostic::new("invalid_sequence", ty.origin(), message));
                    return None;
                }
                Some(SequenceOption::As(ty))
            }
            SequenceOption::OwnedBy(Some(owner), _) => {
                self.column(&owner.table, &owner.column)?;
                if owner.table.schema != name.schema {
                    let message =
                        format!("`{name}` and its owner `{}` are in two schemas", owner.table);
                    let origin = option.origin().or(owner.table.origin());
                    self.report(Diagnostic::new("invalid_sequence", origin, message));
                    return None;
                }
                Some(option.clone())
            }
            other => Some(other.clone()),
        }
    }

    fn sequence_values(&mut self, sequence: &Sequence, options: &[SequenceOption]) -> bool {
        let (lowest, highest) = bounds(&sequence.ty);
        let Sequence { min, max, start, .. } = *sequence;
        let problem = if sequence.increment == 0 {
            "the increment can not be zero".to_owned()
        } else if min < lowest || max > highest {
            format!("a sequence of {} runs from {lowest} to {highest}", sequence.ty)
        } else if min >= max {
            format!("the smallest value, {min}, must be less than the largest, {max}")
        } else if start < min || start > max {
            format!("the start, {start}, must be from {min} to {max}")
        } else if let Some(value) = restarted(options).filter(|v| !(min..=max).contains(v)) {
            format!("the value to restart with, {value}, must be from {min} to {max}")
        } else if sequence.cache < 1 {
            "the cache holds at least 1 value".to_owned()
        } else {
            return true;
        };
        let origin = options.iter().map(SequenceOption::origin).find(|origin| origin.is_known());
        self.report(Diagnostic::new("invalid_sequence", origin.unwrap_or_default(), problem));
        false
    }
}
