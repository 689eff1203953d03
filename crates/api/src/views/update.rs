//! `PATCH /views/{id}`.

use actix_web::patch;
use actix_web::web::Path;
use domain::ticket::Patch;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::db::string_enum::DbEnum;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::tried::Tried;
use crate::problem::{Problem, both};
use crate::tickets::lists::list::Sort;
use crate::tickets::lists::words::TicketList;
use crate::tickets::view::column::TicketColumn;
use crate::views::create::shared_company;
use crate::views::store::{SharedWith, ViewRow};
use crate::views::view::{View, stored, word};

/// The changes to a view (RFC 7396: an absent member is unchanged, null clears it).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({ "name": "Критические" }))]
pub struct ViewPatch {
    /// The name.
    #[schema(max_length = 100, pattern = r"\S", nullable = false)]
    pub name: Option<String>,
    /// The filters that select its tickets; replaces the present ones.
    #[schema(nullable = false)]
    pub filters: Option<TicketList>,
    /// The order of the tickets.
    #[schema(nullable = false)]
    pub sort: Option<Sort>,
    /// What to show of each ticket, in this order.
    #[schema(max_items = 30, nullable = false)]
    pub columns: Option<Vec<TicketColumn>>,
    /// With whom to share it.
    #[serde(default)]
    #[schema(value_type = Option<SharedWith>)]
    pub shared_with: Patch<SharedWith>,
}

/// Update a view
///
/// You can change your own views; admins can also change those that are shared with staff.
#[utoipa::path(
    tag = "views",
    operation_id = "views_update",
    params(("id" = i64, Path, description = "The view"), IfMatch),
    request_body = ViewPatch,
    responses((status = 200, description = "The updated view", body = View)),
)]
#[patch("/views/{id}")]
pub async fn update(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
    if_match: IfMatch,
    body: Tried<ViewPatch>,
) -> Result<WithEtag<View>, Problem> {
    let work = move |patch: ViewPatch, conn: &mut _| {
        let before = ViewRow::lock(*id, &caller, conn)?;
        if_match.check(before.version)?;
        let mut after = before.clone();
        apply_patch(&mut after, patch, &caller)?;
        if after != before {
            after.save(conn)?;
        }
        View::new(ViewRow::find(*id, &caller, conn)?, &caller)
    };
    let view = db.transaction(body.then(work)).await?;
    Ok(WithEtag::new(view.version, view))
}

fn apply_patch(row: &mut ViewRow, patch: ViewPatch, caller: &Caller) -> Result<(), Problem> {
    if let Some(name) = patch.name {
        row.name = name.trim().to_owned();
    }
    let shared_with = patch.shared_with.applied_to(row.shared_with.map(|it| it.0));
    let company = match shared_with == row.shared_with.map(|it| it.0) {
        true => Ok(row.company_id),
        false => shared_company(shared_with, caller),
    };
    let filters = patch.filters.as_ref().map_or(Ok(()), |it| it.check("/filters"));
    ((), row.company_id) = both(filters, company)?;
    row.shared_with = shared_with.map(DbEnum);
    if let Some(filters) = patch.filters {
        row.filters = stored(&filters).map_err(Problem::unexpected)?;
    }
    if let Some(sort) = patch.sort {
        row.sort = word(sort)?;
    }
    if let Some(columns) = patch.columns {
        row.shown = columns.iter().map(|it| it.as_str().to_owned()).collect();
    }
    Ok(())
}
