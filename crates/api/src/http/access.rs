//! Who may call an operation: the check, and its sentence in the document.

use domain::Role;

use crate::http::caller::Caller;
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
    /// These roles, and customers who administer the accounts of their company.
    RolesAndCompanyAdmins(&'static [Role]),
}

impl Access {
    pub(super) fn check(self, caller: &Caller) -> Result<(), Problem> {
        match self {
            Self::Open | Self::Own => Ok(()),
            Self::Roles(_) | Self::RolesAndCompanyAdmins(_) if caller.must_change_password => {
                Err(Problem::new(Code::PasswordChangeRequired))
            }
            Self::Roles(roles) | Self::RolesAndCompanyAdmins(roles)
                if roles.contains(&caller.role) =>
            {
                Ok(())
            }
            Self::RolesAndCompanyAdmins(_) if caller.is_company_admin => Ok(()),
            Self::Roles(_) | Self::RolesAndCompanyAdmins(_) => Err(Problem::new(Code::Forbidden)),
        }
    }

    pub(super) fn sentence(self) -> String {
        match self {
            Self::Open => "No authentication required.".to_owned(),
            Self::Own => {
                "For every signed-in user, even before the one-time password has been replaced."
                    .to_owned()
            }
            Self::Roles(roles) => sentence_of(roles),
            Self::RolesAndCompanyAdmins(roles) => {
                let admins = "Also customers who administer the accounts of their company.";
                format!("{} {admins}", sentence_of(roles))
            }
        }
    }
}

fn sentence_of(roles: &[Role]) -> String {
    let names: Vec<&str> = roles.iter().map(|it| it.as_str()).collect();
    format!("Roles: {}.", names.join(", "))
}
