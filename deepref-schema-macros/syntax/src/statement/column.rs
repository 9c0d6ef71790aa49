//! A column, with the constraints beside it.

use deepref_schema_core::expr::Expr;
use deepref_schema_core::ident::{Ident, ObjectName};
use deepref_schema_core::operation::{
    ColumnDefinition, ConstraintDefinition, ConstraintForm, IdentityDefinition,
};
use deepref_schema_core::origin::Origin;
use deepref_schema_core::schema::{Deferral, IdentityKind, Key};
use deepref_schema_core::types::Type;

use super::constraint::references;
use super::sequence::options_in_parentheses;
use crate::cursor::Cursor;
use crate::error::{Parse, Stop};
use crate::expr::{self, Ends};
use crate::keywords;
use crate::name::{check_string_name, name, path};
use crate::token::{Kind, Token};
use crate::types::{is_serial, is_whole_number, ty};

/// A column and the constraints written beside it.
pub(crate) struct Column {
    pub(crate) definition: ColumnDefinition,
    pub(crate) constraints: Vec<ConstraintDefinition>,
}

/// Columns that every table has (manual chapter "System Columns").
const SYSTEM_COLUMNS: &[&str] = &["cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"];

/// `name: type[?] attribute* [= default]`
pub(crate) fn column(cursor: &mut Cursor) -> Parse<Column> {
    let start = *cursor;
    let name = name(cursor)?;
    keywords::refuse_if_exists(&start)?;
    if !cursor.eat_punct(':') {
        return Err(missing_colon(cursor, &name));
    }
    refuse_system_column(&name)?;
    let ty = ty(cursor)?;
    let question = cursor.origin();
    let nullable = cursor.eat_punct('?');
    let mut reader = AttributeReader {
        column: Column {
            definition: ColumnDefinition {
                name,
                ty,
                nullable,
                default: None,
                identity: None,
                generated: None,
                collation: None,
            },
            constraints: Vec::new(),
        },
    };
    while reader.attribute(cursor)? {}
    reader.default(cursor)?;
    check(&reader.column.definition, question)?;
    Ok(reader.column)
}

fn missing_colon(cursor: &Cursor, name: &Ident) -> Stop {
    let stop = cursor.expected("`:` between column and type");
    match cursor.peek() {
        Some(token) if token.is_any_word() => {
            let lower = token.text.to_ascii_lowercase();
            stop.help(format!("write `{}: {lower}`", spelled(name)))
        }
        _ => stop,
    }
}

/// A name as it is written in the language.
pub(crate) fn spelled(name: &Ident) -> String {
    let text = name.as_str();
    if crate::name::is_identifier(text) { text.to_owned() } else { format!("{text:?}") }
}

/// A type as it is written in the language.
fn written(ty: &Type) -> String {
    let schema =
        ty.schema.as_ref().map_or_else(String::new, |schema| format!("{}.", spelled(schema)));
    let modifiers = match ty.modifiers.is_empty() {
        true => String::new(),
        false => format!("({})", ty.modifiers.join(", ")),
    };
    let array = if ty.array { "[]" } else { "" };
    format!("{schema}{}{modifiers}{array}", ty.name)
}

pub(crate) fn refuse_system_column(name: &Ident) -> Parse<()> {
    if !SYSTEM_COLUMNS.contains(&name.as_str()) {
        return Ok(());
    }
    Err(Stop::of(
        "invalid_name",
        name.origin,
        format!("`{name}` is a system column, which every table has"),
    )
    .help("choose another name"))
}

/// What PostgreSQL refuses in every column.
pub(crate) fn check(column: &ColumnDefinition, question: Origin) -> Parse<()> {
    if is_serial(&column.ty) {
        return check_serial(column, question);
    }
    let Some(identity) = &column.identity else {
        return Ok(());
    };
    if column.nullable {
        return Err(Stop::of("invalid_identity", question, "an identity column is never null")
            .help("delete `?`"));
    }
    if !is_whole_number(&column.ty) {
        let message = "an identity column is `smallint`, `int` or `bigint`";
        return Err(Stop::of("invalid_identity", column.ty.origin(), message)
            .help(format!("write `{}: bigint identity`", spelled(&column.name))));
    }
    if let Some(generated) = &column.generated {
        return Err(Stop::of(
            "invalid_identity",
            identity.origin.or(generated.origin()),
            "a column is either `identity` or `generated`",
        ));
    }
    Ok(())
}

