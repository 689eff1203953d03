//! What a step has to know apart from its ticket: read once the ticket is locked, in a statement of its own.
//! The statement that waits for the lock would see things as they were before the wait.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable};
use domain::ticket::{Facts, Release, Step, Ticket};
use domain::{FieldCode, FieldError, Status, Viewer};

use crate::articles::feedback;
use crate::attachments::attach::{self, AttachmentCreate};
use crate::db;
use crate::db::named::Named;
use crate::problem::Problem;
use crate::releases::store::ReleaseRow;
use crate::tickets::lifecycle::apply::Message;
use crate::tickets::store::action_context::ActionContext;

#[derive(Debug, QueryableByName)]
struct FactsRow {
    #[diesel(sql_type = Array<BigInt>)]
    open_children: Vec<i64>,
    #[diesel(sql_type = Bool)]
    is_duplicate_known: bool,
    #[diesel(sql_type = Bool)]
    is_duplicate_circular: bool,
    #[diesel(sql_type = Bool)]
    is_confirmation_by_customer: bool,
    #[diesel(sql_type = Bool)]
    is_topic_known: bool,
}

/// The facts for a transition to `to` or a comment; what the step does not refer to is not looked up.
pub fn of_step(
    ticket: &Ticket,
    to: Option<Status>,
    step: &Step,
    attachments: &[AttachmentCreate],
    by: &ActionContext,
    conn: &mut PgConnection,
) -> Result<Facts, Problem> {
    let fields = &step.fields;
    let is_closing = to == Some(Status::Closed);
    let (duplicate_of, confirmation) = (fields.duplicate_of, fields.confirmation_comment_id);
    let mut facts = Facts { wrong_files: wrong_files(attachments, by, conn)?, ..Facts::default() };
    let named = [duplicate_of, confirmation, fields.topic_id];
    if duplicate_of.is_some() {
        // One after another, so that no two tickets become duplicates of each other.
        db::advisory_lock(&format!("duplicates/{}", ticket.company_id), conn)?;
    }
    if is_closing || named.iter().any(Option::is_some) {
        let statement = diesel::sql_query(include_str!("facts.sql"))
            .bind::<BigInt, _>(ticket.id)
            .bind::<BigInt, _>(ticket.company_id)
            .bind::<Bool, _>(is_closing)
            .bind::<Nullable<BigInt>, _>(duplicate_of)
            .bind::<Nullable<BigInt>, _>(confirmation)
            .bind::<Nullable<BigInt>, _>(fields.topic_id)
            .bind::<BigInt, _>(ticket.direction_id);
        let found: FactsRow = Named(statement).get_result(conn)?;
        facts.open_children = found.open_children;
        facts.is_duplicate_known = found.is_duplicate_known;
        facts.is_duplicate_circular = found.is_duplicate_circular;
        facts.is_confirmation_by_customer = found.is_confirmation_by_customer;
        facts.is_topic_known = found.is_topic_known;
    }
    let waited_for = ticket.release_id.filter(|_| to == Some(Status::AwaitingRelease));
    if let Some(release_id) = fields.release_id.or(waited_for) {
        facts.release = release(release_id, ticket.product.id, conn)?;
    }
    Ok(facts)
}

/// A release of a product, which stays as it is until the transaction ends.
pub fn release(
    id: i64,
    product_id: Option<i64>,
    conn: &mut PgConnection,
) -> QueryResult<Option<Release>> {
    Ok(ReleaseRow::lock_for_share(id, product_id, conn)?.map(|it| it.known()))
}

/// What is wrong with the files that come with something.
pub fn wrong_files(
    attachments: &[AttachmentCreate],
    by: &ActionContext,
    conn: &mut PgConnection,
) -> QueryResult<Vec<FieldError>> {
    let uploads: Vec<&str> = attachments.iter().map(|it| it.upload_id.as_str()).collect();
    attach::errors(&uploads, &by.into(), conn)
}

/// What is wrong with the article that a comment refers to.
pub fn wrong_article(
    message: &Message,
    is_internal: bool,
    viewer: &Viewer,
    conn: &mut PgConnection,
) -> QueryResult<Option<FieldError>> {
    match (message.article_id, &message.comment) {
        (None, _) => Ok(None),
        (Some(_), None) => Ok(Some(FieldError::new("/article_id", FieldCode::NotApplicable))),
        (Some(id), Some(_)) => {
            feedback::wrong_article(id, is_internal, viewer.reads_internal(), conn)
        }
    }
}
