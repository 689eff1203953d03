//! How a person is shown in responses.

use domain::{Language, Role, Sees, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::caller::Caller;
use crate::http::page::{Listed, Page};
use crate::http::refs::Ref;
use crate::users::store::UserRow;
use crate::users::undeliverable::MailState;

/// A user with an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct User {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// First and last name.
    pub name: String,
    /// The given name, shown wherever the person appears.
    pub first_name: String,
    /// The family name, shown wherever the person appears.
    pub last_name: String,
    /// The role of the user.
    pub role: Role,
    /// The company of a customer; null for everybody else.
    pub company: Option<Ref>,
    /// Which projects of the company a customer sees; null for everybody else.
    pub sees: Option<Sees>,
    /// The e-mail address; null for customers who look at a colleague.
    pub email: Option<String>,
    /// Whether a customer administers the accounts of their company: deactivates and reactivates colleagues.
    pub is_company_admin: bool,
    /// The language of the user's mail.
    pub language: Language,
    /// Whether the user can sign in.
    pub is_active: bool,
    /// Whether an engineer is absent and is not assigned any tickets.
    pub is_absent: bool,
    /// When an absent engineer is expected back, if known.
    pub absent_until: Option<Timestamp>,
    /// The next absence of an engineer, which begins automatically.
    pub planned_absence: Option<PlannedAbsence>,
    /// Since when mail servers have permanently refused the address: except for sign-in mail nothing is
    /// sent to it until it is corrected or the user is invited again. Shown to staff.
    pub undeliverable_since: Option<Timestamp>,
    /// What the mail server said when it refused the address. Shown to admins and the commercial department.
    pub undeliverable_reason: Option<String>,
    /// Whether mail reaches the address. Shown to staff.
    pub mail_state: Option<MailState>,
    /// When a one-time password was last sent; null: never, or it is about to leave. Shown to staff.
    pub invited_at: Option<Timestamp>,
    /// Whether the one-time password has not been replaced by a password of their own yet. Shown to staff.
    pub is_pending: Option<bool>,
    /// When the user last signed in with a password. Shown to staff.
    pub last_signed_in_at: Option<Timestamp>,
    /// When the user was created.
    pub created_at: Timestamp,
    /// The version number, incremented with every change.
    pub version: i32,
}

/// An absence that has not begun.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedAbsence {
    /// The instant at which it begins.
    pub from: Timestamp,
    /// When the engineer is back; null: until further notice.
    pub until: Option<Timestamp>,
}

impl User {
    /// A person, as far as `caller` may see them.
    pub fn new(row: UserRow, company: Option<String>, caller: &Caller) -> Self {
        let is_absent = row.absence().is_on(caller.now);
        let is_staff = caller.company_id().is_none();
        let keeps_directory = matches!(caller.role, Role::Commercial | Role::Admin);
        let shows_email = is_staff || caller.user_id == row.id;
        let mail_state = MailState::of(row.mail_failures, row.undeliverable_since.is_some());
        Self {
            id: row.id,
            name: format!("{} {}", row.first_name, row.last_name),
            first_name: row.first_name,
            last_name: row.last_name,
            role: row.role.0,
            company: row.company_id.zip(company).map(|(id, name)| Ref::new(id, name)),
            sees: row.company_id.map(|_| row.sees.0),
            email: Some(row.email).filter(|_| shows_email),
            is_company_admin: row.is_company_admin,
            language: row.language.0,
            is_active: row.is_active,
            is_absent,
            absent_until: row.absent_until.filter(|_| is_absent).map(Timestamp),
            planned_absence: row.planned_since.map(|from| PlannedAbsence {
                from: Timestamp(from),
                until: row.planned_until.map(Timestamp),
            }),
            undeliverable_since: row.undeliverable_since.filter(|_| is_staff).map(Timestamp),
            undeliverable_reason: row.undeliverable_reason.filter(|_| keeps_directory),
            mail_state: is_staff.then_some(mail_state),
            invited_at: row.invited_at.filter(|_| is_staff).map(Timestamp),
            is_pending: is_staff.then_some(row.must_change_password),
            last_signed_in_at: row.last_signed_in_at.filter(|_| is_staff).map(Timestamp),
            created_at: row.created_at.into(),
            version: row.version,
        }
    }
}

pub type UserPage = Page<User>;

impl Listed for User {
    const PAGE_NAME: &'static str = "UserPage";
    const PAGE_DESCRIPTION: &'static str = "A page of users.";
    const ORDER: &'static str = "In order of registration.";
}
