//! What the table of permissions says of one operation: the check of a caller, and its sentences in the document.

use crate::http::access::Access;
use crate::http::caller::{Caller, Credential};
use crate::http::scope::Scope;
use crate::problem::{Code, Problem};

/// What the table says of one operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Who may call it.
    pub access: Access,
    /// With which API tokens.
    pub token: Token,
}

/// Which API tokens may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// None: only for signed-in people.
    Never,
    /// None, and only a session whose password was entered recently: it changes credentials.
    Fresh,
    Any,
    /// Those with this scope.
    With(Scope),
}

impl Rule {
    /// Whether this caller may call the operation with their credential.
    /// Errors: `password_change_required`, `forbidden` or `insufficient_scope`.
    pub fn check(self, caller: &Caller) -> Result<(), Problem> {
        self.access.check(caller)?;
        if self.access == Access::Open { Ok(()) } else { self.token.check(caller) }
    }

    /// Its sentences in the document.
    pub fn sentences(self) -> String {
        let access = self.access.sentence();
        match (self.access, self.token) {
            (Access::Open, _) => access,
            (Access::Own | Access::Roles(_) | Access::RolesAndCompanyAdmins(_), token) => {
                format!("{access} {}", token.sentence())
            }
        }
    }
}

impl Token {
    /// Whether such operations are audited through `Audited`. Changes to tickets are in their history, and
    /// operations on one's own account write their entries themselves.
    pub const fn is_audited(self) -> bool {
        match self {
            Self::Never | Self::Fresh | Self::Any => false,
            Self::With(scope) => scope.is_writing() && !matches!(scope, Scope::TicketsWrite),
        }
    }

    fn check(self, caller: &Caller) -> Result<(), Problem> {
        if self == Self::Fresh {
            return caller.is_fresh();
        }
        let Credential::ApiToken { scopes, .. } = &caller.credential else { return Ok(()) };
        match self {
            Self::Any => Ok(()),
            Self::With(scope) if scopes.contains(&scope) => Ok(()),
            Self::With(scope) => {
                Err(Problem::new(Code::InsufficientScope).with("required_scope", scope))
            }
            Self::Never | Self::Fresh => Err(Problem::new(Code::InsufficientScope)),
        }
    }

    fn sentence(self) -> String {
        match self {
            Self::Never => "Not for API tokens.".to_owned(),
            Self::Fresh => {
                "Not for API tokens. The password must have been entered in the last 10 minutes, by \
                 signing in or `POST /auth/reauthenticate`; otherwise 403 `reauthentication_required`."
                    .to_owned()
            }
            Self::Any => "API tokens: any.".to_owned(),
            Self::With(scope) => format!("API tokens: scope `{}`.", scope.as_str()),
        }
    }
}
