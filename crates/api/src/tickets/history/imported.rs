//! `GET /tickets/{id}/imported`: what came with a ticket from another system and has no counterpart here.
#![expect(clippy::indexing_slicing, reason = "JSON that was kept: what it does not have is null")]

use actix_web::get;
use actix_web::web::{Json, Path};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::db::schema::{comments, imported, imports};
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::tickets::store::TicketRow;
use crate::visibility;
use crate::visibility::known::Known;

/// The maximum number of texts in their markup in one response.
const MAX_TEXTS: i64 = 500;

/// What a ticket was in the system that it came from.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ImportedTicket {
    /// The kind of that system; null if the ticket was filed here.
    pub system: Option<String>,
    /// The number that it had there; null if the ticket was filed here.
    pub source_id: Option<i64>,
    /// The name of its project there.
    pub project: Option<String>,
    /// Fields that have no counterpart here, in the order of that system.
    pub fields: Vec<ImportedField>,
    /// Links to other tickets, with their kinds.
    pub relations: Vec<ImportedRelation>,
    /// The working time that was recorded there. Staff only: empty for customers.
    pub time_entries: Vec<ImportedTime>,
    /// The description in its markup, where that differs from the text that is shown.
    pub description: Option<String>,
    /// Comments in their markup, where that differs from the text that is shown; at most 500, oldest first.
    pub comments: Vec<ImportedText>,
}

/// A field of another system.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ImportedField {
    /// What the field was called.
    pub name: String,
    /// The value, as people read it there.
    pub value: String,
    /// Whether only staff can see the field.
    #[serde(default)]
    #[schema(required = true)]
    pub is_internal: bool,
}

/// A link to another ticket, with the kind that it had.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportedRelation {
    /// The word that system uses, as seen from this ticket: `relates`, `duplicates`, `blocks`.
    pub kind: String,
    /// The kind in words, as people read it there; the same as `kind` if that system has none.
    pub label: String,
    /// The number of the other ticket.
    pub ticket_id: i64,
}

/// Working time that was recorded in another system.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ImportedTime {
    /// Who spent it.
    pub person: String,
    /// The day.
    pub on: NaiveDate,
    /// How long it was, in minutes.
    pub minutes: i64,
    /// What for, by that system's list.
    pub activity: String,
    /// The comment that was recorded with it.
    #[serde(default)]
    #[schema(required = true)]
    pub comment: String,
}

/// A comment in the markup of another system.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportedText {
    /// The comment.
    pub comment_id: i64,
    /// The text, with its markup.
    pub text: String,
}

/// Get import details of a ticket
///
/// What the ticket was in the system that it came from: fields without a counterpart here, kinds of
/// links, recorded time, and texts in their original markup. For a ticket that was filed here everything
/// is null or empty.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_imported_get",
    params(("id" = i64, Path, description = "The ticket number")),
    responses((status = 200, description = "What the ticket was", body = ImportedTicket)),
)]
#[get("/tickets/{id}/imported")]
pub async fn get(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
) -> Result<Json<ImportedTicket>, Problem> {
    let found = db.run(move |conn| {
        TicketRow::check_visible(*id, &caller, conn)?;
        load(*id, &caller, conn)
    });
    Ok(Json(found.await?))
}

fn load(id: i64, caller: &Caller, conn: &mut PgConnection) -> Result<ImportedTicket, Problem> {
    let row: Option<(i64, Value)> = imported::table
        .filter(imported::kind.eq("ticket"))
        .filter(imported::id.eq(id))
        .select((imported::source_id, imported::about))
        .first(conn)
        .optional()?;
    let Some((source_id, mut about)) = row else { return Ok(ImportedTicket::default()) };
    let (system, shift): (String, i64) =
        imports::table.select((imports::system, imports::shift)).first(conn)?;
    let reads_internal = caller.viewer.reads_internal();
    let mut fields: Vec<ImportedField> = read(&mut about, "fields")?;
    fields.retain(|it| (reads_internal || !it.is_internal) && !it.value.is_empty());
    let relations = about["relations"].as_array().into_iter().flatten().filter_map(|it| {
        let kind = it["kind"].as_str()?.to_owned();
        let label = it["label"].as_str().unwrap_or(&kind).to_owned();
        Some(ImportedRelation { kind, label, ticket_id: it["other"].as_i64()? + shift })
    });
    let relations: Vec<ImportedRelation> = relations.collect();
    Ok(ImportedTicket {
        system: Some(system),
        source_id: Some(source_id),
        project: about["project"]["name"].as_str().map(str::to_owned),
        fields,
        relations: linked(id, relations, caller, conn)?,
        time_entries: if reads_internal { read(&mut about, "spent")? } else { Vec::new() },
        description: about["original"].as_str().map(str::to_owned),
        comments: texts(id, caller, conn)?,
    })
}

fn read<T: serde::de::DeserializeOwned>(about: &mut Value, name: &str) -> Result<Vec<T>, Problem> {
    let found = about[name].take();
    if found.is_null() {
        return Ok(Vec::new());
    }
    serde_json::from_value(found).map_err(Problem::unexpected)
}

/// Those that are links here, to tickets that the caller may see.
fn linked(
    id: i64,
    relations: Vec<ImportedRelation>,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<Vec<ImportedRelation>> {
    use crate::db::schema::ticket_links;

    if relations.is_empty() {
        return Ok(relations);
    }
    let others: Vec<i64> = ticket_links::table
        .filter(ticket_links::ticket_id.eq(id))
        .select(ticket_links::other_id)
        .load(conn)?;
    let known = Known::among(others.iter().copied(), &caller.viewer, conn)?;
    let is_shown =
        |it: &ImportedRelation| others.contains(&it.ticket_id) && known.contains(it.ticket_id);
    Ok(relations.into_iter().filter(is_shown).collect())
}

fn texts(id: i64, caller: &Caller, conn: &mut PgConnection) -> QueryResult<Vec<ImportedText>> {
    let own = comments::table
        .filter(comments::ticket_id.eq(id))
        .filter(visibility::comments(&caller.viewer))
        .order(comments::id)
        .select(comments::id);
    let ids: Vec<i64> = own.load(conn)?;
    let rows: Vec<(Option<i64>, Value)> = imported::table
        .filter(imported::kind.eq("note"))
        .filter(imported::id.eq_any(&ids))
        .order(imported::id)
        .limit(MAX_TEXTS)
        .select((imported::id, imported::about))
        .load(conn)?;
    let texts = rows.into_iter().filter_map(|(id, about)| {
        Some(ImportedText { comment_id: id?, text: about["original"].as_str()?.to_owned() })
    });
    Ok(texts.collect())
}
