use crate::expr::Expr;
use crate::ident::{Ident, ObjectName, literal, sql_list};
use crate::operation::{
    ColumnDefinition, ConstraintDefinition, ConstraintForm, IdentityDefinition, SequenceOption,
};
use crate::schema::{
    ElementSubject, Exclusion, ForeignKey, IdentityKind, Index, IndexElement, Key, NullsOrder,
    StorageParameter,
};

/// A column, as in CREATE TABLE and ADD COLUMN.
pub fn column_sql(column: &ColumnDefinition) -> String {
    let mut sql = format!("{} {}", column.name.sql(), column.ty.sql());
    if let Some(collation) = &column.collation {
        sql += &format!(" COLLATE {}", collation_sql(collation));
    }
    if let Some(default) = &column.default {
        sql += &format!(" DEFAULT {}", default_sql(default));
    }
    if let Some(generated) = &column.generated {
        sql += &format!(" GENERATED ALWAYS AS ({}) STORED", generated.sql());
    }
    if let Some(identity) = &column.identity {
        sql += &format!(" {}", identity_sql(identity));
    }
    if !column.nullable {
        sql += " NOT NULL";
    }
    sql
}

/// What makes a column an identity column.
pub fn identity_sql(identity: &IdentityDefinition) -> String {
    let options = identity_options_sql(identity.sequence_name.as_ref(), &identity.options);
    format!("GENERATED {} AS IDENTITY{options}", identity_kind_sql(identity.kind))
}

fn identity_kind_sql(kind: IdentityKind) -> &'static str {
    match kind {
        IdentityKind::Always => "ALWAYS",
        IdentityKind::ByDefault => "BY DEFAULT",
    }
}

fn identity_options_sql(name: Option<&ObjectName>, options: &[SequenceOption]) -> String {
    let name = name.map(|name| format!("SEQUENCE NAME {}", name.sql()));
    let options = sequence_options_sql(options);
    let parts: Vec<_> = name.into_iter().chain((!options.is_empty()).then_some(options)).collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(" ")) }
}

/// A collation: those of PostgreSQL itself need no schema.
pub(crate) fn collation_sql(collation: &ObjectName) -> String {
    if collation.schema == "pg_catalog" {
        format!("\"{}\"", collation.name)
    } else {
        collation.sql()
    }
}

/// A default: in parentheses unless it is one literal or one call, because
/// PostgreSQL's grammar takes less after DEFAULT than elsewhere.
pub fn default_sql(default: &Expr) -> String {
    if default.is_simple() { default.sql().to_owned() } else { format!("({})", default.sql()) }
}

/// The options of a sequence, separated by spaces.
pub fn sequence_options_sql(options: &[SequenceOption]) -> String {
    options.iter().map(sequence_option_sql).collect::<Vec<_>>().join(" ")
}

fn sequence_option_sql(option: &SequenceOption) -> String {
    match option {
        SequenceOption::As(ty) => format!("AS {}", ty.sql()),
        SequenceOption::Increment(by, _) => format!("INCREMENT BY {by}"),
        SequenceOption::Min(Some(min), _) => format!("MINVALUE {min}"),
        SequenceOption::Min(None, _) => "NO MINVALUE".to_owned(),
        SequenceOption::Max(Some(max), _) => format!("MAXVALUE {max}"),
        SequenceOption::Max(None, _) => "NO MAXVALUE".to_owned(),
        SequenceOption::Start(start, _) => format!("START WITH {start}"),
        SequenceOption::Restart(Some(start), _) => format!("RESTART WITH {start}"),
        SequenceOption::Restart(None, _) => "RESTART".to_owned(),
        SequenceOption::Cache(cache, _) => format!("CACHE {cache}"),
        SequenceOption::Cycle(true, _) => "CYCLE".to_owned(),
        SequenceOption::Cycle(false, _) => "NO CYCLE".to_owned(),
        SequenceOption::OwnedBy(Some(owner), _) => {
            format!("OWNED BY {}.{}", owner.table.sql(), owner.column.sql())
        }
        SequenceOption::OwnedBy(None, _) => "OWNED BY NONE".to_owned(),
    }
}

/// A constraint with its name, as in CREATE TABLE and ADD.
pub fn constraint_sql(constraint: &ConstraintDefinition) -> String {
    let name = constraint
        .name
        .as_ref()
        .map_or_else(String::new, |name| format!("CONSTRAINT {} ", name.sql()));
    let not_valid = if constraint.not_valid { " NOT VALID" } else { "" };
    format!("{name}{}{}{not_valid}", form_sql(&constraint.form), constraint.deferral.sql())
}

