//! One order for what the model has and what it does not have.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use deepref_schema_core::ident::ObjectName;
use deepref_schema_core::operation::{ConstraintForm, Operation, Sql, SqlDown};
use deepref_schema_core::origin::Origin;
use deepref_schema_core::schema::Schema;

use super::super::made::UNCHECKED;
use super::{NAMED_IN_BODIES, Object, Objects, ROUTINES};

/// The kind of object that foreign keys may not precede: a table that is
/// logged can not refer to one that is not.
const UNLOGGED: &str = "unlogged table";

/// Operations that belong together.
#[derive(Debug)]
pub(crate) struct Piece {
    /// The object that they make; `None` where the model has it.
    #[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "only commands ask for it"))]
    pub(crate) node: Option<String>,
    /// What makes it.
    pub(crate) operations: Vec<Operation>,
}

/// What makes a schema together with objects.
#[derive(Debug, Default)]
pub(crate) struct Woven {
    /// The pieces, each after those that it needs.
    pub(crate) pieces: Vec<Piece>,
    /// The objects that can not be made, and why.
    pub(crate) missing: BTreeMap<String, String>,
}

impl Woven {
    /// All operations.
    pub(crate) fn operations(self) -> Vec<Operation> {
        self.pieces.into_iter().flat_map(|piece| piece.operations).collect()
    }
}

impl Objects {
    /// What makes a schema in an empty database, together with all objects.
    pub(crate) fn woven(&self, schema: &Schema) -> Woven {
        let mut weaver = Weaver::new(self, schema);
        weaver.units();
        let mut rest: Vec<_> = self.objects.iter().collect();
        rest.sort_by_key(|(_, object)| (object.rank, &object.covers));
        rest.iter().for_each(|(node, _)| weaver.object(node));
        weaver.woven
    }

    /// The same, together with those objects alone that the schema needs.
    pub(crate) fn woven_as_needed(&self, schema: &Schema) -> Woven {
        let mut weaver = Weaver::new(self, schema);
        weaver.units();
        weaver.woven
    }
}

/// A part of the model that is made at once: a table with its sequences.
#[derive(Default)]
struct Unit {
    nodes: Vec<String>,
    operations: Vec<Operation>,
}

struct Weaver<'a> {
    objects: &'a Objects,
    units: Vec<Option<Unit>>,
    /// The units that are there.
    done: BTreeSet<usize>,
    /// The unit that makes a node.
    made_by: HashMap<String, usize>,
    /// The objects that were begun.
    begun: BTreeSet<&'a str>,
    /// Those that are there.
    made: BTreeSet<&'a str>,
    /// Whether a function is there.
    has_routine: bool,
    woven: Woven,
}

impl<'a> Weaver<'a> {
    fn new(objects: &'a Objects, schema: &Schema) -> Self {
        let units = units(schema.operations());
        let mut made_by = HashMap::new();
        for (at, unit) in units.iter().enumerate() {
            made_by.extend(unit.nodes.iter().map(|node| (node.clone(), at)));
        }
        let units = units.into_iter().map(Some).collect();
        let (done, begun, made, woven) = Default::default();
        Self { objects, units, done, made_by, begun, made, has_routine: false, woven }
    }

