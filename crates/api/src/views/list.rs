//! `GET /views`.

use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::caller::Caller;
use crate::http::page::{Page, PageQuery, Paged};
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::views::standard::StandardView;
use crate::views::store::ViewRow;
use crate::views::view::{View, count};

/// What to show of each view.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ViewQuery {
    /// Whether to count the tickets in each view.
    #[param(nullable = false)]
    pub counts: Option<bool>,
}

/// A page of views.
#[derive(Debug, Serialize, ToSchema)]
pub struct ViewPage {
    /// On the first page the standard views, then the others in order of creation.
    pub items: Vec<View>,
    /// Where the next page begins; null on the last page.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

/// List views
///
/// Your own views, those that are shared with you, and the standard views.
#[utoipa::path(
    tag = "views",
    operation_id = "views_list",
    params(ViewQuery, PageQuery),
    responses((status = 200, description = "A page of views", body = ViewPage)),
)]
#[get("/views")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    Query(query): Query<ViewQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Paged<ViewPage>, Problem> {
    let page = page.bound_to::<i64>(("views", caller.user_id))?;
    let work = move |conn: &mut _| {
        let rows = ViewRow::page(page.after, page.limit, &caller, conn)?;
        let Page { items, next_cursor } = page.cut(rows, |(it, _)| it.id);
        let own: Result<Vec<View>, Problem> =
            items.into_iter().map(|it| View::new(it, &caller)).collect();
        let standard = StandardView::of(caller.role).filter(|_| page.after.is_none());
        let mut items: Vec<View> = standard.map(|it| View::standard(it, &caller)).collect();
        items.extend(own?);
        if query.counts == Some(true) {
            count(&mut items, &caller, conn)?;
        }
        Ok((items, next_cursor))
    };
    let (items, next_cursor) = db.run(work).await?;
    Ok(Paged::of(next_cursor, |next_cursor| ViewPage { items, next_cursor }))
}
