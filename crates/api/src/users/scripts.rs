//! What scripts may do to accounts.

use domain::Role;

use crate::http::caller::{Caller, Credential};
use crate::problem::{Code, Problem};

/// Accounts of staff give permissions, so only signed-in people may change them. With the scope for people, a
/// script may change those of customers.
/// Errors: `insufficient_scope`.
pub fn check(of: Role, caller: &Caller) -> Result<(), Problem> {
    match caller.credential {
        Credential::Session { .. } => Ok(()),
        Credential::ApiToken { .. } | Credential::Mail if of == Role::Customer => Ok(()),
        Credential::ApiToken { .. } | Credential::Mail => {
            Err(Problem::new(Code::InsufficientScope))
        }
    }
}
