//! Defaults as an author writes them: PostgreSQL adds a cast to the type of
//! the column, which the column says already.

use deepref_schema_core::expr::Expr;
use deepref_schema_core::schema::Schema;
use deepref_schema_core::types::Type;

/// The schema without needless casts in its defaults.
pub(super) fn plain(schema: &Schema) -> Schema {
    let mut plain = schema.clone();
    for name in schema.tables.keys() {
        plain.change_table(name, |table| {
            for column in &mut table.columns {
                let bare = column.default.as_ref().and_then(|default| bare(default, &column.ty));
                column.default = bare.or(column.default.take());
            }
        });
    }
    plain
}

/// `'x'::text` as `'x'`, where the column is of that type.
fn bare(default: &Expr, ty: &Type) -> Option<Expr> {
    let (literal, cast) = default.sql().rsplit_once("::")?;
    let without_modifiers = Type { modifiers: Vec::new(), ..ty.clone() };
    let inner = literal.strip_prefix('\'')?.strip_suffix('\'')?;
    let is_one = !inner.replace("''", "").contains('\'');
    (is_one && cast == without_modifiers.sql()).then(|| Expr::computed(literal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_cast_that_the_column_says_goes() {
        let text = Type::builtin("text");
        let bare =
            |default: &str| bare(&Expr::computed(default), &text).map(|d| d.sql().to_owned());
        assert_eq!(bare("'x'::text"), Some("'x'".into()));
        assert_eq!(bare("'it''s'::text"), Some("'it''s'".into()));
        assert_eq!(bare("'x'::character varying"), None);
        assert_eq!(bare("'a'::text || 'b'::text"), None);
        assert_eq!(bare("now()"), None);
    }
}
