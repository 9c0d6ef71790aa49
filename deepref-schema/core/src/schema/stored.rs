//! A schema as bytes, for what is kept between two compilations, and in the
//! programs that the macros make.
//!
//! Only what this very version wrote is read again, so there are no versions;
//! what can not be read is `None`, and nothing is believed beyond that.

use std::sync::Arc;

use super::{
    Action, Column, Constraint, ConstraintKind, Deferral, ElementSubject, EnumType, Exclusion,
    ExclusionElement, Extension, ForeignKey, Identity, IdentityKind, Index, IndexElement, Key,
    Made, Namespace, NullsOrder, Owner, Schema, Sequence, StorageParameter, Table,
};
use crate::expr::Expr;
use crate::ident::{DEFAULT_SCHEMA, Ident, ObjectName};
use crate::map::Map;
use crate::types::Type;

/// What can be written as bytes and read again. Origins are left out: they
/// belong to tokens that are gone.
pub(crate) trait Stored: Sized {
    fn write(&self, bytes: &mut Vec<u8>);
    fn read(bytes: &mut &[u8]) -> Option<Self>;
}

impl Stored for u8 {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.push(*self);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        Some(*first)
    }
}

/// Seven bits a byte, the lowest first: most lengths take one byte.
impl Stored for usize {
    fn write(&self, bytes: &mut Vec<u8>) {
        let mut rest = *self;
        while rest > 0x7f {
            bytes.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        bytes.push(rest as u8);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = u8::read(bytes)?;
            value |= Self::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
            shift += 7;
        }
    }
}

impl Stored for i64 {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.to_le_bytes());
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let (first, rest) = bytes.split_first_chunk()?;
        *bytes = rest;
        Some(Self::from_le_bytes(*first))
    }
}

impl Stored for bool {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.push(u8::from(*self));
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        match u8::read(bytes)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

fn write_text(text: &str, bytes: &mut Vec<u8>) {
    text.len().write(bytes);
    bytes.extend_from_slice(text.as_bytes());
}

fn read_text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    let length = usize::read(bytes)?;
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    std::str::from_utf8(text).ok()
}

