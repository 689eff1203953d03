//! `POST /tickets/{id}/article`.

use actix_web::post;
use actix_web::web::Path;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use domain::Language;

use crate::articles::create::{ArticleCreate, written};
use crate::articles::view::Article;
use crate::audit::audited::Audited;
use crate::db::string_enum::DbEnum;
use crate::http::caller::Caller;
use crate::http::response::ApiResponse;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::visibility;

/// The solution of a ticket, as a part of SQL statements.
pub const SOLUTION: &str = include_str!("solution.sql");

#[derive(QueryableByName)]
struct Source {
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Text)]
    description: String,
    #[diesel(sql_type = Text)]
    solution: String,
    #[diesel(sql_type = Array<BigInt>)]
    product_ids: Vec<i64>,
    #[diesel(sql_type = Text)]
    language: DbEnum<Language>,
}

/// Draft an article from a ticket
///
/// The draft takes over the subject, the description and the comment that solved the ticket, but no
/// files. It is for staff: before you publish it for others, check the texts for anything that
/// concerns this customer alone.
#[utoipa::path(
    tag = "articles",
    operation_id = "tickets_article_create",
    params(("id" = i64, Path, description = "The ticket number"), Idempotent),
    responses((status = 201, description = "The draft", body = Article)),
)]
#[post("/tickets/{id}/article")]
pub async fn create(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
) -> Result<ApiResponse, Problem> {
    let work = move |conn: &mut PgConnection| {
        let source = Source::find(*id, &caller, conn)?;
        written(source.draft(*id), &caller, audited, conn)
    };
    once.run(work).await
}

impl Source {
    fn find(id: i64, caller: &Caller, conn: &mut PgConnection) -> QueryResult<Self> {
        let statement = include_str!("source.sql").replace("{solution}", SOLUTION);
        visibility::statement(&statement, &caller.viewer).bind::<BigInt, _>(id).get_result(conn)
    }

    fn draft(self, ticket_id: i64) -> ArticleCreate {
        ArticleCreate {
            title: self.subject,
            problem: self.description,
            solution: self.solution,
            language: self.language.0,
            product_ids: self.product_ids,
            version_from: None,
            version_to: None,
            translation_of: None,
            source_ticket_ids: vec![ticket_id],
            attachments: Vec::new(),
        }
    }
}
