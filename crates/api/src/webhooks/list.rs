//! `GET /webhooks`.

use actix_web::get;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::Db;
use crate::http::caller::Caller;
use crate::http::page::{DEFAULT_LIMIT, List, PageQuery, Paged};
use crate::http::query::Query;
use crate::problem::Problem;
use crate::webhooks::store::WebhookRow;
use crate::webhooks::view::Webhook;

/// A page of webhooks.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookPage {
    /// In the order of their creation.
    pub items: Vec<Webhook>,
    /// Where the next page begins; null on the last one.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

/// List webhooks
///
/// Customers see those of their company, admins all.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "webhooks_list",
    params(PageQuery),
    responses((status = 200, description = "A page of webhooks", body = WebhookPage)),
)]
#[get("/webhooks")]
pub async fn list(
    db: Data<Db>,
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> Result<Paged<WebhookPage>, Problem> {
    let list = List::new(("webhooks", caller.company_id));
    let after = list.after(page.cursor.as_deref())?;
    let limit = page.limit.unwrap_or(DEFAULT_LIMIT);
    let rows = db.run(move |conn| Ok(WebhookRow::page(&caller, after, limit, conn)?)).await?;
    let (rows, next_cursor) = list.page(rows, limit, |it| it.id);
    let items = rows.into_iter().map(Webhook::from).collect();
    Ok(Paged::new(next_cursor, |next_cursor| WebhookPage { items, next_cursor }))
}
