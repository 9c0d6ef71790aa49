//! Functions, procedures, aggregates and window functions.
//!
//! What the grammar itself turns into calls (`coalesce`, `greatest`, `current_date`, …) is not among them.

use super::search::{Row, Table};
use super::{Majors, Volatility};

const FUNCTIONS: Table = Table::new(include_str!("functions.tsv"));

/// One function by its arguments; several share a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Function {
    /// The name.
    pub name: &'static str,
    /// The types of its arguments, separated by commas. Of a variadic one the last is an array, or `"any"`.
    pub argument_list: &'static str,
    /// What it returns.
    pub result: &'static str,
    /// What kind of function it is.
    pub kind: FunctionKind,
    /// How much its result may change.
    pub volatility: Volatility,
    /// Whether it returns a set of rows.
    pub returns_set: bool,
    /// Whether the last argument may be repeated.
    pub variadic: bool,
    /// Whether NULL for any argument gives NULL.
    pub strict: bool,
    /// How many of the last arguments may be left out.
    pub defaults: usize,
    /// The extension that brings it.
    pub extension: Option<&'static str>,
    /// The versions that have it so.
    pub majors: Majors,
}

/// What `pg_proc.prokind` tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionKind {
    /// A function.
    Function,
    /// A procedure, for `CALL`.
    Procedure,
    /// An aggregate.
    Aggregate,
    /// A window function, which needs `OVER`.
    Window,
}

impl Function {
    /// The types of its arguments.
    pub fn arguments(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.argument_list.split(',').filter(|argument| !argument.is_empty())
    }

    /// Whether it can be called with so many arguments.
    pub fn accepts(&self, count: usize) -> bool {
        let declared = self.arguments().count();
        // At least one is needed for the repeated argument, unless it has a default.
        declared - self.defaults <= count && (self.variadic || count <= declared)
    }
}

/// The functions of this name, those of extensions included.
pub fn named(name: &str) -> impl Iterator<Item = Function> + use<> {
    FUNCTIONS.rows(&[name]).map(read)
}

/// Every function, for suggestions.
pub fn all() -> impl Iterator<Item = Function> {
    FUNCTIONS.all().map(read)
}

fn read(mut row: Row) -> Function {
    let (name, argument_list, result) = (row.text(), row.text(), row.text());
    let (kind, volatility) = (FunctionKind::parse(row.text()), Volatility::parse(row.text()));
    let flags = row.text();
    Function {
        name,
        argument_list,
        result,
        kind,
        volatility,
        returns_set: flags.contains('s'),
        variadic: flags.contains('v'),
        strict: flags.contains('n'),
        defaults: row.text().parse().unwrap_or(0),
        extension: row.optional(),
        majors: row.majors(),
    }
}

impl FunctionKind {
    fn parse(letter: &str) -> FunctionKind {
        match letter {
            "p" => FunctionKind::Procedure,
            "a" => FunctionKind::Aggregate,
            "w" => FunctionKind::Window,
            _ => FunctionKind::Function,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(name: &str) -> Function {
        let found: Vec<Function> = named(name).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        found[0]
    }

    #[test]
    fn known_functions() {
        let now = only("now");
        assert_eq!(
            (now.result, now.volatility, now.extension),
            ("timestamp with time zone", Volatility::Stable, None)
        );
        // `pgcrypto` had it first, and still brings its own.
        let makers: Vec<_> = named("gen_random_uuid").map(|function| function.extension).collect();
        assert_eq!(makers, [Some("pgcrypto"), None]);
        assert_eq!(only("uuid_generate_v4").extension, Some("uuid-ossp"));
        let since_18 = Majors { first: 18, last: u32::MAX };
        assert!(named("uuidv7").all(|function| function.majors == since_18));
        assert_eq!(only("row_number").kind, FunctionKind::Window);
        assert!(named("regexp_split_to_table").all(|function| function.returns_set));
        assert!(
            named("lower")
                .any(|function| function.argument_list == "text" && function.result == "text")
        );
        assert!(named("max").all(|function| function.kind == FunctionKind::Aggregate));
        assert_eq!(named("no_such_function").count(), 0);
    }

    #[test]
    fn numbers_of_arguments() {
        let interval = only("make_interval");
        assert!(interval.accepts(0) && interval.accepts(7) && !interval.accepts(8));
        let concat = only("concat");
        assert!(concat.variadic && !concat.accepts(0) && concat.accepts(1) && concat.accepts(9));
        assert!(only("now").accepts(0) && !only("now").accepts(1));
    }
}
