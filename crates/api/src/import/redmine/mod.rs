//! A Redmine, read over REST.

pub(crate) mod client;
pub(crate) mod convert;
pub(crate) mod directory;
pub(crate) mod entries;
pub(crate) mod fields;
pub(crate) mod files;
pub(crate) mod issues;
pub(crate) mod json;
pub(crate) mod lists;
pub(crate) mod map;
pub(crate) mod people;
pub(crate) mod wiki;
