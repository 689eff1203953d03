//! `POST /users`: registration by the commercial department (2.1).

use actix_web::post;
use diesel::PgConnection;
use domain::hidden::has_hidden;
use domain::violation::check_none;
use domain::{FieldCode, FieldError, Format, Language, Role, Sees};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::companies::store::closed_error;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag, location};
use crate::http::tried::Tried;
use crate::http::validation::is_email_address;
use crate::idempotency::idempotent::Idempotent;
use crate::mail::outbox;
use crate::problem::Problem;
use crate::users::new_user::{NewUser, is_taken};
use crate::users::scripts;
use crate::users::store::UserRow;
use crate::users::view::User;

/// The user to create.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct UserCreate {
    /// The given name, shown wherever the person appears.
    #[schema(max_length = 100, pattern = r"\S", example = "Айгуль")]
    pub first_name: String,
    /// The family name, shown wherever the person appears.
    #[schema(max_length = 100, pattern = r"\S", example = "Омарова")]
    pub last_name: String,
    /// The address to which credentials and notifications are sent.
    #[schema(max_length = 254, example = "a.omarova@sary-arka.example")]
    pub email: String,
    /// The role; the commercial department can create customers only.
    pub role: Role,
    /// The company, for customers only.
    #[schema(minimum = 1)]
    pub company_id: Option<i64>,
    /// Which projects of the company a customer sees; defaults to all of them.
    #[schema(nullable = false)]
    pub sees: Option<Sees>,
    /// Whether a customer administers the accounts of their company: sees deactivated colleagues, and deactivates and
    /// reactivates colleagues; defaults to false.
    #[schema(nullable = false)]
    pub is_company_admin: Option<bool>,
    /// The language of the user's mail; defaults to Russian.
    pub language: Option<Language>,
}

/// Create a user
///
/// The user gets an e-mail with a one-time password, which has to be replaced after the first
/// sign-in; on a day off it leaves when support opens next. API tokens can create customers only.
#[utoipa::path(
    tag = "users",
    operation_id = "users_create",
    params(Idempotent),
    request_body = UserCreate,
    responses((status = 201, description = "The user", body = User)),
)]
#[post("/users")]
pub async fn create(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    body: Tried<UserCreate>,
) -> Result<ApiResponse, Problem> {
    let work = move |new: UserCreate, conn: &mut _| {
        scripts::check(new.role, &caller)?;
        check(&new, &caller, conn)?;
        let row = NewUser {
            role: new.role,
            company_id: new.company_id,
            sees: new.sees.unwrap_or(Sees::All),
            is_company_admin: new.is_company_admin.unwrap_or(false),
            email: new.email.trim(),
            first_name: new.first_name.trim(),
            last_name: new.last_name.trim(),
            language: new.language.unwrap_or(Language::Ru),
        };
        let id = row.create(caller.now, conn)?;
        audited.create(Entity::User, id, conn)?;
        outbox::invite(id, &caller.rules.calendar, caller.real_now, conn)?;
        let (row, company) = UserRow::show(id, &caller, conn)?;
        let user = User::new(row, company, &caller);
        Ok(Done::new(WithEtag::created(user.version, user, location("/users", id))))
    };
    once.run(body.then(work)).await
}

/// Checks somebody beyond the schema, if `caller` creates them.
/// Errors: a field error for each of the fields that are wrong.
fn check(new: &UserCreate, caller: &Caller, conn: &mut PgConnection) -> Result<(), Problem> {
    let mut wrong = errors(new, caller);
    let is_right = |wrong: &[FieldError], at: &str| wrong.iter().all(|it| it.pointer != at);
    if let Some(id) = new.company_id.filter(|_| is_right(&wrong, "/company_id")) {
        wrong.extend(closed_error(id, conn)?);
    }
    // Where nothing else is wrong, a taken address is 409.
    if !wrong.is_empty() && is_right(&wrong, "/email") && is_taken(&new.email, conn)? {
        wrong.push(FieldError::new("/email", FieldCode::Taken));
    }
    Ok(check_none(wrong)?)
}

/// What is wrong with somebody beyond the schema and the database, if `caller` creates them.
pub fn errors(new: &UserCreate, caller: &Caller) -> Vec<FieldError> {
    let may_set_role = caller.role == Role::Admin || new.role == Role::Customer;
    let role = (!may_set_role).then(|| FieldError::new("/role", FieldCode::NotPermitted));
    let company = match (new.role == Role::Customer, new.company_id) {
        (true, None) => Some(FieldError::new("/company_id", FieldCode::Required).by_clause("2.1")),
        (false, Some(_)) => Some(FieldError::new("/company_id", FieldCode::NotApplicable)),
        (true, Some(_)) | (false, None) => None,
    };
    let of_customers = of_customers_errors(new.sees, new.is_company_admin, new.role);
    [role, company, email_error(&new.email)].into_iter().flatten().chain(of_customers).collect()
}

/// What staff cannot have: only what customers see can be narrowed, and only a company has an administrator of its own.
pub fn of_customers_errors(
    sees: Option<Sees>,
    is_company_admin: Option<bool>,
    role: Role,
) -> Vec<FieldError> {
    let given = [("/sees", sees.is_some()), ("/is_company_admin", is_company_admin.is_some())];
    let wrong = given.into_iter().filter(|(_, is_given)| *is_given && role != Role::Customer);
    wrong.map(|(pointer, _)| FieldError::new(pointer, FieldCode::NotApplicable)).collect()
}

/// What is wrong with an address.
pub fn email_error(email: &str) -> Option<FieldError> {
    let is_address = is_email_address(email.trim()) && !has_hidden(email);
    (!is_address).then(|| FieldError::new("/email", FieldCode::WrongFormat(Format::Email)))
}
