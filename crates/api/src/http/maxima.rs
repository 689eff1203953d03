//! Lengths that schemas publish and other ways in, such as mail, have to keep to as well.
//!
//! Schemas state them as literals, since their macros take nothing else; the tests of the document compare.

/// The subject of a ticket, in characters.
pub const MAX_SUBJECT: usize = 255;

/// A description or a comment, in characters.
pub const MAX_TEXT: usize = 50_000;

/// The reason for a change, in characters.
pub const MAX_REASON: usize = 2000;

/// The other people, or tickets, that a new ticket refers to.
pub const MAX_IN_LIST: usize = 20;
