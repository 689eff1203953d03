//! `POST /users/import`: a list of people, registered as each single one would be (2.1).

use std::collections::HashMap;

use actix_web::post;
use actix_web::web::Data;
use diesel::PgConnection;
use domain::{FieldError, Language, Sees};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::audit::audited::Audited;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::csv_body::CsvBody;
use crate::http::query::Query;
use crate::http::response::{ApiResponse, WithEtag};
use crate::http::validation::Schemas;
use crate::idempotency::idempotent::Idempotent;
use crate::mail::outbox;
use crate::problem::Problem;
use crate::users::import_check::{CheckedRow, checked};
use crate::users::import_rows::drafts;
use crate::users::import_store::create_all;
use crate::users::import_view::{ImportOutcome, PeopleImport, PeopleTable};
use crate::users::new_user::NewUser;

/// How a list is imported.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// Only say what would happen: nobody is created or invited. Defaults to false.
    #[param(nullable = false)]
    pub dry_run: Option<bool>,
}

/// Import a list of users
///
/// Creates everybody in a table and sends invitations, as creating each of them would. The body is the file itself, as
/// `application/octet-stream` or `text/csv`: CSV as spreadsheets save it, with a header in the first line, `;`, `,` or tabs
/// between cells, in UTF-8 or Windows-1251; at most 1 MiB and 1,000 people.
/// Columns: `first_name`, `last_name`, `email`, and if needed `role` (default `customer`), `company_id` or `company`
/// (its name), `sees`, `is_company_admin`, `language`; the headings «Имя», «Фамилия», «E-mail», «Роль», «Компания»,
/// «Язык», «Администратор компании» are understood.
///
/// All or nothing: if a row is wrong, nobody is created, and 422 names every wrong cell as `/lines/<line>/<column>`. An
/// address that already has an account is not a mistake: it is reported as `known` and left as it is, so that a list can be
/// sent again. `dry_run` reports on every row without doing anything.
#[utoipa::path(
    tag = "users",
    operation_id = "users_import",
    params(ImportQuery, Idempotent),
    request_body(content = PeopleTable, content_type = "application/octet-stream"),
    responses((status = 200, description = "What came of each row", body = PeopleImport)),
)]
#[post("/users/import")]
pub async fn import(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    schemas: Data<Schemas>,
    Query(query): Query<ImportQuery>,
    table: CsvBody,
) -> Result<ApiResponse, Problem> {
    let is_dry_run = query.dry_run.unwrap_or(false);
    let drafts = once.compute(move || drafts(&table, &schemas)).await??;
    let work = move |conn: &mut PgConnection| {
        let rows = checked(drafts, &caller, conn)?;
        let errors = rows.iter().filter_map(|it| it.person.as_ref().err()).flatten();
        let errors: Vec<FieldError> = errors.take(MAX_ERRORS).cloned().collect();
        if !errors.is_empty() && !is_dry_run {
            return Err(Problem::invalid(errors));
        }
        let created = match is_dry_run {
            true => HashMap::new(),
            false => create(&rows, audited, &caller, conn)?,
        };
        let rows = rows.into_iter().map(|it| it.shown(&created, caller.language));
        let rows: Vec<_> = rows.collect();
        let count = |it| rows.iter().filter(|row| row.outcome == it).count() as i64;
        Ok(Done::new(WithEtag::unversioned(PeopleImport {
            is_dry_run,
            created: count(ImportOutcome::Created),
            known: count(ImportOutcome::Known),
            invalid: count(ImportOutcome::Invalid),
            rows,
        })))
    };
    once.run(work).await
}

/// The maximum number of reported errors, as of any body.
const MAX_ERRORS: usize = 100;

/// Creates and invites those who have no account; returns their ids by folded addresses.
fn create(
    rows: &[CheckedRow],
    audited: Audited,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<HashMap<String, i64>, Problem> {
    let new = rows.iter().filter(|it| it.account.is_none());
    let people = new.filter_map(|it| it.person.as_ref().ok()).map(|it| NewUser {
        role: it.role,
        company_id: it.company_id,
        sees: it.sees.unwrap_or(Sees::All),
        is_company_admin: it.is_company_admin.unwrap_or(false),
        email: it.email.trim(),
        first_name: it.first_name.trim(),
        last_name: it.last_name.trim(),
        language: it.language.unwrap_or(Language::Ru),
    });
    let people: Vec<NewUser<'_>> = people.collect();
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let created = create_all(&people, caller.now, conn)?;
    let mut ids: Vec<i64> = created.values().copied().collect();
    ids.sort_unstable();
    audited.create_all("user_ids", &ids, conn)?;
    for id in ids {
        outbox::invite(id, &caller.rules.calendar, caller.real_now, conn)?;
    }
    Ok(created)
}
