//! The document: title and security, and what follows from the tables of routes and permissions.

#![expect(clippy::indexing_slicing, reason = "the document is made at the start, and by each test")]

mod examples;
mod headers;
#[cfg(test)]
mod maxima;
mod members;
mod message;
mod operation;
mod problems;
mod response_schemas;
mod responses;
mod schemas;
mod values;
mod words;

use std::sync::OnceLock;

use actix_web::App;
use actix_web::web::Bytes;
use serde_json::{Value, json};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_actix_web::{AppExt as _, scope};

use crate::attachments::content::FileContent;
use crate::attachments::preview::PreviewSize;
use crate::http::by_name::NameSort;
use crate::http::chronology::TimeSort;
use crate::http::permissions;
use crate::routes;
use crate::search_requests::list::{PlaceFilter, SearchSort};
use crate::server::problem_document::ProblemDocument;
use crate::tickets::lists::counts::CountBy;
use crate::tickets::lists::filter::StatusFilter;
use crate::tickets::lists::get::Expansion;
use crate::tickets::lists::list::Sort;
use crate::tickets::lists::listed::Inclusion;
use crate::webhooks::deliveries::DeliveryState;
use crate::webhooks::message::{EventMessage, PingMessage};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "helpdesk",
        description = include_str!("openapi.md"),
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        contact(name = "The admin of this installation"),
    ),
    servers((url = "/", description = "This installation")),
    tags(
        (name = "auth", description = "Sign-in, sign-out and passwords"),
        (name = "me", description = "The current user: profile, tickets, notifications, sessions, API tokens"),
        (name = "tickets", description = "Tickets, from creation to closing (2.5, 3)"),
        (name = "views", description = "Saved lists of tickets"),
        (name = "search", description = "Search in tickets and articles"),
        (name = "articles", description = "Published solutions"),
        (name = "queue", description = "The tickets that are waiting for support, in order (2.4)"),
        (name = "comments", description = "Comments on tickets (4)"),
        (name = "uploads", description = "Files to be attached to tickets"),
        (name = "attachments", description = "Files of tickets (3.3, 4.2.4, 4.2.5)"),
        (name = "inbound-mails", description = "E-mails that came in and were not used"),
        (name = "refusals", description = "Requests that were not registered (3.4)"),
        (name = "companies", description = "Customer organisations"),
        (name = "users", description = "Users, created by the commercial department (2.1)"),
        (name = "projects", description = "Projects «company - direction»"),
        (name = "directions", description = "Directions of support and their engineers"),
        (name = "products", description = "The catalogue of products"),
        (name = "releases", description = "Versions of products (2.2)"),
        (name = "reports", description = "Figures about the work of support, with the tickets behind them"),
        (name = "topics", description = "What tickets are about, by direction"),
        (name = "answer_templates", description = "Ready-made texts for answers"),
        (name = "macros", description = "Ready-made steps: comment, transition and assignment at once"),
        (name = "settings", description = "Settings, managed by admins"),
        (name = "events", description = "Everything that happens, in order: as pages or as a stream"),
        (name = "webhooks", description = "Signed messages about events, sent to your own URL"),
        (name = "webhook_messages", description = "What your own URL receives"),
        (name = "sandbox", description = "The clock of a system started with --sandbox"),
        (name = "audit", description = "Who did what, apart from the history of tickets"),
        (name = "jobs", description = "Background jobs"),
        (name = "reference", description = "The reference data"),
    ),
    components(schemas(ProblemDocument, StatusFilter, Sort, CountBy, NameSort, TimeSort, Inclusion, Expansion, DeliveryState, EventMessage, PingMessage, PlaceFilter, PreviewSize, SearchSort, FileContent)),
    modifiers(&Security),
)]
struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let mut bearer = Http::new(HttpAuthScheme::Bearer);
        bearer.bearer_format = Some("JWT".to_owned());
        let description = "The access token of `POST /auth/login`, or an API token (`hd_pat_…`) of \
            `POST /me/api-tokens`, for scripts. Each operation names the scope that an API token \
            needs; those with `x-sessions-only` take none.";
        bearer.description = Some(description.to_owned());
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    }
}

/// The document of a system, without the operations that only a sandbox has.
pub fn document() -> Value {
    with_examples(without_examples(false))
}

/// The whole document.
pub fn of_sandbox() -> Value {
    with_examples(without_examples(true))
}

/// What requests are checked against. Its examples, a fifth of the work, are for readers alone.
pub(crate) fn without_examples(is_sandbox: bool) -> Value {
    let document = described();
    if is_sandbox { document } else { without_sandbox(document) }
}

