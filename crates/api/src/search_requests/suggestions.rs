//! `GET /search/suggestions`.

use actix_web::get;
use actix_web::web::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::search::find::vocabulary;

/// What somebody is typing.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SuggestionParameters {
    /// What has been typed so far; its last word is completed.
    #[param(min_length = 1, max_length = 500, example = "smg")]
    pub q: String,
}

/// Completions of a query that is being typed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suggestions {
    /// Words and names, the most frequent first; none for a single letter.
    pub items: Vec<Suggestion>,
}

/// A word or a name.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suggestion {
    /// The word, in lower case.
    pub text: String,
}

/// Complete a query
///
/// Completes model names, codes and frequent words from what the caller may read.
#[utoipa::path(
    tag = "search",
    operation_id = "search_suggestions",
    params(SuggestionParameters),
    responses((status = 200, description = "The completions", body = Suggestions)),
)]
#[get("/search/suggestions")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    Query(parameters): Query<SuggestionParameters>,
) -> Result<Json<Suggestions>, Problem> {
    let work = move |conn: &mut _| {
        let words = vocabulary::completions(&parameters.q, &caller.viewer, conn)?;
        Ok(words.into_iter().map(|text| Suggestion { text }).collect())
    };
    Ok(Json(Suggestions { items: db.run(work).await? }))
}
