//! `POST /views`.

use actix_web::post;
use domain::{FieldCode, Role, RuleViolation, Viewer};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::db::string_enum::DbEnum;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag, location};
use crate::http::tried::Tried;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::{Problem, both};
use crate::tickets::lists::list::Sort;
use crate::tickets::lists::words::TicketList;
use crate::tickets::view::column::TicketColumn;
use crate::users::store::UserRow;
use crate::views::store::{NewView, SharedWith, ViewRow};
use crate::views::view::{View, stored, word};

/// The maximum number of views of a person.
const MAX_OF_PERSON: i64 = 100;

/// The view to create.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({
    "name": "Критические без ответа",
    "filters": { "priority": ["critical"], "status": ["new", "in_progress"], "assignee_id": ["me", "none"] },
    "sort": "due_at", "columns": ["id", "subject", "company", "response_due_at"],
}))]
pub struct ViewCreate {
    /// The name.
    #[schema(max_length = 100, pattern = r"\S")]
    pub name: String,
    /// Which tickets are in it; `me` is whoever looks at it.
    pub filters: TicketList,
    /// The order of the tickets; if omitted, the newest first.
    #[schema(nullable = false)]
    pub sort: Option<Sort>,
    /// What to show of each ticket, in this order.
    #[serde(default)]
    #[schema(max_items = 30)]
    pub columns: Vec<TicketColumn>,
    /// With whom to share it: admins with staff, customers with their company.
    pub shared_with: Option<SharedWith>,
}

/// Create a view
#[utoipa::path(
    tag = "views",
    operation_id = "views_create",
    params(Idempotent),
    request_body = ViewCreate,
    responses((status = 201, description = "The view", body = View)),
)]
#[post("/views")]
pub async fn create(
    once: Idempotent,
    caller: Caller,
    body: Tried<ViewCreate>,
) -> Result<ApiResponse, Problem> {
    let work = move |new: ViewCreate, conn: &mut _| {
        let filters = new.filters.check("/filters");
        let ((), company_id) = both(filters, shared_company(new.shared_with, &caller))?;
        // Of those who come at once the next one counts what the one before has made.
        UserRow::lock_self(caller.user_id, conn)?;
        if NewView::count_of(caller.user_id, conn)? >= MAX_OF_PERSON {
            let full = FieldCode::TooMany(MAX_OF_PERSON.unsigned_abs());
            return Err(RuleViolation::field("", full).into());
        }
        let row = NewView {
            owner_id: caller.user_id,
            name: new.name.trim().to_owned(),
            shared_with: new.shared_with.map(DbEnum),
            company_id,
            filters: stored(&new.filters).map_err(Problem::unexpected)?,
            sort: word(new.sort.unwrap_or_default())?,
            shown: new.columns.iter().map(|it| it.as_str().to_owned()).collect(),
            created_at: caller.now,
        };
        let id = row.create(conn)?;
        let view = View::new(ViewRow::find(id, &caller, conn)?, &caller)?;
        Ok(Done::new(WithEtag::created(view.version, view, location("/views", id))))
    };
    once.run(body.then(work)).await
}

/// The company that a view is shared with.
/// Errors: a field error for a sharing that the caller may not choose.
pub fn shared_company(
    shared_with: Option<SharedWith>,
    caller: &Caller,
) -> Result<Option<i64>, Problem> {
    match (shared_with, &caller.viewer) {
        (None, _) => Ok(None),
        (Some(SharedWith::Staff), _) if caller.role == Role::Admin => Ok(None),
        (Some(SharedWith::Company), Viewer::Company { id, .. }) => Ok(Some(*id)),
        (Some(SharedWith::Staff | SharedWith::Company), _) => {
            Err(RuleViolation::field("/shared_with", FieldCode::NotPermitted).into())
        }
    }
}