fn with_examples(mut document: Value) -> Value {
    examples::complete(&mut document);
    document
}

fn without_sandbox(mut document: Value) -> Value {
    if let Some(paths) = document["paths"].as_object_mut() {
        let is_sandboxs = |item: &Value| {
            let operations = item.as_object().into_iter().flatten();
            operations.clone().all(|(_, it)| it["tags"][0] == permissions::SANDBOX)
        };
        paths.retain(|_, item| !is_sandboxs(item));
    }
    for schema in ["SandboxClock", "SandboxClockSet"] {
        document["components"]["schemas"].as_object_mut().map(|it| it.remove(schema));
    }
    if let Some(tags) = document["tags"].as_array_mut() {
        tags.retain(|it| it["name"] != permissions::SANDBOX);
    }
    document
}

/// What the code says, and what follows from the tables.
fn described() -> Value {
    let (_, document) = App::new()
        .into_utoipa_app()
        .openapi(Document::openapi())
        .service(scope::scope(crate::BASE).configure(routes::api))
        .split_for_parts();
    let mut document = serde_json::to_value(&document).unwrap_or_default();
    document["security"] = json!([{ "bearer": [] }]);
    document["components"]["responses"] = Value::Object(responses::shared());
    let schemas = document["components"]["schemas"].clone();
    for item in members(&mut document["paths"]) {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            operation::complete(method, operation, &schemas);
        }
    }
    headers::describe(&mut document);
    document["webhooks"] = json!({ "event": { "post": message::message() } });
    document["components"]["schemas"]["WebhookMessage"] = message::union(&schemas["EventType"]);
    schemas::complete(&mut document);
    response_schemas::separate_from_requests(&mut document);
    values::complete(&mut document["components"]["schemas"]);
    values::bound_integers(&mut document["paths"]);
    words::open(&mut document);
    members::name(&mut document["components"]["schemas"]);
    document
}

/// The document as it is served: made when it is first asked for.
#[derive(Debug)]
pub struct Served {
    is_sandbox: bool,
    text: OnceLock<Bytes>,
}

impl Served {
    pub(crate) fn new(is_sandbox: bool) -> Self {
        Self { is_sandbox, text: OnceLock::new() }
    }

    pub(crate) fn text(&self) -> Bytes {
        let document = || with_examples(without_examples(self.is_sandbox));
        self.text.get_or_init(|| Bytes::from(document().to_string())).clone()
    }
}

/// The headers of responses that the document knows: those that browsers let pages read.
pub(crate) fn documented_headers() -> impl Iterator<Item = &'static str> {
    headers::HEADERS.iter().map(|(name, ..)| *name)
}

fn members(value: &mut Value) -> impl Iterator<Item = &mut Value> {
    value.as_object_mut().into_iter().flatten().map(|(_, it)| it)
}
#[cfg(test)]
mod tests {
    use super::*;

    const COMMITTED: &str = include_str!("../../../../openapi/openapi.json");

    /// What is committed is what the code says.
    #[test]
    fn the_committed_document_is_the_present_one() {
        let committed: Value = serde_json::from_str(COMMITTED).expect("the document is JSON");

        assert!(committed == document(), "openapi/openapi.json is stale: run `make openapi`");
    }

    /// The picture in the README comes from the table.
    #[test]
    fn the_readme_shows_the_present_workflow() {
        let readme = include_str!("../../../../README.md");
        let diagram = domain::workflow::diagram();

        assert!(readme.contains(&diagram), "put this into README.md:\n{diagram}");
    }

    /// AZ11: every operation has a row of permissions, and every row an operation.
    #[test]
    fn sec_az11_rights_and_operations_are_the_same() {
        let document = of_sandbox();
        let items = document["paths"].as_object().into_iter().flatten();
        let operations = items.flat_map(|(_, item)| item.as_object().into_iter().flatten());
        let mut served: Vec<&str> =
            operations.filter_map(|(_, it)| it["operationId"].as_str()).collect();
        let mut listed: Vec<&str> = permissions::OPERATIONS.iter().map(|(id, ..)| *id).collect();
        served.sort_unstable();
        listed.sort_unstable();

        assert_eq!(served, listed);
    }

    /// Every operation describes what it does and what it returns.
    #[test]
    fn every_operation_and_answer_is_described() {
        let document = document();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let name = format!("{method} {path}");
                assert!(operation["summary"].as_str().is_some_and(|it| !it.is_empty()), "{name}");
                for (status, it) in operation["responses"].as_object().into_iter().flatten() {
                    let is_described = it["description"].is_string() || it["$ref"].is_string();
                    assert!(is_described, "{name} {status}");
                }
            }
        }
    }
}
