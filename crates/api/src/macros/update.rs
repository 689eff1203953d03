//! `PATCH /macros/{id}`.

use actix_web::patch;
use actix_web::web::Path;
use diesel::PgConnection;
use domain::prepared::MacroSteps;
use domain::ticket::Patch;
use domain::{CloseReason, Language, RefusalReason, RootCause, Status, WaitingOn};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::answer_templates::store::moved;
use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::db::json::DbJson;
use crate::db::string_enum::DbEnum;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::tried::Tried;
use crate::macros::store::{MacroRow, check};
use crate::macros::view::TicketMacro;
use crate::problem::{Problem, both};

/// The changes to a macro (RFC 7396: an absent member is unchanged, null clears it).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({ "to": "on_hold", "waiting_on": "repair" }))]
pub struct MacroPatch {
    /// The title by which engineers find the macro.
    #[schema(max_length = 200, pattern = r"\S", nullable = false)]
    pub title: Option<String>,
    /// The language of the comment.
    #[schema(nullable = false)]
    pub language: Option<Language>,
    /// The direction that the macro is for; a new product also sets its own direction.
    #[serde(default)]
    #[schema(minimum = 1, value_type = Option<i64>)]
    pub direction_id: Patch<i64>,
    /// The product that the macro is for.
    #[serde(default)]
    #[schema(minimum = 1, value_type = Option<i64>)]
    pub product_id: Patch<i64>,
    #[serde(flatten)]
    #[schema(inline)]
    pub steps: StepsPatch,
}

/// The changes to the steps.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct StepsPatch {
    /// The comment, in which variables are filled in.
    #[serde(default)]
    #[schema(max_length = 20_000, pattern = r"\S", value_type = Option<String>)]
    pub comment: Patch<String>,
    /// Whether the comment is an internal note.
    #[schema(nullable = false)]
    pub internal: Option<bool>,
    /// The status to move the ticket to.
    #[serde(default)]
    #[schema(value_type = Option<Status>)]
    pub to: Patch<Status>,
    /// Why the ticket is closed.
    #[serde(default)]
    #[schema(value_type = Option<CloseReason>)]
    pub close_reason: Patch<CloseReason>,
    /// Why the ticket is rejected.
    #[serde(default)]
    #[schema(value_type = Option<RefusalReason>)]
    pub refusal_reason: Patch<RefusalReason>,
    /// What the ticket waits for, with `on_hold`.
    #[serde(default)]
    #[schema(value_type = Option<WaitingOn>)]
    pub waiting_on: Patch<WaitingOn>,
    /// What the ticket was about, with `resolved` or `closed`.
    #[serde(default)]
    #[schema(minimum = 1, value_type = Option<i64>)]
    pub topic_id: Patch<i64>,
    /// The root cause of the problem, with `resolved` or `closed`.
    #[serde(default)]
    #[schema(value_type = Option<RootCause>)]
    pub root_cause: Patch<RootCause>,
    /// The engineer who gets the ticket.
    #[serde(default)]
    #[schema(minimum = 1, value_type = Option<i64>)]
    pub assignee_id: Patch<i64>,
    /// Whether whoever uses the macro gets the ticket.
    #[schema(nullable = false)]
    pub assigns_me: Option<bool>,
}

/// Update a ticket macro
#[utoipa::path(
    tag = "macros",
    operation_id = "macros_update",
    params(("id" = i64, Path, description = "The macro"), IfMatch),
    request_body = MacroPatch,
    responses((status = 200, description = "The updated macro", body = TicketMacro)),
)]
#[patch("/macros/{id}")]
pub async fn update(
    db: RequestDb,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
    body: Tried<MacroPatch>,
) -> Result<WithEtag<TicketMacro>, Problem> {
    let id = *id;
    let work = move |patch: MacroPatch, conn: &mut _| {
        let before = MacroRow::lock(id, conn)?;
        if_match.check(before.version)?;
        let mut after = before.clone();
        apply_patch(&mut after, patch, conn)?;
        if after != before {
            after.save(conn)?;
        }
        Ok(TicketMacro::load(id, conn)?)
    };
    let found = db.transaction(audited.update(Entity::Macro(id), body.then(work))).await?;
    Ok(WithEtag::new(found.version, found))
}

fn apply_patch(
    row: &mut MacroRow,
    patch: MacroPatch,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    if let Some(title) = patch.title {
        row.title = title.trim().to_owned();
    }
    if let Some(language) = patch.language {
        row.language = DbEnum(language);
    }
    let now = (row.direction_id, row.product_id);
    let place = moved(now, patch.direction_id, patch.product_id, conn);
    let steps = patch.steps.applied_to(row.steps.0.clone());
    let known = place.as_ref().map_or(row.direction_id, |it| it.0);
    let checked = check(&steps, known, conn);
    ((row.direction_id, row.product_id), ()) = both(place, checked)?;
    row.steps = DbJson(steps);
    Ok(())
}

impl StepsPatch {
    fn applied_to(self, steps: MacroSteps) -> MacroSteps {
        MacroSteps {
            comment: self.comment.applied_to(steps.comment),
            internal: self.internal.unwrap_or(steps.internal),
            to: self.to.applied_to(steps.to),
            close_reason: self.close_reason.applied_to(steps.close_reason),
            refusal_reason: self.refusal_reason.applied_to(steps.refusal_reason),
            waiting_on: self.waiting_on.applied_to(steps.waiting_on),
            topic_id: self.topic_id.applied_to(steps.topic_id),
            root_cause: self.root_cause.applied_to(steps.root_cause),
            assignee_id: self.assignee_id.applied_to(steps.assignee_id),
            assigns_me: self.assigns_me.unwrap_or(steps.assigns_me),
        }
    }
}