fn check_serial(column: &ColumnDefinition, question: Origin) -> Parse<()> {
    let ty = &column.ty.name;
    let stop = |origin, message: String| Stop::of("invalid_type", origin, message);
    if column.nullable {
        let message = format!("a `{ty}` column is never null");
        return Err(stop(question, message).help("delete `?`"));
    }
    if let Some(default) = &column.default {
        let message = format!("a `{ty}` column has its sequence for a default");
        return Err(stop(default.origin(), message).help("delete the default, or write `int`"));
    }
    if let Some(identity) = &column.identity {
        let message = format!("a `{ty}` column counts up already");
        return Err(stop(identity.origin, message).help("delete `identity`, or write `int`"));
    }
    match &column.generated {
        Some(generated) => {
            let message = format!("a `{ty}` column counts up and can not be generated");
            Err(stop(generated.origin(), message).help("write `int`"))
        }
        None => Ok(()),
    }
}

struct AttributeReader {
    column: Column,
}

impl AttributeReader {
    /// One attribute, if there is another.
    fn attribute(&mut self, cursor: &mut Cursor) -> Parse<bool> {
        let origin = cursor.origin();
        if cursor.eat_words(&["primary", "key"]) {
            let key = self.key();
            self.constraint(ConstraintForm::PrimaryKey(key), Deferral::default(), origin)?;
        } else if cursor.eat_word("unique") {
            let key = self.key();
            self.constraint(ConstraintForm::Unique(key), Deferral::default(), origin)?;
        } else if cursor.eat_word("check") {
            let condition = expr::in_parentheses(cursor)?;
            self.constraint(ConstraintForm::Check(condition), Deferral::default(), origin)?;
        } else if cursor.is_word("references") {
            let columns = vec![self.column.definition.name.clone()];
            let (foreign_key, deferral) = references(cursor, columns)?;
            self.constraint(ConstraintForm::ForeignKey(foreign_key), deferral, origin)?;
        } else if cursor.is_word("identity") {
            let identity = identity(cursor)?;
            once(self.column.definition.identity.replace(identity).is_none(), origin, "identity")?;
        } else if cursor.eat_word("generated") {
            let generated = generated(cursor)?;
            once(
                self.column.definition.generated.replace(generated).is_none(),
                origin,
                "generated",
            )?;
        } else if cursor.is_word("collate") {
            let collation = collation(cursor)?;
            once(self.column.definition.collation.replace(collation).is_none(), origin, "collate")?;
        } else {
            self.habit(cursor)?;
            return Ok(false);
        }
        Ok(true)
    }

    fn key(&self) -> Key {
        Key { columns: vec![self.column.definition.name.clone()], ..Key::default() }
    }

    fn constraint(
        &mut self,
        form: ConstraintForm,
        deferral: Deferral,
        origin: Origin,
    ) -> Parse<()> {
        let given =
            |kind: &ConstraintForm| std::mem::discriminant(kind) == std::mem::discriminant(&form);
        let many = matches!(form, ConstraintForm::Check(_) | ConstraintForm::ForeignKey(_));
        if !many && self.column.constraints.iter().any(|constraint| given(&constraint.form)) {
            let word = match form {
                ConstraintForm::Unique(_) => "unique",
                _ => "primary key",
            };
            return once(false, origin, word);
        }
        self.column.constraints.push(ConstraintDefinition {
            name: None,
            form,
            deferral,
            not_valid: false,
            origin,
        });
        Ok(())
    }

    /// `= …`, after which nothing can follow.
    fn default(&mut self, cursor: &mut Cursor) -> Parse<()> {
        if !cursor.is_punct('=') {
            return Ok(());
        }
        let equals = cursor.origin();
        cursor.skip(1);
        let default = expr::open(cursor, Ends::Item)?;
        self.habit(cursor)?;
        self.after_default(cursor)?;
        let definition = &self.column.definition;
        let other = match (&definition.identity, &definition.generated) {
            (Some(_), _) => "identity",
            (_, Some(_)) => "generated",
            _ => {
                self.column.definition.default = Some(default);
                return Ok(());
            }
        };
        let rule = if other == "identity" { "invalid_identity" } else { "generated" };
        Err(Stop::of(rule, equals, format!("a column that is `{other}` has no default"))
            .help("delete the default"))
    }

