//! Everything that runs without a request, and `GET /jobs`.

pub(crate) mod backlog;
pub(crate) mod kinds;
pub(crate) mod list;
