//! People: customers' employees, engineers, the commercial department, admins (2.1).

pub mod absence;
pub mod create;
pub mod deactivate;
pub mod edit;
pub mod email;
pub mod invite;
pub mod list;
pub mod show;
pub mod store;
pub mod view;
