//! Comments on tickets (section 4 of the regulation).

pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod read;
pub(crate) mod store;
pub(crate) mod stored;
pub(crate) mod versions;
pub(crate) mod view;
