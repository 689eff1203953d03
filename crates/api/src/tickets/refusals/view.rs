//! How refusals are shown in responses.

use diesel::PgConnection;
use domain::{Language, RefusalReason, RefusalState, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::attachments::store::of_refusal;
use crate::attachments::view::Attachment;
use crate::http::page::{Listed, Page};
use crate::http::refs::Ref;
use crate::problem::Problem;
use crate::projects::view::project_name;
use crate::tickets::refusals::store::RefusalRow;
use crate::tickets::registration::request::TicketCreate;

/// A refused request.
#[derive(Debug, Serialize, ToSchema)]
pub struct Refusal {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// The reason for the refusal.
    pub reason: RefusalReason,
    /// The clause that permits the refusal.
    #[schema(example = "3.4.1.4")]
    pub clause: &'static str,
    /// What the author was told, in the caller's language.
    pub detail: &'static str,
    /// The state of the refused request.
    pub state: RefusalState,
    /// The project that the request was meant for.
    pub project: Ref,
    /// The company that it belongs to.
    pub company: Ref,
    /// Who sent it.
    pub author: Ref,
    /// The subject: one line that names the problem.
    pub subject: String,
    /// The open ticket that the request duplicates.
    pub duplicate_of: Option<i64>,
    /// The ticket that the request became.
    pub ticket_id: Option<i64>,
    /// When an engineer decided on it.
    pub decided_at: Option<Timestamp>,
    /// The engineer's comment on the decision.
    pub decision_comment: Option<String>,
    /// When the request was sent.
    pub created_at: Timestamp,
}

/// A refused request with all details.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusalWhole {
    /// The refusal.
    #[serde(flatten)]
    pub refusal: Refusal,
    /// The request, as it was sent.
    pub request: TicketCreate,
    /// The files of the request, until it is registered: then they belong to the ticket.
    pub attachments: Vec<Attachment>,
}

pub type RefusalPage = Page<Refusal>;

impl Listed for Refusal {
    const PAGE_NAME: &'static str = "RefusalPage";
    const PAGE_DESCRIPTION: &'static str = "A page of refused requests.";
    const ORDER: &'static str = "Newest first.";
}

impl Refusal {
    /// A refusal in a language.
    pub fn new(row: &RefusalRow, language: Language) -> Self {
        let reason = row.reason.0;
        Self {
            id: row.id,
            reason,
            clause: reason.clause(),
            detail: reason.explanation().text_in(language),
            state: row.state.0,
            project: Ref::new(row.project_id, project_name(&row.company, &row.direction)),
            company: Ref::new(row.company_id, &row.company),
            author: Ref::person(row.author_id, &row.author.0, &row.author.1),
            subject: row.subject.clone(),
            duplicate_of: row.duplicate_of,
            ticket_id: row.ticket_id,
            decided_at: row.decided_at.map(Timestamp),
            decision_comment: row.decision_comment.clone(),
            created_at: row.created_at.into(),
        }
    }
}

impl RefusalWhole {
    /// A refusal with its request and files.
    /// Errors: a stored request that cannot be read any more.
    pub fn load(
        row: &RefusalRow,
        language: Language,
        conn: &mut PgConnection,
    ) -> Result<Self, Problem> {
        let attachments = of_refusal(row.id, conn)?.into_iter().map(Attachment::from).collect();
        Ok(Self { refusal: Refusal::new(row, language), request: row.request()?, attachments })
    }
}
