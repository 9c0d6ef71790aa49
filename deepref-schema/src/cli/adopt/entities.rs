//! Entities for the tables and enums of a baseline. Each one is read again and
//! compared with the history as the compiler does, before it is written.

mod names;
mod rust_types;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use deepref_schema_core::history::Fold;
use deepref_schema_core::ident::{Ident, ObjectName};
use deepref_schema_core::language::{DescribedTable, described};
use deepref_schema_core::migration::Item;
use deepref_schema_core::operation::{CreateTable, Operation};
use deepref_schema_core::schema::EnumType;
use deepref_schema_syntax::Origins;
use deepref_schema_syntax::entity::scan;

use super::super::{create, output};
use crate::{Error, History};

use names::{Case, field_name, is_camel, struct_name, type_name};
use rust_types::RustTypes;

/// What is at the head of the file that lists the entities.
const HEAD: &str = "\
//! The tables as structs. `cargo check` compares them with what the migrations
//! make: a difference is a warning.
#![allow(missing_docs, reason = \"a field is the column of its name\")]

";

/// The files of entities that are in no folder yet.
pub(super) struct Entities {
    manifest_dir: PathBuf,
    /// The files, by the path from the folder of the crate.
    files: BTreeMap<PathBuf, String>,
    /// The tables that no entity can say, and why.
    left_out: Vec<String>,
}

impl Entities {
    /// The entities of what a migration makes, where the crate has none yet.
    pub(super) fn of(history: &History, up: &[Item], fold: &Fold) -> Self {
        let manifest_dir = PathBuf::from(history.manifest_dir);
        let mut writer = Writer::new(&manifest_dir, up, fold);
        writer.enums();
        writer.tables();
        let mut list = HEAD.to_owned();
        for module in writer.modules.keys() {
            list.push_str(&format!("mod {module};\n"));
        }
        list.push('\n');
        for (module, name) in &writer.modules {
            list.push_str(&format!("pub use {module}::{name};\n"));
        }
        let mut files = BTreeMap::new();
        if !writer.modules.is_empty() {
            files.insert(PathBuf::from("src/entities.rs"), list);
        }
        let texts = writer.texts.into_iter();
        files
            .extend(texts.map(|(module, text)| (format!("src/entities/{module}.rs").into(), text)));
        Self { manifest_dir, files, left_out: writer.left_out }
    }

    /// Whether the crate has entities already.
    pub(super) fn are_there(&self) -> bool {
        let differs = |(path, text): (&PathBuf, &String)| {
            let path = self.manifest_dir.join(path);
            path.exists() && fs::read_to_string(&path).ok().as_ref() != Some(text)
        };
        self.files.iter().any(differs)
    }

    /// Says for which tables there are none.
    pub(super) fn say_left_out(&self) {
        for table in &self.left_out {
            output::line(format_args!("no entity is written for {}", output::escape(table)));
        }
    }

    /// Says what would be written.
    pub(super) fn show(&self) {
        for (path, text) in &self.files {
            output::line(format_args!("would write {}:\n", self.manifest_dir.join(path).display()));
            output::line(output::escape(text));
        }
    }

    /// Writes what is not there yet.
    pub(super) fn write(&self) -> Result<(), Error> {
        for (path, text) in &self.files {
            let path = self.manifest_dir.join(path);
            if !path.exists() {
                create::write_new(&path, text)?;
                output::line(format_args!("wrote {}", path.display()));
            }
        }
        Ok(())
    }

    /// Makes the entities a part of the crate: `mod entities` beside the
    /// history.
    pub(super) fn declare(&self) -> Result<(), Error> {
        if self.files.is_empty() {
            return Ok(());
        }
        for root in ["src/lib.rs", "src/main.rs"] {
            let path = self.manifest_dir.join(root);
            let Ok(text) = fs::read_to_string(&path) else { continue };
            match with_module(&text) {
                Declared::Already => return Ok(()),
                Declared::Now(text) => {
                    create::write(&path, &text)?;
                    output::line(format_args!("declared `mod entities` in {}", path.display()));
                    return Ok(());
                }
                Declared::Nowhere => {}
            }
        }
        output::line("write `pub mod entities;` into the root of the crate");
        Ok(())
    }
}

