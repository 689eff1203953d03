//! The vocabulary of other systems in ours: names of projects, list values, markup.

mod markup;
mod names;

pub use markup::{Markup, plain};
pub use names::{
    NamedPlace, named_place, proposed_field, proposed_priority, proposed_role, proposed_status,
    proposed_tracker,
};
