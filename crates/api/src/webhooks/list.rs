//! `GET /webhooks`.

use actix_web::get;

use crate::http::caller::Caller;
use crate::http::page::{Listed, Page, PageQuery};
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::webhooks::store::WebhookRow;
use crate::webhooks::view::Webhook;

pub type WebhookPage = Page<Webhook>;

impl Listed for Webhook {
    const PAGE_NAME: &'static str = "WebhookPage";
    const PAGE_DESCRIPTION: &'static str = "A page of webhooks.";
    const ORDER: &'static str = "In order of creation.";
}

/// List webhooks
///
/// Customers see those of their company, admins see all of them.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "webhooks_list",
    params(PageQuery),
    responses((status = 200, description = "A page of webhooks", body = WebhookPage)),
)]
#[get("/webhooks")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> Result<WebhookPage, Problem> {
    let page = page.bound_to(("webhooks", caller.user_id))?;
    let work = move |conn: &mut _| {
        let rows = WebhookRow::page(&caller, page.after, page.limit, conn)?;
        Ok(page.cut(rows, |it| it.id))
    };
    Ok(db.run(work).await?.map(Webhook::from))
}
