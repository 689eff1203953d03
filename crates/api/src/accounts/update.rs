//! `PATCH /users/{id}`.

use actix_web::patch;
use actix_web::web::Path;
use diesel::PgConnection;
use domain::{AssignmentCause, FieldCode, FieldError, Language, Role, Sees};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::auth;
use crate::credentials::email::fold_email;
use crate::db::string_enum::DbEnum;
use crate::directions::store::remove_from_all;
use crate::events::done::{Done, recorded};
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::tried::Tried;
use crate::mail::outbox;
use crate::problem::Problem;
use crate::tickets::people::handover::Leaver;
use crate::users::create::{email_error, of_customers_errors};
use crate::users::scripts;
use crate::users::store::{UserRow, known_to};
use crate::users::undeliverable;
use crate::users::view::User;

/// The changes to a user.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct UserPatch {
    /// The given name, shown wherever the person appears.
    #[schema(max_length = 100, pattern = r"\S", nullable = false)]
    pub first_name: Option<String>,
    /// The family name, shown wherever the person appears.
    #[schema(max_length = 100, pattern = r"\S", nullable = false)]
    pub last_name: Option<String>,
    /// A new address: the account is signed out, new credentials are sent there, and the
    /// old address is notified.
    #[schema(max_length = 254, nullable = false)]
    pub email: Option<String>,
    /// A new role, set by an admin, between staff roles; nobody can change their own.
    #[schema(nullable = false)]
    pub role: Option<Role>,
    /// Which projects of the company a customer sees, from the next request on.
    #[schema(nullable = false)]
    pub sees: Option<Sees>,
    /// Whether a customer administers the accounts of their company, from the next request on.
    #[schema(nullable = false)]
    pub is_company_admin: Option<bool>,
    /// The language of the user's mail.
    #[schema(nullable = false)]
    pub language: Option<Language>,
}

/// Update a user
///
/// API tokens can change customers only. Changing your own address requires a password entered in the last 10
/// minutes; otherwise 403 `reauthentication_required`.
#[utoipa::path(
    tag = "users",
    operation_id = "users_update",
    params(("id" = i64, Path, description = "The user"), IfMatch),
    request_body = UserPatch,
    responses((status = 200, description = "The updated user", body = User)),
)]
#[patch("/users/{id}")]
pub async fn update(
    db: RequestDb,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
    body: Tried<UserPatch>,
) -> Result<WithEtag<User>, Problem> {
    let id = *id;
    let work = move |patch: UserPatch, conn: &mut _| {
        let known = known_to(&caller);
        let leaves_support = patch.role.is_some_and(|it| !it.is_support());
        let leaver = leaves_support.then(|| Leaver::lock(id, None, &known, conn)).transpose()?;
        let before = match &leaver {
            Some(leaver) => leaver.user.clone(),
            None => UserRow::lock(id, &caller, conn)?,
        };
        scripts::check(before.role.0, &caller)?;
        if_match.check(before.version)?;
        let errors = errors(&patch, &before, &caller);
        if !errors.is_empty() {
            return Err(Problem::invalid(errors));
        }
        let after = patched(before.clone(), patch);
        if after.email_folded != before.email_folded {
            before.check_company_open()?;
        }
        if id == caller.user_id && after.email_folded != before.email_folded {
            caller.is_fresh()?;
        }
        let save = |conn: &mut _| save(&before, &after, leaver, &caller, conn);
        let events = audited.update(Entity::User(id), save)(conn)?;
        let (row, company) = UserRow::show(id, &caller, conn)?;
        Ok(Done::new(User::new(row, company, &caller)).with_events(events))
    };
    let user = db.transaction(recorded(db.history_key(), body.then(work))).await?;
    Ok(WithEtag::new(user.version, user))
}

fn save(
    before: &UserRow,
    after: &UserRow,
    leaver: Option<Leaver>,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Vec<NewEvent>, Problem> {
    after.save(before, conn)?;
    if after.email_folded != before.email_folded {
        after.void_password(conn)?;
        undeliverable::forget(after.id, conn)?;
        auth::store::revoke_all(after.id, caller.real_now, conn)?;
        outbox::notify_old_address(after.id, &before.email, caller.real_now, conn)?;
        outbox::invite(after.id, &caller.rules.calendar, caller.real_now, conn)?;
    }
    let Some(leaver) = leaver.filter(|it| it.user.role.0.is_support()) else {
        return Ok(Vec::new());
    };
    remove_from_all(after.id, conn)?;
    leaver.hand_over(AssignmentCause::Departure, &caller.into(), conn)
}

fn errors(patch: &UserPatch, row: &UserRow, caller: &Caller) -> Vec<FieldError> {
    let changes_role = patch.role.is_some_and(|it| it != row.role.0);
    let is_customers = row.role.0 == Role::Customer || patch.role == Some(Role::Customer);
    let may_change = caller.role == Role::Admin && caller.user_id != row.id && !is_customers;
    let role =
        (changes_role && !may_change).then(|| FieldError::new("/role", FieldCode::NotPermitted));
    let of_customers = of_customers_errors(patch.sees, patch.is_company_admin, row.role.0);
    let email = patch.email.as_deref().and_then(email_error);
    role.into_iter().chain(of_customers).chain(email).collect()
}

fn patched(mut row: UserRow, patch: UserPatch) -> UserRow {
    if let Some(it) = patch.first_name {
        row.first_name = it.trim().to_owned();
    }
    if let Some(it) = patch.last_name {
        row.last_name = it.trim().to_owned();
    }
    if let Some(it) = patch.email {
        row.email_folded = fold_email(&it);
        row.email = it.trim().to_owned();
    }
    if let Some(it) = patch.role {
        row.role = DbEnum(it);
    }
    if let Some(it) = patch.sees {
        row.sees = DbEnum(it);
    }
    if let Some(it) = patch.is_company_admin {
        row.is_company_admin = it;
    }
    if let Some(it) = patch.language {
        row.language = DbEnum(it);
    }
    row
}
