//! A request as it is sent: the body of a new ticket (3.1-3.3).

use domain::registration::{Grade, Request, TextFindings};
use domain::ticket::Details;
use domain::{FieldError, Impact, Priority, Tracker, Urgency};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::attachments::attach::AttachmentCreate;
use crate::http::maxima::MAX_IN_LIST;
use crate::http::validation::BodyWithErrors;

/// The ticket to create.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({
    "project_id": 1, "tracker": "bug", "priority": "high", "product_id": 1,
    "subject": "Не регистрируются ONT на порту 3",
    "description": "После обновления LTP-8X до 3.50.1 терминалы на порту 3 не выходят из состояния AUTHENTICATION.",
    "software_version": "3.50.1",
}))]
pub struct TicketCreate {
    /// The project: one of the caller's own company.
    #[schema(minimum = 1)]
    pub project_id: i64,
    /// The tracker: the kind of request (3.2).
    pub tracker: Tracker,
    /// A short summary of the problem (3.2).
    #[schema(max_length = 255, pattern = r"\S")]
    pub subject: String,
    /// A detailed description of the problem, which has to say more than the subject (3.2, 3.4.1.1).
    #[schema(max_length = 50_000, pattern = r"\S")]
    pub description: String,
    /// The priority (3.2); alternatively `impact`, from which it is derived.
    pub priority: Option<Priority>,
    /// The impact of the problem on the service, instead of `priority`.
    pub impact: Option<Impact>,
    /// How soon help is needed, with `impact`; defaults to `normal`.
    pub urgency: Option<Urgency>,
    /// The product, of the project's direction (3.2).
    #[schema(minimum = 1)]
    pub product_id: Option<i64>,
    /// The name of a device that is not in the catalogue, instead of `product_id`.
    #[schema(max_length = 200, pattern = r"\S")]
    pub product_name: Option<String>,
    /// The user on whose behalf support creates the ticket; required for support,
    /// not permitted for customers.
    #[schema(minimum = 1)]
    pub author_id: Option<i64>,
    /// The requested engineer: an active one of the direction (3.3).
    #[schema(minimum = 1)]
    pub assignee_id: Option<i64>,
    /// The parent ticket, of the same company (3.3).
    #[schema(minimum = 1)]
    pub parent_id: Option<i64>,
    /// The users to notify of changes: colleagues or staff.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub watcher_ids: Vec<i64>,
    #[serde(flatten)]
    #[schema(inline)]
    pub details: Details,
    /// The serial number of the device.
    #[schema(max_length = 100, pattern = r"\S")]
    pub serial_number: Option<String>,
    /// The customer's own reference, unique in the project.
    #[schema(max_length = 100, pattern = r"\S")]
    pub external_ref: Option<String>,
    /// Files: configurations, logs, pictures (3.3).
    #[serde(default)]
    #[schema(max_items = 20)]
    pub attachments: Vec<AttachmentCreate>,
    /// Open tickets that look similar but are about a different problem (3.4.1.4).
    #[serde(default)]
    #[schema(max_items = 20)]
    pub not_duplicate_of: Vec<i64>,
}

impl TicketCreate {
    /// How it states its urgency.
    pub const fn grade(&self) -> Grade {
        Grade { priority: self.priority, impact: self.impact, urgency: self.urgency }
    }

    /// What it says besides the subject and the description (3.1, 3.2).
    pub fn other_texts(&self) -> impl Iterator<Item = &str> {
        let details = self.details.each().into_iter().filter_map(|(_, it)| it.as_deref());
        self.product_name.as_deref().into_iter().chain(details)
    }
}

/// A parsed request: everything that takes long and needs no database.
pub struct ReadRequest {
    /// As it was sent.
    pub body: Value,
    /// The request and the findings in its texts, or all field errors of the schema.
    pub typed: Result<(TicketCreate, TextFindings), Vec<FieldError>>,
    /// It was refused before, and is registered now.
    pub is_resumed: bool,
}

impl ReadRequest {
    pub fn new(BodyWithErrors { body, typed }: BodyWithErrors<TicketCreate>) -> Self {
        let read = |request: TicketCreate| {
            let (subject, description) = (&request.subject, &request.description);
            let findings = TextFindings::of(subject, description, request.other_texts());
            (request, findings)
        };
        Self { body, typed: typed.map(read), is_resumed: false }
    }

    /// The ticket that it is to be filed under, if it is otherwise valid.
    pub fn parent_id(&self) -> Option<i64> {
        self.typed.as_ref().ok().and_then(|(request, _)| request.parent_id)
    }
}

/// The members of a request that refer to other things or to each other, read from a body that
/// may be wrong elsewhere: so that all its mistakes are reported together.
#[derive(Debug, Clone, Default)]
pub struct ReferenceIds {
    pub project_id: Option<i64>,
    /// The ticket is already in that project, which may have become inactive since.
    pub is_filed: bool,
    /// The request was sent earlier: its author may have left since.
    pub is_resumed: bool,
    pub product_id: Option<i64>,
    pub assignee_id: Option<i64>,
    pub parent_id: Option<i64>,
    pub author_id: Option<i64>,
    pub watcher_ids: Vec<i64>,
    pub not_duplicate_of: Vec<i64>,
}

impl ReferenceIds {
    /// The references that can be read from a body.
    pub fn of(body: &Value) -> Self {
        let id = |name: &str| body[name].as_i64();
        let ids = |name: &str| -> Vec<i64> {
            // A longer list is refused by the schema and need not be looked up.
            // What is not a number keeps its place, as an id that does not exist.
            let items = body[name].as_array().into_iter().flatten();
            items.take(MAX_IN_LIST).map(|it| it.as_i64().unwrap_or(0)).collect()
        };
        Self {
            project_id: id("project_id"),
            is_filed: false,
            is_resumed: false,
            product_id: id("product_id"),
            assignee_id: id("assignee_id"),
            parent_id: id("parent_id"),
            author_id: id("author_id"),
            watcher_ids: ids("watcher_ids"),
            not_duplicate_of: ids("not_duplicate_of"),
        }
    }
}

/// The members of a body that the rules about dependent fields need.
pub fn request_of(body: &Value) -> Request {
    let has = |name: &str| !body[name].is_null();
    let word = |name: &str| body[name].as_str();
    Request {
        grade: Grade {
            priority: word("priority").and_then(|it| it.parse().ok()),
            impact: word("impact").and_then(|it| it.parse().ok()),
            urgency: word("urgency").and_then(|it| it.parse().ok()),
        },
        has_product_id: has("product_id"),
        has_product_name: has("product_name"),
        has_author_id: has("author_id"),
    }
}
