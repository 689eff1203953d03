//! `GET /tickets/{id}/similar`.

use actix_web::get;
use actix_web::web::{Json, Path};
use diesel::prelude::*;
use domain::search::SampleText;
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::schema::{products, ticket_texts, tickets};
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::search::find::candidates::Ids;
use crate::tickets::search_results::similar::similar;
use crate::tickets::search_results::view::SearchResult;
use crate::visibility;

/// Tickets that are similar to another one.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimilarTickets {
    /// Solved ones first; the most similar first among these.
    pub items: Vec<SearchResult>,
}

/// List similar tickets
///
/// Returns the tickets that are most similar to this one, solved ones first, with the comment that solved each.
/// Customers get those of their own company.
#[utoipa::path(
    tag = "search",
    operation_id = "tickets_similar_list",
    params(("id" = i64, Path, description = "The ticket number")),
    responses((status = 200, description = "The similar tickets", body = SimilarTickets)),
)]
#[get("/tickets/{id}/similar")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
) -> Result<Json<SimilarTickets>, Problem> {
    let id = *id;
    let work = move |conn: &mut _| {
        let sample = text_of(id, &caller, conn)?;
        Ok(similar(&sample, Some(id), readable(&caller), &caller, conn)?)
    };
    Ok(Json(SimilarTickets { items: db.run(work).await? }))
}

fn readable(caller: &Caller) -> Ids {
    let readable = tickets::table.select(tickets::id);
    readable.filter(visibility::tickets(&caller.viewer)).into_boxed()
}

/// What a ticket is about, if the caller may read it.
fn text_of(id: i64, caller: &Caller, conn: &mut PgConnection) -> QueryResult<SampleText> {
    type Row = (String, String, Option<String>, Option<String>);
    let (subject, description, catalogue_name, own_name): Row = tickets::table
        .inner_join(ticket_texts::table)
        .left_join(products::table)
        .filter(tickets::id.eq(id))
        .filter(visibility::tickets(&caller.viewer))
        .select((
            tickets::subject,
            ticket_texts::description,
            products::name.nullable(),
            tickets::product_name,
        ))
        .first(conn)?;
    let product = catalogue_name.or(own_name).unwrap_or_default();
    Ok(SampleText::new(&subject, &product, &description))
}
