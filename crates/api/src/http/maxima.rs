//! Maximum lengths that schemas publish and that other entrances, such as mail, have to observe as well.
//!
//! Schemas repeat them as literals, since their macros take nothing else; a test of the document compares them.

/// The subject of a ticket, in characters.
pub const MAX_SUBJECT: usize = 255;

/// A description or a comment, in characters.
pub const MAX_TEXT: usize = 50_000;

/// The reason for a change, in characters.
pub const MAX_REASON: usize = 2000;

/// How many people, or other tickets, a new ticket may refer to.
pub const MAX_IN_LIST: usize = 20;
