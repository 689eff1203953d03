//! `/livez` and `/readyz`, beside the API.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get};
use diesel::PgConnection;
use domain::calendar::CalendarWarning;
use serde_json::{Value, json};

use crate::db::{Cost, Db, Party, clock, migrations};
use crate::http::service::Service;
use crate::jobs::context::JobContext;
use crate::problem::{Code, Problem};
use crate::settings;

/// The process is alive; says nothing of the database.
#[get("/livez")]
pub async fn livez() -> Json<Value> {
    Json(json!({ "status": "alive" }))
}

/// The service can handle requests: the database responds, its schema is the one that this binary knows, and the
/// process is not about to stop; otherwise `waiting_for` says what is missing. Also says what protects the history
/// from changes: `roles`, or a `trigger` alone; and warns if the calendar ends before today, or if nothing is sent.
#[get("/readyz")]
pub async fn readyz(
    db: Data<Db>,
    service: Data<Service>,
    jobs: Data<JobContext>,
) -> Result<HttpResponse, Problem> {
    if service.is_draining() {
        return Err(Problem::new(Code::Unavailable));
    }
    let work =
        |conn: &mut _| Ok(if migrations::is_current(conn) { Some(warnings(conn)?) } else { None });
    let warnings = db.run(Party::Watch, Cost::Little, work).await;
    let warnings = warnings.map_err(|it| it.with("waiting_for", "database"))?;
    let Some(warnings) = warnings else {
        let other = Problem::unavailable("the schema is not the one of this version");
        return Err(other.with("waiting_for", "schema"));
    };
    let guard = service.guard.as_str();
    let calendar = warnings.iter().map(|it| it.as_str());
    let outgoing = jobs.outgoing.is_stopped().then_some("outgoing_stopped");
    let warnings: Vec<&str> = calendar.chain(outgoing).collect();
    let ready = json!({ "status": "ready", "append_only": guard, "warnings": warnings });
    Ok(HttpResponse::Ok().json(ready))
}

/// What the operator should take care of soon.
fn warnings(conn: &mut PgConnection) -> Result<Vec<CalendarWarning>, Problem> {
    let rules = settings::latest(conn)?;
    let outdated = rules.calendar.is_outdated(clock::now(conn)?.rules);
    Ok(outdated.then_some(CalendarWarning::CalendarOutdated).into_iter().collect())
}