    fn after_default(&self, cursor: &Cursor) -> Parse<()> {
        let attribute = [
            ("primary", "primary key"),
            ("unique", "unique"),
            ("check", "check (…)"),
            ("references", "references …"),
            ("identity", "identity"),
            ("generated", "generated as (…) stored"),
        ];
        let is_column = cursor.is_punct_at(1, ':');
        match attribute.iter().find(|(word, _)| !is_column && cursor.is_word(word)) {
            Some((_, written)) => Err(cursor
                .mistake("the default stands last")
                .help(format!("write `{written}` before `=`"))),
            None => Ok(()),
        }
    }

    /// What SQL or other databases write beside a column.
    fn habit(&self, cursor: &Cursor) -> Parse<()> {
        let Some(Token { kind: Kind::Word, text, .. }) = cursor.peek() else {
            return Ok(());
        };
        let definition = &self.column.definition;
        let (name, ty) = (spelled(&definition.name), written(&definition.ty));
        let stop = match text.as_str() {
            _ if cursor.is_punct_at(1, ':') => return Ok(()),
            "not" if cursor.are_words(&["not", "null"]) => cursor
                .mistake("columns are NOT NULL unless their type is followed by `?`")
                .help("delete `not null`"),
            "null" => cursor
                .mistake("a column that may be null has `?` after its type")
                .help(format!("write `{name}: {ty}?`")),
            "default" => cursor
                .mistake("a default is written with `=`")
                .help(format!("write `{name}: {ty} = …`")),
            "auto_increment" | "autoincrement" => cursor
                .mistake(format!("PostgreSQL has no `{text}`"))
                .help(format!("write `{name}: bigint identity`")),
            "constraint" => cursor
                .mistake("a named constraint is an item of the table")
                .help("write it as an item of its own, its name after its kind: `unique UQ_x (…)`"),
            "deferrable" | "initially" => cursor
                .mistake("a constraint that can be deferred is an item of the table")
                .help(format!("write `unique ({name}) deferrable` as an item of its own")),
            _ => return Ok(()),
        };
        Err(stop)
    }
}

/// Refuses a second attribute of the same kind.
pub(crate) fn once(first: bool, origin: Origin, word: &str) -> Parse<()> {
    if first {
        return Ok(());
    }
    Err(Stop::new(origin, format!("`{word}` is given twice")).help("delete one of them"))
}

/// `identity ['by' 'default'] ['(' … ')']`
pub(crate) fn identity(cursor: &mut Cursor) -> Parse<IdentityDefinition> {
    let origin = cursor.expect_word("identity")?;
    let by_default = cursor.eat_word("by");
    if by_default {
        cursor.expect_word("default")?;
    }
    let kind = if by_default { IdentityKind::ByDefault } else { IdentityKind::Always };
    let options = options_in_parentheses(cursor)?;
    Ok(IdentityDefinition { kind, options, sequence_name: None, origin })
}

/// `as (…) stored`, after `generated`.
pub(crate) fn generated(cursor: &mut Cursor) -> Parse<Expr> {
    let identity = ["always", "by"].iter().any(|word| cursor.is_word(word));
    if identity {
        let by_default = cursor.is_word("by");
        let expression =
            cursor.are_words(&["always", "as"]) && !cursor.are_words(&["always", "as", "identity"]);
        let written = match (by_default, expression) {
            (true, _) => "identity by default",
            (_, true) => "generated as (…) stored",
            _ => "identity",
        };
        let message = if expression {
            "a generated column is marked `generated as`"
        } else {
            "an identity column is marked `identity`"
        };
        return Err(cursor.mistake(message).help(format!("write `{written}`")));
    }
    cursor.expect_word("as")?;
    if cursor.is_word("identity") {
        return Err(cursor
            .mistake("an identity column is marked `identity`")
            .help("write `identity`"));
    }
    let generated = expr::in_parentheses(cursor)?;
    cursor.expect_word("stored")?;
    Ok(generated)
}

/// `collate …`
pub(crate) fn collation(cursor: &mut Cursor) -> Parse<ObjectName> {
    cursor.expect_word("collate")?;
    if let Some(token @ Token { kind: Kind::Str, .. }) = cursor.peek() {
        check_string_name(token)?;
    }
    path(cursor)
}