enum Declared {
    Already,
    Now(String),
    Nowhere,
}

/// The root of a crate with the line that makes the entities a part of it.
fn with_module(text: &str) -> Declared {
    let is_module = |line: &str, name: &str| {
        let line = line.trim().trim_start_matches("pub ");
        line.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';')) == Some(name)
    };
    let mut lines: Vec<&str> = text.lines().collect();
    if lines.iter().any(|line| is_module(line, "entities")) {
        return Declared::Already;
    }
    match lines.iter().position(|line| is_module(line, "history")) {
        Some(at) => {
            lines.insert(at, "pub mod entities;");
            Declared::Now(lines.join("\n") + "\n")
        }
        None => Declared::Nowhere,
    }
}

struct Writer<'a> {
    up: &'a [Item],
    fold: &'a Fold,
    types: RustTypes,
    /// The module and the name of each type.
    modules: BTreeMap<String, String>,
    enums: BTreeMap<ObjectName, String>,
    texts: BTreeMap<String, String>,
    left_out: Vec<String>,
}

impl<'a> Writer<'a> {
    fn new(manifest_dir: &Path, up: &'a [Item], fold: &'a Fold) -> Self {
        let manifest = fs::read_to_string(manifest_dir.join("Cargo.toml")).unwrap_or_default();
        let types = RustTypes::of(&manifest);
        let (modules, enums, texts, left_out) = Default::default();
        Self { up, fold, types, modules, enums, texts, left_out }
    }

    fn enums(&mut self) {
        let schema = self.fold.schema();
        for (name, of) in &schema.enums {
            let rust_name = self.free_name(&type_name(name.name.as_str()), name);
            let text = enumeration(&rust_name, name, of);
            self.put(&rust_name, &text);
            self.enums.insert(name.clone(), rust_name);
        }
    }

    fn tables(&mut self) {
        for item in self.up {
            let Operation::CreateTable(create) = &item.operation else { continue };
            let rust_name = self.free_name(&struct_name(create.name.name.as_str()), &create.name);
            // The names of constraints are of no use, but where two are alike.
            let written = self.table(&rust_name, create, false);
            match written.or_else(|_| self.table(&rust_name, create, true)) {
                Ok(text) => self.put(&rust_name, &text),
                Err(why) => self.left_out.push(format!("table `{}`: {why}", create.name)),
            }
        }
    }

    /// The file of an entity, without drift.
    fn table(&self, rust_name: &str, create: &CreateTable, named: bool) -> Result<String, String> {
        let table = described(create, self.up, named).map_err(|wrong| wrong.why)?;
        let text = self.structure(rust_name, &create.name, &table);
        let found = scan(&text, &mut Origins::new()).ok_or("it is no Rust")?;
        let compared = found.entities.iter().map(|derived| derived.of.compare(self.fold));
        let mut wrong = found.diagnostics;
        for compared in compared {
            wrong.extend(compared.mistakes);
            wrong.extend(compared.drift);
        }
        match wrong.first() {
            Some(first) => Err(first.message.clone()),
            None => Ok(text),
        }
    }

