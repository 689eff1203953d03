//! What creating a token and setting a key have in common.

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Responder as _};
use diesel::PgConnection;
use serde::Serialize;
use serde_json::json;

use crate::api_tokens::store::{ApiTokenRow, NewApiToken};
use crate::audit::entry::Entry;
use crate::http::caller::Caller;
use crate::http::response::{WithEtag, location};
use crate::problem::Problem;
use crate::users::store::UserRow;

/// Stores a token of the caller, and records that in the audit log.
/// Errors: `too_many_api_tokens`; a secret that is known already.
pub fn issue(
    new: NewApiToken<'_>,
    entry: Entry,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<ApiTokenRow, Problem> {
    UserRow::lock_self(caller.user_id, conn)?;
    let request = json!({ "name": new.name, "scopes": new.scopes }).to_string();
    let row = ApiTokenRow::create(new, caller.real_now, conn)?;
    let entry = entry.by(caller).with_new_id(row.id).with_request(Some(request));
    entry.write(caller.real_now, conn)?;
    Ok(row)
}

/// The response to it, which nobody may store.
pub fn response(req: &HttpRequest, id: i64, body: impl Serialize) -> HttpResponse {
    let location = location("/me/api-tokens", id);
    let mut response = WithEtag::unversioned(body).at(location).respond_to(req);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
