//! Files of tickets, comments, refused requests and releases (2.2, 3.3, 4.2.4, 4.2.5).

pub(crate) mod attach;
pub(crate) mod content;
pub(crate) mod get;
pub(crate) mod link;
pub(crate) mod picture;
pub(crate) mod preview;
pub(crate) mod previews;
pub(crate) mod range;
pub(crate) mod store;
pub(crate) mod sweep;
pub(crate) mod view;
