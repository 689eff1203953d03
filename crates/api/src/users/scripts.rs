//! What scripts may do to accounts.

use domain::Role;

use crate::http::caller::{Caller, Credential};
use crate::problem::{Code, Problem};

/// Accounts of staff give rights: they are for people who are signed in. With the scope for people a
/// script has those of customers.
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
