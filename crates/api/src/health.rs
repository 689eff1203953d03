//! `/livez` and `/readyz`, beside the API.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get};
use serde_json::{Value, json};

use crate::db::Db;
use crate::migrations;
use crate::problem::{Code, Problem};
use crate::service::Service;

/// The process is alive; says nothing of the database.
#[get("/livez")]
pub async fn livez() -> Json<Value> {
    Json(json!({ "status": "alive" }))
}

/// The service can answer: the database does, its schema is the one this binary knows, and the
/// process is not about to stop. Tells also what keeps the history from being changed: `roles`, or a
/// `trigger` alone.
#[get("/readyz")]
pub async fn readyz(db: Data<Db>, service: Data<Service>) -> Result<HttpResponse, Problem> {
    if service.is_draining() {
        return Err(Problem::new(Code::Unavailable));
    }
    let is_current = db.run(|conn| Ok(migrations::is_current(conn))).await?;
    if is_current {
        let guard = service.guard.as_str();
        Ok(HttpResponse::Ok().json(json!({ "status": "ready", "append_only": guard })))
    } else {
        Err(Problem::unavailable("the schema is not the one of this version"))
    }
}
