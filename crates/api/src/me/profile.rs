//! `GET` and `PATCH /me`.

use actix_web::web::Data;
use actix_web::{get, patch};
use diesel::prelude::*;
use domain::{Language, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::db::schema::{companies, users};
use crate::db::string_enum::DbEnum;
use crate::http::caller::Caller;
use crate::http::permissions;
use crate::http::refs::Ref;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::service::Service;
use crate::http::validation::Valid;
use crate::problem::Problem;
use crate::users::store::UserRow;

/// The current user.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// First and last name.
    pub name: String,
    /// The given name, shown wherever the person appears.
    pub first_name: String,
    /// The family name, shown wherever the person appears.
    pub last_name: String,
    /// The e-mail address.
    pub email: String,
    /// The role of the user.
    pub role: Role,
    /// The company of a customer; null for everybody else.
    pub company: Option<Ref>,
    /// Whether you administer the accounts of your company.
    pub is_company_admin: bool,
    /// The language of the user's mail, and of responses when a request asks for none.
    pub language: Language,
    /// Whether the password has to be changed before any other operation is permitted.
    pub must_change_password: bool,
    /// The operations that you may call with this credential, by their ids in this document.
    pub operations: Vec<&'static str>,
}

/// The changes to the current user.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct MePatch {
    /// The given name, shown wherever the person appears.
    #[schema(max_length = 100, pattern = r"\S", nullable = false)]
    pub first_name: Option<String>,
    /// The family name, shown wherever the person appears.
    #[schema(max_length = 100, pattern = r"\S", nullable = false)]
    pub last_name: Option<String>,
    /// The language of the user's mail.
    #[schema(nullable = false)]
    pub language: Option<Language>,
}

impl Me {
    fn load(
        caller: &Caller,
        is_sandbox: bool,
        conn: &mut PgConnection,
    ) -> QueryResult<WithEtag<Self>> {
        let (row, company): (UserRow, Option<String>) = users::table
            .left_join(companies::table)
            .filter(users::id.eq(caller.user_id))
            .select((UserRow::as_select(), companies::name.nullable()))
            .first(conn)?;
        let me = Self {
            id: row.id,
            name: format!("{} {}", row.first_name, row.last_name),
            first_name: row.first_name,
            last_name: row.last_name,
            email: row.email,
            role: row.role.0,
            company: row.company_id.zip(company).map(|(id, name)| Ref::new(id, name)),
            is_company_admin: row.is_company_admin,
            language: row.language.0,
            must_change_password: caller.must_change_password,
            operations: permissions::of(caller, is_sandbox),
        };
        Ok(WithEtag::new(row.version, me))
    }
}

/// Get the current user
#[utoipa::path(
    tag = "me",
    operation_id = "me_get",
    responses((status = 200, description = "The current user", body = Me)),
)]
#[get("/me")]
pub async fn get(
    db: RequestDb,
    service: Data<Service>,
    caller: Caller,
) -> Result<WithEtag<Me>, Problem> {
    let is_sandbox = service.is_sandbox;
    db.run(move |conn| Ok(Me::load(&caller, is_sandbox, conn)?)).await
}

/// Update the current user
#[utoipa::path(
    tag = "me",
    operation_id = "me_update",
    params(IfMatch),
    request_body = MePatch,
    responses((status = 200, description = "The updated user", body = Me)),
)]
#[patch("/me")]
pub async fn update(
    db: RequestDb,
    service: Data<Service>,
    caller: Caller,
    audited: Audited,
    if_match: IfMatch,
    Valid(patch): Valid<MePatch>,
) -> Result<WithEtag<Me>, Problem> {
    let (is_sandbox, account) = (service.is_sandbox, Entity::User(caller.user_id));
    let work = move |conn: &mut _| {
        let before = UserRow::lock_self(caller.user_id, conn)?;
        if_match.check(before.version)?;
        let mut after = before.clone();
        if let Some(it) = patch.first_name {
            after.first_name = it.trim().to_owned();
        }
        if let Some(it) = patch.last_name {
            after.last_name = it.trim().to_owned();
        }
        if let Some(it) = patch.language {
            after.language = DbEnum(it);
        }
        after.save(&before, conn)?;
        Ok(Me::load(&caller, is_sandbox, conn)?)
    };
    db.transaction(audited.update(account, work)).await
}
