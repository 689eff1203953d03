//! `GET /reference`: all the words of the system, for a front end, in one call.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Json;
use actix_web::{HttpRequest, Responder, get};
use domain::registration::{FIELDS, Obligation};
use domain::ticket::{self, TicketText};
use domain::workflow::WORKFLOW;
use domain::{
    ActorRole, ClockKind, ClockState, CloseReason, Complexity, EventType, Impact, Language,
    NotificationKind, Party, Priority, RefusalReason, Role, RootCause, Side, Status,
    TemplateVariable, Text, Tracker, Urgency, WaitingOn,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::language::chosen_language;
use crate::http::scope::Scope;
use crate::tickets::lifecycle::transitions::NeedView;

/// A text in all languages.
#[derive(Debug, Serialize, ToSchema)]
pub struct Texts {
    /// In Russian.
    ru: &'static str,
    /// In Kazakh.
    kk: &'static str,
    /// In English.
    en: &'static str,
}

impl From<Text> for Texts {
    fn from(text: Text) -> Self {
        Self { ru: text.ru, kk: text.kk, en: text.en }
    }
}

/// The codes and texts of the system.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reference {
    /// The eight statuses (2.5).
    statuses: Vec<StatusEntry>,
    /// The trackers (3.2).
    trackers: Vec<Definition>,
    /// The priorities, lowest first (3.2).
    priorities: Vec<Definition>,
    /// The impacts of a problem on the service; they determine the priority (advantage 3).
    impacts: Vec<Definition>,
    /// The urgencies: how soon help is needed.
    urgencies: Vec<Entry>,
    /// The complexities of an answer (2.4.2).
    complexities: Vec<Entry>,
    /// The reasons for closing tickets.
    close_reasons: Vec<Entry>,
    /// The reasons for refusing requests (3.4, 2.5).
    refusal_reasons: Vec<RefusalEntry>,
    /// What tickets on hold may wait for.
    waiting_on: Vec<Entry>,
    /// The possible root causes of solved problems.
    root_causes: Vec<Entry>,
    /// The roles of users.
    roles: Vec<Entry>,
    /// The fields of a new ticket (3.2, 3.3).
    fields: Vec<FieldEntry>,
    /// The complete table of transitions.
    transitions: Vec<TransitionEntry>,
    /// The types of events.
    event_types: Vec<Entry>,
    /// The fields whose changes events report, as `changes` names them.
    changed_fields: Vec<Entry>,
    /// The kinds of notifications.
    notification_kinds: Vec<Entry>,
    /// What clocks measure (2.4).
    clocks: Vec<Entry>,
    /// The states of a clock.
    clock_states: Vec<Entry>,
    /// Who may have to act.
    parties: Vec<Entry>,
    /// On whose side people act.
    sides: Vec<Entry>,
    /// The scopes of API tokens.
    scopes: Vec<Entry>,
    /// The variables of answer templates and macros, which are written in braces.
    template_variables: Vec<Entry>,
}

/// A code with its label.
#[derive(Debug, Serialize, ToSchema)]
pub struct Entry {
    /// The code on which clients branch.
    code: &'static str,
    /// The label, in the caller's language.
    label: &'static str,
    /// The same, in all languages.
    labels: Texts,
}

/// A code with its definition in the regulation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Definition {
    /// The code on which clients branch.
    code: &'static str,
    /// The label, in the caller's language.
    label: &'static str,
    /// The same, in all languages.
    labels: Texts,
    /// When to choose it, in the caller's language.
    definition: &'static str,
    /// The same, in all languages.
    definitions: Texts,
}

/// A row of the table of 2.5.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusEntry {
    /// The code of the status (2.5).
    code: Status,
    /// The label, in the caller's language.
    label: &'static str,
    /// The same, in all languages.
    labels: Texts,
    /// What the status means.
    meaning: &'static str,
    /// The same, in all languages.
    meanings: Texts,
    /// The required action.
    required_action: &'static str,
    /// The same, in all languages.
    required_actions: Texts,
    /// Who has to act while a ticket has this status.
    responsible: Party,
    /// Whether the ticket is finished.
    is_final: bool,
}

/// A reason for refusing a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusalEntry {
    /// The code of the reason in the API.
    code: RefusalReason,
    /// The label, in the caller's language.
    label: &'static str,
    /// The same, in all languages.
    labels: Texts,
    /// The clause that permits the refusal.
    clause: &'static str,
    /// The message to the author.
    detail: &'static str,
}

/// A field of a new ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldEntry {
    /// The name of the field in the API.
    code: &'static str,
    /// The label, in the caller's language.
    label: &'static str,
    /// The same, in all languages.
    labels: Texts,
    /// Whether the field is required.
    obligation: Obligation,
    /// What to enter in the field.
    meaning: &'static str,
    /// The clause that requires it.
    clause: &'static str,
}

/// A transition of a ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransitionEntry {
    /// The status that the ticket leaves; null for the creation of a ticket.
    from: Option<Status>,
    /// The status that the transition leads to.
    to: Status,
    /// Who may perform the transition.
    by: Vec<ActorRole>,
    /// What the transition requires.
    needs: Vec<NeedView>,
}

