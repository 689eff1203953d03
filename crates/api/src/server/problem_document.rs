//! Problem documents in the OpenAPI document.

use serde::Serialize;
use utoipa::ToSchema;

use crate::http::scope::Scope;

/// A problem document (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// The URL of a page about this kind of problem.
    #[schema(format = "uri", example = "http://127.0.0.1:8080/problems/transition_not_allowed")]
    r#type: String,
    /// The kind of problem, in the caller's language.
    title: String,
    /// The HTTP status code.
    #[schema(minimum = 400, maximum = 599)]
    status: i32,
    /// What happened and how to proceed, in the caller's language.
    detail: String,
    /// The stable code that clients branch on.
    #[schema(schema_with = problem_code, example = "transition_not_allowed")]
    code: String,
    /// The request id, as it appears in the log.
    request_id: String,
    /// The clause of the regulation behind it.
    #[schema(nullable = false, example = "2.5")]
    clause: Option<String>,
    /// All invalid fields or parameters.
    #[schema(nullable = false)]
    errors: Option<Vec<ProblemError>>,
    /// The current status of the ticket (`transition_not_allowed`).
    #[schema(nullable = false)]
    current_status: Option<domain::Status>,
    /// The statuses that you may move the ticket to (`transition_not_allowed`).
    #[schema(nullable = false)]
    allowed: Option<Vec<domain::Status>>,
    /// The ticket that the request duplicates (`already_registered`).
    #[schema(nullable = false, format = Int64)]
    duplicate_of: Option<i64>,
    /// The ticket that the target has itself been merged into (`target_finished`).
    #[schema(nullable = false, format = Int64)]
    merged_into: Option<i64>,
    /// The children that are not finished yet (`open_children`); at most 20.
    #[schema(nullable = false)]
    open_children: Option<Vec<i64>>,
    /// The maximum file size, in bytes (`too_large`).
    #[schema(nullable = false, format = Int64)]
    limit: Option<i64>,
    /// The size of the file, in bytes (`range_not_satisfiable`).
    #[schema(nullable = false, format = Int64)]
    size: Option<i64>,
    /// The refused request under which the request has been stored (3.4).
    #[schema(nullable = false, format = Int64)]
    refusal_id: Option<i64>,
    /// The scope that an API token needs (`insufficient_scope`); absent if no scope is sufficient.
    #[schema(nullable = false)]
    required_scope: Option<Scope>,
    /// When the daily quota is reset (`quota_exceeded`).
    #[schema(nullable = false)]
    resets_at: Option<domain::Timestamp>,
}

/// The codes are a table of their own.
fn problem_code() -> utoipa::openapi::Ref {
    utoipa::openapi::Ref::from_schema_name("ProblemCode")
}

/// As those of fields are.
fn field_code() -> utoipa::openapi::Ref {
    let mut code = utoipa::openapi::Ref::from_schema_name("FieldErrorCode");
    code.description = "The stable code that clients branch on.".to_owned();
    code
}

/// What is wrong with one field.
#[derive(Serialize, ToSchema)]
pub struct ProblemError {
    /// The field in the body, as a JSON Pointer (RFC 6901).
    #[schema(nullable = false, example = "/subject")]
    pointer: Option<String>,
    /// The query parameter.
    #[schema(nullable = false)]
    parameter: Option<String>,
    /// The header.
    #[schema(nullable = false)]
    header: Option<String>,
    /// The stable code that clients branch on.
    #[schema(schema_with = field_code, example = "required")]
    code: String,
    /// What to do about it, in the caller's language.
    detail: String,
    /// The clause of the regulation behind it.
    #[schema(nullable = false, example = "3.2")]
    clause: Option<String>,
}
