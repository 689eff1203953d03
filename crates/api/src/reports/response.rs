//! How a report is sent: as JSON, or as a table.

use actix_web::http::header::VARY;
use actix_web::{HttpRequest, HttpResponse};
use diesel::PgConnection;
use diesel::connection::SimpleConnection as _;
use serde::Serialize;

use crate::http::accept::preferred;
use crate::http::caller::Caller;
use crate::http::csv::{CSV_UTF_8, TEXT_CSV};
use crate::problem::Problem;
use crate::reports::query::Format;
use crate::reports::table::table;

const JSON: &str = "application/json";

/// Work that sees the database at one moment, and changes nothing.
pub fn in_snapshot<T>(
    work: impl FnOnce(&mut PgConnection) -> Result<T, Problem>,
) -> impl FnOnce(&mut PgConnection) -> Result<T, Problem> {
    move |conn| {
        conn.build_transaction().read_only().repeatable_read().run(|conn| {
            // A year is sorted in memory.
            conn.batch_execute("set local work_mem = '64MB'")?;
            work(conn)
        })
    }
}

/// A report in the format that was asked for; the parameter takes precedence over the header. A table has the columns
/// of a blank row, even where it has no rows.
pub fn respond(
    req: &HttpRequest,
    format: Option<Format>,
    caller: &Caller,
    report: impl Serialize,
    blank: impl Serialize,
) -> Result<HttpResponse, Problem> {
    let is_table = match format {
        Some(Format::Csv) => true,
        Some(Format::Json) => false,
        None => preferred(req, &[JSON, TEXT_CSV]) == Some(TEXT_CSV),
    };
    let mut response = HttpResponse::Ok();
    response.insert_header((VARY, "Accept"));
    if !is_table {
        return Ok(response.json(report));
    }
    let report = serde_json::to_value(report).map_err(Problem::unexpected)?;
    let blank = serde_json::to_value(blank).map_err(Problem::unexpected)?;
    let body = table(&report, &blank, caller)?;
    Ok(response.content_type(CSV_UTF_8).body(body))
}
