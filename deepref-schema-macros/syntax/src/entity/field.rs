//! A field as a column.

use deepref_schema_core::entity::{Entity, Field, Holds};
use deepref_schema_core::ident::Ident;
use deepref_schema_core::operation::ColumnDefinition;
use deepref_schema_core::origin::Origin;
use deepref_schema_core::types::Type;

use super::Reader;
use super::column::ColumnAttributes;
use super::rust_type::{self, RustType};
use super::table::{TableAttributes, unraw};
use crate::error::Stop;
use crate::statement::column::{check, refuse_system_column};
use crate::types::is_whole_number;

impl Reader<'_> {
    /// Adds the column of a field to an entity.
    pub(super) fn field(
        &mut self,
        field: &syn::Field,
        table: &TableAttributes,
        entity: &mut Entity,
    ) {
        let Some(ident) = &field.ident else { return };
        let rust_name = unraw(ident);
        let serde = if table.serde { self.serde(&field.attrs) } else { Default::default() };
        let origin = self.mark(ident.span());
        let broken = std::mem::replace(&mut self.errors.broken, false);
        let mut attributes = self.column_attributes(&field.attrs);
        let is_broken = std::mem::replace(&mut self.errors.broken, broken);
        self.errors.broken |= is_broken;
        if attributes.skip || serde.skip {
            return;
        }
        let name = match (attributes.rename.take(), serde.rename) {
            (Some(name), _) => name.as_str().to_owned(),
            (None, Some(name)) => name,
            (None, None) => {
                table.rename_all.map_or(rust_name.clone(), |case| case.apply(&rust_name))
            }
        };
        let name = Ident::new(name, origin);
        let rust_type = rust_type::read(&field.ty, self.origins);
        let (type_origin, is_option) = (rust_type.origin, rust_type.nullable);
        let Some((ty, holds)) = self.column_type(rust_type, &mut attributes, is_broken) else {
            return;
        };
        let definition = ColumnDefinition {
            nullable: is_option || attributes.nullable,
            default: attributes.default.take(),
            identity: attributes.identity.take(),
            generated: attributes.generated.take(),
            collation: attributes.collation.take(),
            name,
            ty,
        };
        let checked = refuse_system_column(&definition.name)
            .and_then(|()| {
                check(&definition, type_origin).map_err(|stop| in_rust(stop, &definition))
            })
            .and_then(|()| attributes.check(&definition));
        if self.errors.keep(checked).is_none() {
            return;
        }
        attributes.put(&definition.name, entity);
        entity.fields.push(Field {
            rust_name,
            definition,
            holds,
            nullable_origin: type_origin,
            comment: attributes.comment,
        });
    }

    /// The type that is written, else that of the Rust type.
    fn column_type(
        &mut self,
        rust_type: RustType,
        attributes: &mut ColumnAttributes,
        is_broken: bool,
    ) -> Option<(Type, Holds)> {
        if let Some(ty) = attributes.ty.take() {
            return Some((ty, Holds::Exactly));
        }
        match rust_type.column {
            Ok(column) => Some(column),
            // The attribute that would have said it could not be read.
            Err(_) if is_broken => None,
            Err(unknown) => {
                self.errors.push(unknown.stop(rust_type.origin));
                None
            }
        }
    }
}

/// The help of a mistake in a column, for one that is written in Rust.
fn in_rust(stop: Stop, column: &ColumnDefinition) -> Stop {
    let Stop::Mistake(mut mistake) = stop else { return stop };
    if column.nullable {
        mistake.help = Some("write the field's type without `Option`".to_owned());
    } else if column.identity.is_some() && !is_whole_number(&column.ty) {
        mistake.help = Some("make the field an `i64`".to_owned());
    }
    Stop::Mistake(mistake)
}

/// The place of a field's name, for constraints beside it that have no better.
pub(super) fn or(origin: Origin, name: &Ident) -> Origin {
    origin.or(name.origin)
}
