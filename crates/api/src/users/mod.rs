//! People: customers' employees, engineers, the commercial department, admins (2.1).

pub(crate) mod absences;
pub(crate) mod address_mail;
pub(crate) mod create;
pub mod create_admin;
pub(crate) mod filter;
pub(crate) mod get;
pub(crate) mod import;
mod import_check;
pub(crate) mod import_rows;
mod import_store;
mod import_view;
pub(crate) mod invitation_mail;
pub(crate) mod list;
pub(crate) mod new_user;
pub(crate) mod scripts;
pub(crate) mod store;
pub(crate) mod suspension;
pub(crate) mod undeliverable;
pub(crate) mod view;
