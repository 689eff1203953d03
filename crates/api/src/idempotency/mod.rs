//! `Idempotency-Key`: a request that is repeated has its effect once and its answer again.
//!
//! The answer is written in the transaction of the effect: after a crash there are both or
//! neither. A handler takes [`idempotent::Idempotent`] in place of the database and hands it its work.

pub(crate) mod idempotent;
pub(crate) mod key;
pub(crate) mod store;

use crate::http::permissions::Access;

/// The POST operations of people who are signed in that take no key, and why.
pub const WITHOUT_KEY: &[(&str, &str)] = &[
    ("auth_logout", "whoever repeats it is signed out"),
    ("auth_reauthenticate", "whoever repeats it shows once more who they are"),
    ("auth_password_change", "a password is not kept, not even as a hash of the body"),
    ("me_api_tokens_create", "the answer has a secret, which is shown once"),
    (
        "uploads_create",
        "a file that is sent twice is two uploads; the unused one goes away by itself",
    ),
    ("webhooks_create", "the answer has a secret, which is shown once"),
    ("webhooks_secret_rotate", "the answer has a secret, which is shown once"),
];

/// Whether an operation takes an `Idempotency-Key`: every POST by somebody whom one knows does,
/// but for a short list.
pub fn takes_key(method: &str, operation_id: &str, access: Access) -> bool {
    let is_listed = WITHOUT_KEY.iter().any(|(id, _)| *id == operation_id);
    method == "post" && access != Access::Open && !is_listed
}
