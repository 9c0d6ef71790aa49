//! Where a part of a migration was written.

/// An opaque mark for the token that a part of an operation was read from.
///
/// The reader of the language hands marks out and keeps the table from mark to
/// span, so that a finding of the model can be reported at the token. Two
/// values that differ in their origin only are equal: an origin says where
/// something was written, not what it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Origin(u32);

impl Origin {
    /// No token: the part was derived by the model.
    pub const NONE: Self = Self(0);

    /// The mark with this number. Zero is [`Origin::NONE`].
    pub const fn new(mark: u32) -> Self {
        Self(mark)
    }

    /// The number of the mark.
    pub const fn mark(self) -> u32 {
        self.0
    }

    /// Whether there is a token.
    pub const fn is_known(self) -> bool {
        self.0 != 0
    }

    /// This origin, or another where there is none.
    pub const fn or(self, other: Self) -> Self {
        if self.is_known() { self } else { other }
    }
}

impl PartialEq for Origin {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Origin {}
