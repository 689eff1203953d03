//! Who may call what: the one table behind the checks, the document and the tests.

use domain::Role::{self, Admin, Commercial, Customer, Engineer};

use crate::auth::Caller;
use crate::problem::{Code, Problem};

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody, signed in or not.
    Open,
    /// Whoever is signed in, even before the one-time password has been replaced.
    Own,
    /// These roles, on what the rules of the slice let them see.
    Roles(&'static [Role]),
}

const ALL: Access = Access::Roles(&[Customer, Engineer, Commercial, Admin]);
const TICKETS: Access = Access::Roles(&[Customer, Engineer, Admin]);
const SUPPORT: Access = Access::Roles(&[Engineer, Admin]);
const STAFF: Access = Access::Roles(&[Engineer, Commercial, Admin]);
const REGISTRATION: Access = Access::Roles(&[Commercial, Admin]);
const ADMINS: Access = Access::Roles(&[Admin]);
const CUSTOMERS: Access = Access::Roles(&[Customer]);

/// Every operation, by its id in the document.
#[rustfmt::skip]
pub const OPERATIONS: &[(&str, Access)] = &[
    ("auth_login",                Access::Open),
    ("auth_refresh",              Access::Open),
    ("auth_logout",               Access::Own),
    ("auth_password",             Access::Own),
    ("me_show",                   Access::Own),
    ("me_edit",                   Access::Own),
    ("me_tickets",                TICKETS),
    ("reference_show",            Access::Open),

    ("companies_list",            STAFF),
    ("companies_create",          REGISTRATION),
    ("companies_show",            STAFF),
    ("companies_edit",            REGISTRATION),
    ("users_list",                ALL),
    ("users_create",              REGISTRATION),
    ("users_show",                ALL),
    ("users_edit",                REGISTRATION),
    ("users_deactivate",          REGISTRATION),
    ("users_invite",              REGISTRATION),
    ("directions_list",           ALL),
    ("directions_create",         ADMINS),
    ("directions_edit",           ADMINS),
    ("directions_add_engineer",   ADMINS),
    ("directions_remove_engineer", ADMINS),
    ("projects_list",             ALL),
    ("projects_create",           REGISTRATION),
    ("projects_show",             ALL),
    ("projects_edit",             REGISTRATION),
    ("projects_engineers",        TICKETS),
    ("products_list",             ALL),
    ("products_create",           ADMINS),
    ("products_show",             ALL),
    ("products_edit",             ADMINS),

    ("tickets_create",            TICKETS),
    ("tickets_check",             TICKETS),
    ("tickets_list",              TICKETS),
    ("tickets_show",              TICKETS),
    ("tickets_edit",              TICKETS),
    ("tickets_transitions",       TICKETS),
    ("tickets_transition",        TICKETS),
    ("tickets_confirm",           CUSTOMERS),
    ("tickets_history",           TICKETS),
    ("tickets_assign",            SUPPORT),
    ("tickets_watch",             TICKETS),
    ("tickets_unwatch",           TICKETS),
    ("tickets_link",              TICKETS),
    ("tickets_unlink",            TICKETS),
    ("comments_list",             TICKETS),
    ("comments_create",           TICKETS),
    ("refusals_list",             TICKETS),
    ("refusals_show",             TICKETS),
    ("refusals_register",         SUPPORT),
    ("refusals_confirm",          SUPPORT),
];

/// Who may call an operation; none for one that the table does not have.
pub fn access(operation_id: &str) -> Option<Access> {
    OPERATIONS.iter().find(|(id, _)| *id == operation_id).map(|(_, access)| *access)
}

/// The operations that this caller may call.
pub fn of(caller: &Caller) -> Vec<&'static str> {
    let permitted = OPERATIONS.iter().filter(|(_, access)| access.check(caller).is_ok());
    permitted.map(|(id, _)| *id).collect()
}

impl Access {
    /// Whether this caller may call the operation.
    ///
    /// # Errors
    /// `password_change_required` or `forbidden`.
    pub fn check(self, caller: &Caller) -> Result<(), Problem> {
        match self {
            Self::Open | Self::Own => Ok(()),
            Self::Roles(_) if caller.must_change_password => {
                Err(Problem::new(Code::PasswordChangeRequired))
            }
            Self::Roles(roles) if roles.contains(&caller.role) => Ok(()),
            Self::Roles(_) => Err(Problem::new(Code::Forbidden)),
        }
    }

    /// The sentence that the document has about it.
    pub fn sentence(self) -> String {
        match self {
            Self::Open => "Needs no sign-in.".to_owned(),
            Self::Own => {
                "For everybody who is signed in, also before the one-time password is replaced."
                    .to_owned()
            }
            Self::Roles(roles) => {
                let names: Vec<&str> = roles.iter().map(|it| it.as_str()).collect();
                format!("Roles: {}.", names.join(", "))
            }
        }
    }
}
