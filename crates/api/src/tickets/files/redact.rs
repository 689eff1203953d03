//! `POST /attachments/{id}/redact`: a file that should never have been sent is taken away for
//! good.

use actix_web::post;
use actix_web::web::{Data, Path};
use diesel::prelude::*;
use domain::ticket::{Event, Reason};

use crate::articles::store::flag_derived_from;
use crate::attachments::store;
use crate::attachments::store::AttachmentRow;
use crate::attachments::view::Attachment;
use crate::db::schema::{attachment_texts, attachments};
use crate::events::done::Done;
use crate::events::event_type::EventType;
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::{ApiResponse, WithEtag};
use crate::http::validation::Valid;
use crate::idempotency;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::search::index;
use crate::storage::Storage;
use crate::tickets::lifecycle::redact_comment::Redaction;
use crate::tickets::store::lock::lock;
use crate::tickets::store::mails::delete_quotations;
use crate::tickets::store::record::record;

/// The placeholder for the name.
const NO_NAME: &str = "redacted";

/// Redact an attachment
///
/// Removes the content, the name and the description wherever the same upload was used; downloads
/// return 410 `redacted`. The history still shows that there was a file and that it was redacted.
/// Redacting it again changes nothing.
#[utoipa::path(
    tag = "attachments",
    operation_id = "attachments_redact",
    params(("id" = i64, Path, description = "The file"), Idempotent),
    request_body = Redaction,
    responses((status = 200, description = "The file, without its content", body = Attachment)),
)]
#[post("/attachments/{id}/redact")]
pub async fn redact(
    db: RequestDb,
    once: Idempotent,
    storage: Data<Storage>,
    caller: Caller,
    id: Path<i64>,
    Valid(redaction): Valid<Redaction>,
) -> Result<ApiResponse, Problem> {
    let id = *id;
    let reader = caller.clone();
    let known = db.run(move |conn| Ok(store::find(id, &reader, conn)?)).await?.0;
    let work = move |conn: &mut PgConnection| {
        let event = apply(id, redaction, &caller, conn)?;
        let file = Attachment::from(store::find(id, &caller, conn)?);
        Ok(Done::new(WithEtag::unversioned(file)).with_events(event))
    };
    let response = once.run(work).await?;
    // The rows no longer refer to the bytes: if deleting them fails, they are swept as orphans.
    if known.redacted_at.is_none() {
        storage.remove(&known.storage_key).await?;
    }
    Ok(response)
}

/// Redacts a file and all that share its bytes; returns its event.
fn apply(
    id: i64,
    redaction: Redaction,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    let (row, _) = store::find(id, caller, conn)?;
    let ticket = row.ticket_id.map(|it| lock(it, caller, conn)).transpose()?;
    let blanked = blank(&row, caller, conn)?;
    if blanked.is_empty() {
        return Ok(None);
    }
    delete_texts(&blanked, caller, conn)?;
    let Some(ticket) = ticket else { return Ok(None) };
    idempotency::store::blank(ticket.id, conn)?;
    let event = Event {
        is_internal: row.is_internal,
        reason: Some(Reason::public(redaction.reason)),
        ..Event::new(EventType::Redacted, Vec::new())
    };
    let mut event = record(&ticket, event, &caller.into(), conn)?;
    event.body.attachment_ids = vec![id];
    event.body.comment_is_internal = row.is_internal;
    Ok(Some(event))
}

/// A blanked file, with its ticket or article.
type Blanked = (i64, Option<i64>, Option<i64>);

/// Blanks all files with the same bytes.
fn blank(
    row: &AttachmentRow,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<Vec<Blanked>> {
    let same = attachments::table
        .filter(attachments::storage_key.eq(&row.storage_key))
        .filter(attachments::redacted_at.is_null());
    diesel::update(same)
        .set((
            attachments::redacted_at.eq(caller.now),
            attachments::filename.eq(NO_NAME),
            attachments::description.eq(None::<String>),
            attachments::storage_key.eq(""),
            attachments::is_unread.eq(false),
        ))
        .returning((attachments::id, attachments::ticket_id, attachments::article_id))
        .get_results(conn)
}

/// Search no longer finds the files, from the same instant on; articles that were made from
/// their tickets are flagged.
fn delete_texts(blanked: &[Blanked], caller: &Caller, conn: &mut PgConnection) -> QueryResult<()> {
    let ids: Vec<i64> = blanked.iter().map(|it| it.0).collect();
    let tickets: Vec<i64> = blanked.iter().filter_map(|it| it.1).collect();
    let articles: Vec<i64> = blanked.iter().filter_map(|it| it.2).collect();
    diesel::delete(attachment_texts::table.filter(attachment_texts::attachment_id.eq_any(ids)))
        .execute(conn)?;
    index::refresh(&tickets, conn)?;
    index::articles::refresh(&articles, conn)?;
    for ticket_id in tickets {
        // The mail that it came with contains it, too, and so may others.
        delete_quotations(ticket_id, conn)?;
        flag_derived_from(ticket_id, caller.now, conn)?;
    }
    Ok(())
}
