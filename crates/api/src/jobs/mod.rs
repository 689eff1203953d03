//! Everything that runs without a request, and `GET /jobs`.

pub(crate) mod job;
pub(crate) mod table;

pub(crate) mod context;
pub(crate) mod items;

pub(crate) mod find_work;

pub(crate) mod outgoing;

pub(crate) mod backlog;
pub(crate) mod list;