fn form_sql(form: &ConstraintForm) -> String {
    match form {
        ConstraintForm::PrimaryKey(key) => format!("PRIMARY KEY{}", key_sql(key)),
        ConstraintForm::PrimaryKeyUsingIndex(index) => {
            format!("PRIMARY KEY USING INDEX {}", index.sql())
        }
        ConstraintForm::Unique(key) => format!("UNIQUE{}", key_sql(key)),
        ConstraintForm::UniqueUsingIndex(index) => format!("UNIQUE USING INDEX {}", index.sql()),
        ConstraintForm::Check(expr) => format!("CHECK ({})", expr.sql()),
        ConstraintForm::ForeignKey(foreign) => foreign_key_sql(foreign),
        ConstraintForm::Exclusion(exclusion) => exclusion_sql(exclusion),
    }
}

fn key_sql(key: &Key) -> String {
    let nulls = if key.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    let with = parameters_sql(&key.parameters);
    format!("{nulls} ({}){}{with}", sql_list(&key.columns), include_sql(&key.include))
}

fn parameters_sql(parameters: &[StorageParameter]) -> String {
    if parameters.is_empty() {
        return String::new();
    }
    let each = parameters.iter().map(|p| format!("{} = {}", p.name.sql(), p.value));
    format!(" WITH ({})", each.collect::<Vec<_>>().join(", "))
}

fn include_sql(include: &[Ident]) -> String {
    if include.is_empty() { String::new() } else { format!(" INCLUDE ({})", sql_list(include)) }
}

fn foreign_key_sql(foreign: &ForeignKey) -> String {
    let mut sql = format!(
        "FOREIGN KEY ({}) REFERENCES {} ({})",
        sql_list(&foreign.columns),
        foreign.table.sql(),
        sql_list(&foreign.referenced)
    );
    for (event, action) in [("DELETE", foreign.on_delete), ("UPDATE", foreign.on_update)] {
        if let Some(action) = action.sql() {
            sql += &format!(" ON {event} {action}");
        }
    }
    sql
}

fn exclusion_sql(exclusion: &Exclusion) -> String {
    let elements: Vec<_> = exclusion
        .elements
        .iter()
        .map(|element| format!("{} WITH {}", element_sql(&element.element), element.operator))
        .collect();
    let predicate = exclusion.predicate.as_ref();
    let predicate = predicate.map_or_else(String::new, |expr| format!(" WHERE ({})", expr.sql()));
    format!("EXCLUDE USING {} ({}){predicate}", exclusion.method.sql(), elements.join(", "))
}

/// The statement that makes an index.
pub fn index_sql(name: &Ident, table: &ObjectName, index: &Index, concurrently: bool) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let concurrently = if concurrently { "CONCURRENTLY " } else { "" };
    let elements: Vec<_> = index.elements.iter().map(element_sql).collect();
    let mut sql = format!(
        "CREATE {unique}INDEX {concurrently}{} ON {} USING {} ({}){}",
        name.sql(),
        table.sql(),
        index.method.sql(),
        elements.join(", "),
        include_sql(&index.include)
    );
    if index.nulls_not_distinct {
        sql += " NULLS NOT DISTINCT";
    }
    sql += &parameters_sql(&index.parameters);
    if let Some(predicate) = &index.predicate {
        sql += &format!(" WHERE {}", predicate.sql());
    }
    sql
}

/// An element of an index.
pub fn element_sql(element: &IndexElement) -> String {
    let mut sql = match &element.subject {
        ElementSubject::Column(name) => name.sql(),
        ElementSubject::Call(expr) => expr.sql().to_owned(),
        ElementSubject::Expression(expr) => format!("({})", expr.sql()),
    };
    if let Some(collation) = &element.collation {
        sql += &format!(" COLLATE {}", collation_sql(collation));
    }
    if let Some(class) = &element.operator_class {
        sql += &format!(" {}", class.sql());
    }
    if element.descending {
        sql += " DESC";
    }
    match element.nulls {
        Some(NullsOrder::First) => sql += " NULLS FIRST",
        Some(NullsOrder::Last) => sql += " NULLS LAST",
        None => {}
    }
    sql
}

/// A comment's text, or NULL.
pub(crate) fn comment_sql(text: Option<&str>) -> String {
    text.map_or_else(|| "NULL".to_owned(), literal)
}