/// Get reference data
///
/// Statuses with their meaning, required action and responsible party (the table of 2.5), trackers and
/// priorities with their definitions, fields and whether they are required, all reasons, the vocabularies of
/// events, changes, notifications, clocks and scopes, and the complete table of transitions with who may
/// perform each and what it requires.
#[utoipa::path(
    tag = "reference",
    operation_id = "reference_get",
    responses((status = 200, description = "The reference data", body = Reference)),
)]
#[get("/reference")]
pub async fn get(req: HttpRequest) -> impl Responder {
    let language = chosen_language(&req);
    let reference = Json(Reference {
        statuses: Status::ALL.iter().map(|it| status(*it, language)).collect(),
        trackers: Tracker::ALL
            .iter()
            .map(|it| definition(it.as_str(), it.label(), it.definition(), language))
            .collect(),
        priorities: Priority::ALL
            .iter()
            .map(|it| definition(it.as_str(), it.label(), it.definition(), language))
            .collect(),
        impacts: Impact::ALL
            .iter()
            .map(|it| definition(it.as_str(), it.label(), it.definition(), language))
            .collect(),
        urgencies: entries(Urgency::ALL.iter().map(|it| (it.as_str(), it.label())), language),
        complexities: entries(Complexity::ALL.iter().map(|it| (it.as_str(), it.label())), language),
        close_reasons: entries(
            CloseReason::ALL.iter().map(|it| (it.as_str(), it.label())),
            language,
        ),
        refusal_reasons: RefusalReason::ALL.iter().map(|it| refusal(*it, language)).collect(),
        waiting_on: entries(WaitingOn::ALL.iter().map(|it| (it.as_str(), it.label())), language),
        root_causes: entries(RootCause::ALL.iter().map(|it| (it.as_str(), it.label())), language),
        roles: entries(Role::ALL.iter().map(|it| (it.as_str(), it.label())), language),
        fields: FIELDS
            .iter()
            .map(|it| FieldEntry {
                code: it.name,
                label: it.label.text_in(language),
                labels: it.label.into(),
                obligation: it.obligation,
                meaning: it.meaning.text_in(language),
                clause: it.clause,
            })
            .collect(),
        transitions: WORKFLOW
            .iter()
            .map(|it| TransitionEntry {
                from: it.from,
                to: it.to,
                by: it.by.to_vec(),
                needs: it.needs.iter().map(|need| NeedView::new(*need, language)).collect(),
            })
            .collect(),
        event_types: entries(EventType::ALL.iter().map(|it| (it.as_str(), it.label())), language),
        changed_fields: entries(changed_fields(), language),
        notification_kinds: entries(
            NotificationKind::ALL.iter().map(|it| (it.as_str(), it.label())),
            language,
        ),
        clocks: entries(ClockKind::ALL.iter().map(|it| (it.as_str(), it.label())), language),
        clock_states: entries(ClockState::ALL.iter().map(|it| (it.as_str(), it.label())), language),
        parties: entries(Party::ALL.iter().map(|it| (it.as_str(), it.label())), language),
        sides: entries(Side::ALL.iter().map(|it| (it.as_str(), it.label())), language),
        scopes: entries(Scope::ALL.iter().map(|it| (it.as_str(), it.label())), language),
        template_variables: entries(
            TemplateVariable::ALL.iter().map(|it| (it.as_str(), it.label())),
            language,
        ),
    });
    reference.customize().insert_header((CACHE_CONTROL, "private, max-age=60"))
}

fn changed_fields() -> impl Iterator<Item = (&'static str, Text)> {
    let fields = ticket::FIELD_TYPES.iter().map(|(name, _)| *name);
    let names = fields.chain(TicketText::ALL.iter().map(|it| it.as_str()));
    names.filter_map(|it| Some((it, ticket::label(it)?)))
}

fn entries(words: impl Iterator<Item = (&'static str, Text)>, language: Language) -> Vec<Entry> {
    words
        .map(|(code, label)| Entry { code, label: label.text_in(language), labels: label.into() })
        .collect()
}

fn definition(code: &'static str, label: Text, definition: Text, language: Language) -> Definition {
    Definition {
        code,
        label: label.text_in(language),
        labels: label.into(),
        definition: definition.text_in(language),
        definitions: definition.into(),
    }
}

fn status(status: Status, language: Language) -> StatusEntry {
    let row = status.meaning();
    StatusEntry {
        code: status,
        label: row.label.text_in(language),
        labels: row.label.into(),
        meaning: row.meaning.text_in(language),
        meanings: row.meaning.into(),
        required_action: row.required_action.text_in(language),
        required_actions: row.required_action.into(),
        responsible: row.responsible,
        is_final: status.is_final(),
    }
}

fn refusal(reason: RefusalReason, language: Language) -> RefusalEntry {
    RefusalEntry {
        code: reason,
        label: reason.label().text_in(language),
        labels: reason.label().into(),
        clause: reason.clause(),
        detail: reason.explanation().text_in(language),
    }
}
