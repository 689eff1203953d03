//! What the OpenAPI document says of problem documents.

use serde::Serialize;
use utoipa::ToSchema;

use crate::http::scope::Scope;

/// A problem document (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// A page about this kind of problem.
    #[schema(format = "uri", example = "http://127.0.0.1:8080/problems/transition_not_allowed")]
    r#type: String,
    /// The kind of problem, in the caller's language.
    title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: i32,
    /// What happened and what to do, in the caller's language.
    detail: String,
    /// The stable word that clients branch on.
    #[schema(example = "transition_not_allowed")]
    code: String,
    /// The request, as the log knows it.
    request_id: String,
    /// The regulation's clause behind it.
    #[schema(nullable = false, example = "2.5")]
    clause: Option<String>,
    /// The wrong fields or parameters, all of them.
    #[schema(nullable = false)]
    errors: Option<Vec<ProblemError>>,
    /// Where the ticket is (`transition_not_allowed`).
    #[schema(nullable = false)]
    current_status: Option<domain::Status>,
    /// Where you may take it (`transition_not_allowed`).
    #[schema(nullable = false)]
    allowed: Option<Vec<domain::Status>>,
    /// The ticket that says the same (`already_registered`).
    #[schema(nullable = false, format = Int64)]
    duplicate_of: Option<i64>,
    /// The children that are not finished yet (`open_children`); at most 20.
    #[schema(nullable = false)]
    open_children: Option<Vec<i64>>,
    /// The largest file, bytes (`too_large`).
    #[schema(nullable = false, format = Int64)]
    limit: Option<i64>,
    /// The length of the file, bytes (`range_not_satisfiable`).
    #[schema(nullable = false, format = Int64)]
    size: Option<i64>,
    /// The refusal under which the request is kept (3.4).
    #[schema(nullable = false, format = Int64)]
    refusal_id: Option<i64>,
    /// The scope that an API token needs for it (`insufficient_scope`); absent where none helps.
    #[schema(nullable = false)]
    required_scope: Option<Scope>,
}

/// What is wrong with one field.
#[derive(Serialize, ToSchema)]
pub struct ProblemError {
    /// The field in the body (RFC 6901).
    #[schema(nullable = false, example = "/subject")]
    pointer: Option<String>,
    /// Or the parameter of the query.
    #[schema(nullable = false)]
    parameter: Option<String>,
    /// Or the header.
    #[schema(nullable = false)]
    header: Option<String>,
    /// The stable word that clients branch on.
    #[schema(example = "required")]
    code: String,
    /// What to do, in the caller's language.
    detail: String,
    /// The regulation's clause behind it.
    #[schema(nullable = false, example = "3.2")]
    clause: Option<String>,
}
