//! `GET` and `PUT /settings/sla`: how long things may take (2.4).

use actix_web::{get, put};
use diesel::prelude::*;
use domain::sla::Sla;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::tried::Tried;
use crate::problem::Problem;
use crate::settings::store::SettingsRow;

/// Get SLA settings
#[utoipa::path(
    tag = "settings",
    operation_id = "settings_sla_get",
    responses((status = 200, description = "The SLA settings", body = Sla)),
)]
#[get("/settings/sla")]
pub async fn get(caller: Caller) -> WithEtag<Sla> {
    WithEtag::new(caller.rules.version, caller.rules.sla.clone())
}

/// Update SLA settings
///
/// Replaces all settings.
#[utoipa::path(
    tag = "settings",
    operation_id = "settings_sla_update",
    params(IfMatch),
    request_body = Sla,
    responses((status = 200, description = "The updated SLA settings", body = Sla)),
)]
#[put("/settings/sla")]
pub async fn update(
    db: RequestDb,
    audited: Audited,
    if_match: IfMatch,
    body: Tried<Sla>,
) -> Result<WithEtag<Sla>, Problem> {
    let work = move |requested: Sla, conn: &mut PgConnection| {
        requested.check()?;
        let row = SettingsRow::lock(conn)?;
        if_match.check(row.version)?;
        if row.sla()? == requested {
            return Ok(row);
        }
        Ok(row.set_sla(&requested, conn)?)
    };
    let row = db.transaction(audited.update(Entity::Sla, body.then(work))).await?;
    Ok(WithEtag::new(row.version, row.sla()?))
}
