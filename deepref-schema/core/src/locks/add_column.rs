//! What a new column costs (manual chapter "ALTER TABLE", "Notes").

use super::Work;
use crate::catalogue::{Volatility, functions};
use crate::check::is_grammar_function;
use crate::expr::Expr;
use crate::known;
use crate::operation::ColumnDefinition;
use crate::schema::Schema;
use crate::types::Type;

/// What adding a column does to the rows that are there. A default that is the
/// same for all of them is stored once; one that is not is written to each.
pub(crate) fn work_of_new_column(before: &Schema, column: &ColumnDefinition) -> Work {
    let volatile = column.default.as_ref().is_some_and(may_be_volatile);
    let written = column.identity.is_some() || column.generated.is_some() || volatile;
    if written || may_be_a_domain(before, &column.ty) {
        Work::Rewrite
    } else if !column.nullable && column.default.is_none() {
        Work::Scan
    } else {
        Work::Nothing
    }
}

/// Whether two rows may get two values: a function that the catalogue does not
/// know may do anything.
fn may_be_volatile(default: &Expr) -> bool {
    default.facts().functions.iter().any(|used| {
        let mut known = functions::named(&used.name).peekable();
        match known.peek() {
            None => !is_grammar_function(&used.name),
            Some(_) => known.any(|function| function.volatility == Volatility::Volatile),
        }
    })
}

/// Whether it is a type that raw SQL made: a domain may have constraints, which
/// the rows are written again for. Where an extension is there that the
/// catalogue does not know, the type is taken to be one of its own, as `vector`
/// is.
fn may_be_a_domain(before: &Schema, ty: &Type) -> bool {
    let plain = if ty.array { ty.element() } else { ty.clone() };
    known::row_of(&plain).is_none()
        && !before.enums.keys().any(|name| plain.is_named(name))
        && !before.has_foreign_extension()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ident::Ident;
    use crate::operation::{CreateExtension, Operation};

    fn column(ty: &str) -> ColumnDefinition {
        ColumnDefinition {
            name: Ident::computed("c"),
            ty: Type { schema: Some(Ident::computed("public")), ..Type::builtin(ty) },
            nullable: true,
            default: None,
            identity: None,
            generated: None,
            collation: None,
        }
    }

    #[test]
    fn a_type_of_an_unknown_extension_is_no_domain() {
        let mut schema = Schema::empty();
        assert_eq!(work_of_new_column(&schema, &column("vector")), Work::Rewrite);
        let extension = CreateExtension { name: Ident::computed("vector"), schema: None };
        Operation::from(extension).apply(&mut schema);
        assert_eq!(work_of_new_column(&schema, &column("vector")), Work::Nothing);
    }
}