    fn units(&mut self) {
        let is_late = |unit: &Option<Unit>| {
            let first = unit.as_ref().and_then(|unit| unit.operations.first());
            first.is_some_and(|first| {
                matches!(first, Operation::Comment(_)) || foreign_key(first).is_some()
            })
        };
        let early = self.units.iter().position(is_late).unwrap_or(self.units.len());
        (0..early).for_each(|at| self.unit(at));
        let unlogged = |(_, object): &(&'a String, &Object)| object.covers[0].0 == UNLOGGED;
        self.objects.objects.iter().filter(unlogged).for_each(|(node, _)| self.object(node));
        (early..self.units.len()).for_each(|at| self.unit(at));
    }

    fn unit(&mut self, at: usize) {
        let Some(unit) = self.units[at].take() else { return };
        let (objects, nodes) = (self.objects, unit.nodes);
        let needed = nodes.iter().filter_map(|node| objects.needs.get(node));
        for node in needed.flat_map(BTreeMap::keys) {
            match self.made_by.get(node) {
                Some(at) => self.unit(*at),
                None => {
                    if objects.objects.get(node).is_some_and(|object| object.rank >= ROUTINES) {
                        self.named_in_bodies();
                    }
                    self.object(node);
                }
            }
        }
        self.done.insert(at);
        self.woven.pieces.push(Piece { node: None, operations: unit.operations });
    }

    fn object(&mut self, node: &str) {
        let objects = self.objects;
        let Some((node, object)) = objects.objects.get_key_value(node) else { return };
        if !self.begun.insert(node) {
            return;
        }
        let needed = objects.needs.get(node);
        for (needed, what) in needed.into_iter().flatten() {
            match self.made_by.get(needed) {
                Some(at) => self.unit(*at),
                None => self.object(needed),
            }
            if !self.is_made(needed) {
                let why = format!("it needs {what}");
                self.woven.missing.insert(node.clone(), why);
                return;
            }
        }
        if object.rank == ROUTINES {
            self.functions_unchecked();
        }
        self.made.insert(node);
        let operations = vec![object.operation()];
        self.woven.pieces.push(Piece { node: Some(node.clone()), operations });
    }

    /// Whether a node is there by now.
    fn is_made(&self, node: &str) -> bool {
        let is_modelled = ["relation ", "type ", "constraint "];
        is_modelled.iter().any(|kind| node.starts_with(kind)) || self.made.contains(node)
    }

    /// What a function may call when it is first called, as an index does, as
    /// far as it needs nothing that is not there yet.
    fn named_in_bodies(&mut self) {
        let mut known = HashMap::new();
        let all = self.objects.objects.iter();
        let named = all.filter(|(_, object)| NAMED_IN_BODIES.contains(&object.rank));
        let mut ready: Vec<_> = named.filter(|(node, _)| self.is_ready(node, &mut known)).collect();
        ready.sort_by_key(|(_, object)| (object.rank, &object.covers));
        ready.iter().for_each(|(node, _)| self.object(node));
    }

    /// Whether a node can be there without more of the model.
    fn is_ready(&self, node: &'a str, known: &mut HashMap<&'a str, bool>) -> bool {
        if let Some(is_ready) = known.get(node) {
            return *is_ready;
        }
        if let Some(at) = self.made_by.get(node) {
            return self.done.contains(at);
        }
        // What needs itself, such as an operator its negator, is not in its way.
        known.insert(node, true);
        let mut needed = self.objects.needs.get(node).into_iter().flat_map(BTreeMap::keys);
        let is_ready = self.objects.objects.contains_key(node)
            && needed.all(|node| self.is_ready(node, known));
        known.insert(node, is_ready);
        is_ready
    }

    /// Says once that bodies are not checked, before the first function.
    fn functions_unchecked(&mut self) {
        if std::mem::replace(&mut self.has_routine, true) {
            return;
        }
        let sql =
            Sql { text: UNCHECKED.to_owned(), down: Some(SqlDown::Nothing), origin: Origin::NONE };
        self.woven.pieces.push(Piece { node: None, operations: vec![sql.into()] });
    }
}

impl Object {
    fn operation(&self) -> Operation {
        let down = match &self.drop {
            Some(text) => SqlDown::Text { text: text.clone(), origin: Origin::NONE },
            None => SqlDown::Nothing,
        };
        let text = self.create.join(";\n");
        Sql { text, down: Some(down), origin: Origin::NONE }.into()
    }
}

/// What stands together in the operations of a schema. A table stands with the
/// sequences before it, which become `serial`, and with what makes it their
/// owner.
fn units(operations: Vec<Operation>) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut unit = Unit::default();
    for operation in operations {
        let joins = match (unit.operations.last(), &operation) {
            (
                Some(Operation::CreateSequence(_)),
                Operation::CreateSequence(_) | Operation::CreateTable(_),
            )
            | (
                Some(Operation::CreateTable(_) | Operation::AlterSequence(_)),
                Operation::AlterSequence(_),
            ) => true,
            (last, _) => last.is_none(),
        };
        if !joins {
            units.push(std::mem::take(&mut unit));
        }
        unit.nodes.extend(node(&operation));
        unit.operations.push(operation);
    }
    units.push(unit);
    units
}

/// What an operation makes, as the query of needs calls it.
fn node(operation: &Operation) -> Option<String> {
    let of = |kind: &str, name: &ObjectName| format!("{kind} {} {}", name.schema, name.name);
    match operation {
        Operation::CreateTable(create) => Some(of("relation", &create.name)),
        Operation::CreateSequence(create) => Some(of("relation", &create.name)),
        Operation::CreateIndex(create) => {
            Some(of("relation", &create.table.sibling(create.name.clone()?)))
        }
        Operation::CreateEnum(create) => Some(of("type", &create.name)),
        other => foreign_key(other),
    }
}

fn foreign_key(operation: &Operation) -> Option<String> {
    let Operation::AddConstraint(add) = operation else { return None };
    let ConstraintForm::ForeignKey(_) = add.constraint.form else { return None };
    let name = add.constraint.name.as_ref()?;
    Some(format!("constraint {} {} {name}", add.table.schema, add.table.name))
}
