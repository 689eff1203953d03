//! Import from another system: a reader, an intermediate format (`format`), a writer.
#![expect(
    clippy::indexing_slicing,
    reason = "JSON of another system: what it does not have is null"
)]

mod check;
pub(crate) mod counts;
pub(crate) mod discard;
pub(crate) mod file;
pub(crate) mod format;
pub(crate) mod invite;
pub(crate) mod options;
pub(crate) mod pair;
pub(crate) mod progress;
pub(crate) mod redmine;
pub(crate) mod report;
pub(crate) mod run;
mod store;
pub(crate) mod verify;
pub(crate) mod walk;
pub(crate) mod wiki;
pub(crate) mod writer;

pub use file::import_file;
pub use invite::invite;
pub use options::{FileOptions, InviteOptions, Options, RedmineOptions};
pub use run::import_redmine;