    fn structure(&self, rust_name: &str, name: &ObjectName, table: &DescribedTable) -> String {
        let case = Case::of(table.columns.iter().map(|column| column.definition.name.as_str()));
        let mut items = table.items.clone();
        if case == Case::Camel {
            items.insert(1, "rename_all = \"camelCase\"".to_owned());
        }
        let mut uses: Vec<String> = vec!["use deepref_schema::Entity;".to_owned()];
        let mut fields = String::new();
        let mut taken = Vec::new();
        for column in &table.columns {
            let field = field_name(column.definition.name.as_str(), &mut taken);
            // The types of the schema are complete.
            let known = self.fold.schema().table(name);
            let known = known.and_then(|table| table.column(column.definition.name.as_str()));
            let ty = known.map_or(&column.definition.ty, |known| &known.ty);
            let of = self.types.field(ty, &self.enums, name);
            uses.extend(of.uses);
            let mut attributes = Vec::new();
            if of.is_written || column.ty.ends_with("serial") {
                attributes.push(format!("type = {}", column.ty));
            }
            attributes.extend(column.items.iter().cloned());
            if !is_named(&column.definition.name, &field, case) {
                attributes.push(format!("rename = {}", column.name));
            }
            let ty = match column.definition.nullable {
                true => format!("Option<{}>", of.name),
                false => of.name,
            };
            fields.push_str(&attribute("column", &attributes, "    "));
            fields.push_str(&format!("    pub {field}: {ty},\n"));
        }
        uses.sort();
        uses.dedup();
        // Those of the crate stand apart.
        let (own, others): (Vec<_>, Vec<_>) =
            uses.into_iter().partition(|one| one.starts_with("use super::"));
        let own: String = own.iter().map(|one| format!("\n{one}")).collect();
        let own = if own.is_empty() { own } else { format!("\n{own}") };
        format!(
            "{}{own}\n\n/// The table `{name}`.\n#[derive(Clone, Debug, Entity)]\n{}pub struct {rust_name} {{\n{fields}}}\n",
            others.join("\n"),
            attribute("entity", &items, ""),
        )
    }

    /// A name that no other type has.
    fn free_name(&self, wanted: &str, of: &ObjectName) -> String {
        let is_free = |name: &str| !self.modules.contains_key(&module(name));
        let schema = type_name(of.schema.as_str());
        let others = (2..).map(|number| format!("{wanted}{number}"));
        let mut names = [wanted.to_owned(), format!("{schema}{wanted}")].into_iter().chain(others);
        names.find(|name| is_free(name)).unwrap_or_default()
    }

    fn put(&mut self, rust_name: &str, text: &str) {
        self.modules.insert(module(rust_name), rust_name.to_owned());
        self.texts.insert(module(rust_name), text.to_owned());
    }
}

/// The module of a type.
fn module(rust_name: &str) -> String {
    names::module(rust_name)
}

/// Whether a field has the name of its column.
fn is_named(column: &Ident, field: &str, case: Case) -> bool {
    let plain = field.strip_prefix("r#").unwrap_or(field);
    match case {
        Case::AsWritten => *column == *plain,
        Case::Camel => is_camel(column.as_str(), plain),
    }
}

/// An attribute, on one line where it fits.
fn attribute(name: &str, items: &[String], indent: &str) -> String {
    const WIDTH: usize = 100;
    if items.is_empty() {
        return String::new();
    }
    let line = format!("{indent}#[{name}({})]\n", items.join(", "));
    if line.chars().count() <= WIDTH {
        return line;
    }
    let items: String = items.iter().map(|item| format!("{indent}    {item},\n")).collect();
    format!("{indent}#[{name}(\n{items}{indent})]\n")
}

fn enumeration(rust_name: &str, name: &ObjectName, of: &EnumType) -> String {
    let mut taken = Vec::new();
    let mut variants = String::new();
    for value in &of.values {
        let variant = names::variant(value.as_str(), &mut taken);
        if variant != value.as_str() {
            variants.push_str(&format!("    #[pg_enum(rename = {:?})]\n", value.as_str()));
        }
        variants.push_str(&format!("    {variant},\n"));
    }
    let written = |of: &Ident| names::written(of.as_str());
    let path = match name.schema == *"public" {
        true => written(&name.name),
        false => format!("{}.{}", written(&name.schema), written(&name.name)),
    };
    let mut items = vec![format!("name = {path}")];
    items.extend(of.comment.as_ref().map(|text| format!("comment = {text:?}")));
    format!(
        "use deepref_schema::PgEnum;\n\n/// The enum `{name}`.\n#[derive(Clone, Copy, Debug, PartialEq, Eq, PgEnum)]\n{}pub enum {rust_name} {{\n{variants}}}\n",
        attribute("pg_enum", &items, ""),
    )
}
