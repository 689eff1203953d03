//! `POST /macros`.

use actix_web::post;
use domain::Language;
use domain::prepared::MacroSteps;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::answer_templates::store::direction_of;
use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag, location};
use crate::http::tried::Tried;
use crate::idempotency::idempotent::Idempotent;
use crate::macros::store::{MacroRow, NewMacro, check};
use crate::macros::view::TicketMacro;
use crate::problem::{Problem, both};

/// The macro to create: at least a comment, a transition or an assignment.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({
    "title": "Запросить журнал", "language": "ru", "product_id": 2, "to": "feedback", "assigns_me": true,
    "comment": "Здравствуйте, {contact.first_name}! Пришлите журнал SIP по заявке №{ticket.id}.",
}))]
pub struct MacroCreate {
    /// The title by which engineers find the macro.
    #[schema(max_length = 200, pattern = r"\S")]
    pub title: String,
    /// The language of the comment.
    pub language: Language,
    /// The direction that the macro is for; if omitted, the product's direction, or all directions.
    #[schema(minimum = 1)]
    pub direction_id: Option<i64>,
    /// The product that the macro is for; if omitted, all products.
    #[schema(minimum = 1)]
    pub product_id: Option<i64>,
    #[serde(flatten)]
    #[schema(inline)]
    pub steps: MacroSteps,
}

/// Create a ticket macro
///
/// The steps have to be possible for some ticket: the transition with all that it needs, and only variables that
/// there are (`template_variables` of the reference). Whether a ticket can take them is decided when it does.
#[utoipa::path(
    tag = "macros",
    operation_id = "macros_create",
    params(Idempotent),
    request_body = MacroCreate,
    responses((status = 201, description = "The macro", body = TicketMacro)),
)]
#[post("/macros")]
pub async fn create(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    body: Tried<MacroCreate>,
) -> Result<ApiResponse, Problem> {
    let work = move |new: MacroCreate, conn: &mut _| {
        let direction = direction_of(new.direction_id, new.product_id, conn);
        let known = direction.as_ref().map_or(new.direction_id, |it| *it);
        let (direction_id, ()) = both(direction, check(&new.steps, known, conn))?;
        let row = NewMacro {
            title: new.title.trim().to_owned(),
            language: new.language,
            direction_id,
            product_id: new.product_id,
            steps: new.steps,
        };
        let id = MacroRow::create(row, caller.now, conn)?;
        audited.create(Entity::Macro, id, conn)?;
        let created = TicketMacro::load(id, conn)?;
        Ok(Done::new(WithEtag::created(created.version, created, location("/macros", id))))
    };
    once.run(body.then(work)).await
}