impl Stored for String {
    fn write(&self, bytes: &mut Vec<u8>) {
        write_text(self, bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        read_text(bytes).map(str::to_owned)
    }
}

impl Stored for Ident {
    fn write(&self, bytes: &mut Vec<u8>) {
        write_text(self.as_str(), bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        read_text(bytes).map(Self::computed)
    }
}

impl Stored for ObjectName {
    fn write(&self, bytes: &mut Vec<u8>) {
        let Self { schema, name } = self;
        schema.write(bytes);
        name.write(bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let schema = read_text(bytes)?;
        let name = Ident::read(bytes)?;
        Some(match schema == DEFAULT_SCHEMA {
            true => Self::unqualified(name),
            false => Self::qualified(Ident::computed(schema), name),
        })
    }
}

impl Stored for Expr {
    fn write(&self, bytes: &mut Vec<u8>) {
        write_text(self.sql(), bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        read_text(bytes).map(Self::computed)
    }
}

impl Stored for Made {
    fn write(&self, bytes: &mut Vec<u8>) {
        write_text(self.migration().unwrap_or_default(), bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let stem = read_text(bytes)?;
        Some(if stem.is_empty() { Self::default() } else { Self::by(&Arc::from(stem)) })
    }
}

impl<T: Stored> Stored for Option<T> {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.is_some().write(bytes);
        if let Some(value) = self {
            value.write(bytes);
        }
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        match bool::read(bytes)? {
            true => T::read(bytes).map(Some),
            false => Some(None),
        }
    }
}

impl<T: Stored> Stored for Arc<T> {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.as_ref().write(bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        T::read(bytes).map(Self::new)
    }
}

impl<T: Stored> Stored for Vec<T> {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.len().write(bytes);
        self.iter().for_each(|one| one.write(bytes));
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let mut all = Self::new();
        for _ in 0..usize::read(bytes)? {
            all.push(T::read(bytes)?);
        }
        Some(all)
    }
}

impl<K: Stored + Ord + Clone, V: Stored + Clone> Stored for Map<K, V> {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.len().write(bytes);
        for (key, value) in self {
            key.write(bytes);
            value.write(bytes);
        }
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let mut all = Self::new();
        for _ in 0..usize::read(bytes)? {
            all.insert(K::read(bytes)?, V::read(bytes)?);
        }
        Some(all)
    }
}

/// Structs by their fields; one that is forgotten does not compile.
macro_rules! fields {
    ($($name:ident { $($field:ident),* $(,)? })*) => { $(
        impl Stored for $name {
            fn write(&self, bytes: &mut Vec<u8>) {
                let Self { $($field),* } = self;
                $($field.write(bytes);)*
            }

            fn read(bytes: &mut &[u8]) -> Option<Self> {
                Some(Self { $($field: Stored::read(bytes)?),* })
            }
        }
    )* };
}

/// Enums by numbers for their variants.
macro_rules! variants {
    ($($name:ident { $($number:literal: $variant:ident $(($value:ident))?),* $(,)? })*) => { $(
        impl Stored for $name {
            fn write(&self, bytes: &mut Vec<u8>) {
                match self {
                    $(Self::$variant $(($value))? => {
                        bytes.push($number);
                        $($value.write(bytes);)?
                    })*
                }
            }

            fn read(bytes: &mut &[u8]) -> Option<Self> {
                match u8::read(bytes)? {
                    $($number => {
                        $(let $value = Stored::read(bytes)?;)?
                        Some(Self::$variant $(($value))?)
                    })*
                    _ => None,
                }
            }
        }
    )* };
}

fields! {
    Namespace { made }
    Extension { schema, made }
    EnumType { values, comment, made }
    Owner { table, column }
    Sequence { ty, increment, min, max, start, cache, cycle, owner, comment, made }
    Type { schema, name, modifiers, array }
    Identity { kind, sequence_name, sequence }
    Column { name, ty, nullable, default, identity, generated, collation, comment, made }
    Key { columns, include, nulls_not_distinct, parameters }
    ForeignKey { columns, table, referenced, on_delete, on_update }
    ExclusionElement { element, operator }
    Exclusion { method, elements, predicate }
    Constraint { kind, deferral, valid, comment, made }
    StorageParameter { name, value }
    IndexElement { subject, collation, operator_class, descending, nulls }
    Index {
        unique, method, elements, include, nulls_not_distinct, parameters, predicate, comment,
        made,
    }
    Table { columns, constraints, indexes, comment, made }
}

variants! {
    IdentityKind { 0: Always, 1: ByDefault }
    Action { 0: NoAction, 1: Restrict, 2: Cascade, 3: SetNull, 4: SetDefault }
    Deferral { 0: NotDeferrable, 1: Deferrable, 2: InitiallyDeferred }
    NullsOrder { 0: First, 1: Last }
    ElementSubject { 0: Column(name), 1: Call(expr), 2: Expression(expr) }
    ConstraintKind {
        0: PrimaryKey(key), 1: Unique(key), 2: Check(expr), 3: ForeignKey(key), 4: Exclusion(of),
    }
}

impl Schema {
    /// The schema as bytes, for [`Schema::from_bytes`].
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write(&mut bytes);
        bytes
    }

    /// The schema that was written as bytes by the same version of this crate;
    /// `None` where they are none.
    pub fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        Self::read(&mut bytes).filter(|_| bytes.is_empty())
    }
}

impl Stored for Schema {
    fn write(&self, bytes: &mut Vec<u8>) {
        let Self { namespaces, extensions, enums, sequences, tables, now, .. } = self;
        namespaces.write(bytes);
        extensions.write(bytes);
        enums.write(bytes);
        sequences.write(bytes);
        tables.write(bytes);
        now.write(bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let mut schema = Self::empty();
        schema.namespaces = Stored::read(bytes)?;
        schema.extensions = Stored::read(bytes)?;
        schema.enums = Stored::read(bytes)?;
        let sequences: Map<ObjectName, Arc<Sequence>> = Stored::read(bytes)?;
        for (name, sequence) in &sequences {
            schema.insert_sequence(name.clone(), sequence.clone());
        }
        let tables: Map<ObjectName, Arc<Table>> = Stored::read(bytes)?;
        for (name, table) in &tables {
            schema.insert_table(name.clone(), table.clone());
        }
        schema.now = Stored::read(bytes)?;
        Some(schema)
    }
}
