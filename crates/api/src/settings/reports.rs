//! `GET` and `PUT /settings/reports`: what tickets have to state for reports, and who gets reports by mail.

use actix_web::{get, put};
use diesel::prelude::*;
use domain::sla::ReportSettings;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::validation::Valid;
use crate::problem::Problem;
use crate::settings::store::SettingsRow;

/// Get report settings
#[utoipa::path(
    tag = "settings",
    operation_id = "settings_reports_get",
    responses((status = 200, description = "The report settings", body = ReportSettings)),
)]
#[get("/settings/reports")]
pub async fn get(caller: Caller) -> WithEtag<ReportSettings> {
    WithEtag::new(caller.rules.version, caller.rules.reports)
}

/// Update report settings
///
/// Replaces all settings. What solved tickets have to state is shown among the needs of their transitions.
#[utoipa::path(
    tag = "settings",
    operation_id = "settings_reports_update",
    params(IfMatch),
    request_body = ReportSettings,
    responses((status = 200, description = "The updated report settings", body = ReportSettings)),
)]
#[put("/settings/reports")]
pub async fn update(
    db: RequestDb,
    audited: Audited,
    if_match: IfMatch,
    Valid(requested): Valid<ReportSettings>,
) -> Result<WithEtag<ReportSettings>, Problem> {
    let work = move |conn: &mut PgConnection| {
        let row = SettingsRow::lock(conn)?;
        if_match.check(row.version)?;
        if row.reports()? == requested {
            return Ok(row);
        }
        Ok(row.set_reports(requested, conn)?)
    };
    let row = db.transaction(audited.update(Entity::Reports, work)).await?;
    Ok(WithEtag::new(row.version, row.reports()?))
}
