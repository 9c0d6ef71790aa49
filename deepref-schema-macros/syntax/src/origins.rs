use std::sync::atomic::{AtomicU32, Ordering};

use deepref_schema_core::origin::Origin;
use proc_macro2::Span;

/// The table from an [`Origin`] to the place it marks.
///
/// Each table hands out marks of its own, so that a mark from another file,
/// which a part of the schema may still carry, is never taken for one of this
/// file.
#[derive(Clone, Debug)]
pub struct Origins {
    first: u32,
    places: Vec<Place>,
}

/// Where a token stands.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// A token that the compiler handed over.
    Span(Span),
    /// The offset in bytes of a token in the text of a file.
    Offset(usize),
}

/// The range of marks that each table may use. No file has more tokens.
const MARKS: u32 = 1 << 20;

static NEXT: AtomicU32 = AtomicU32::new(0);

impl Origins {
    /// An empty table.
    pub fn new() -> Self {
        // The ranges repeat after 4,095 tables; by then a schema's parts are
        // far older than what is looked up.
        let table = NEXT.fetch_add(1, Ordering::Relaxed) % (u32::MAX / MARKS);
        Self { first: table * MARKS + 1, places: Vec::new() }
    }

    /// Marks a place.
    pub fn mark(&mut self, place: Place) -> Origin {
        let index = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        if index >= MARKS {
            return Origin::NONE;
        }
        self.places.push(place);
        Origin::new(self.first + index)
    }

    /// The place of a mark, if this table handed it out.
    pub fn place(&self, origin: Origin) -> Option<Place> {
        let index = origin.mark().checked_sub(self.first)?;
        self.places.get(index as usize).copied()
    }

    /// The line and the column, both from 1, of a token that was read without a
    /// compiler.
    pub fn line_and_column(&self, origin: Origin, text: &str) -> Option<(usize, usize)> {
        Some(match self.place(origin)? {
            Place::Span(span) => (span.start().line, span.start().column + 1),
            Place::Offset(offset) => line_and_column(text, offset),
        })
    }

    /// The span of a mark, if this table handed it out for one.
    pub fn span(&self, origin: Origin) -> Option<Span> {
        match self.place(origin)? {
            Place::Span(span) => Some(span),
            Place::Offset(_) => None,
        }
    }
}

impl Default for Origins {
    fn default() -> Self {
        Self::new()
    }
}

/// The line and the column, both from 1, of an offset in a text.
pub fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(offset)];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_in_its_own_table_only() {
        let (mut a, mut b) = (Origins::new(), Origins::new());
        let mark = a.mark(Place::Offset(7));
        b.mark(Place::Offset(9));
        assert!(matches!(a.place(mark), Some(Place::Offset(7))));
        assert!(b.place(mark).is_none());
        assert!(a.place(Origin::NONE).is_none());
    }

    #[test]
    fn lines_and_columns_count_from_one() {
        assert_eq!(line_and_column("a\nbö c", 6), (2, 4));
        assert_eq!(line_and_column("", 0), (1, 1));
    }
}
