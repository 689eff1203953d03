//! `GET /reference`: all the words of the system, for a front end, in one call.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Json;
use actix_web::{HttpRequest, Responder, get};
use domain::registration::{FIELDS, Obligation};
use domain::workflow::WORKFLOW;
use domain::{
    ActorRole, CloseReason, Complexity, Impact, Language, Party, Priority, RefusalReason, Role,
    Status, Text, Tracker, Urgency, WaitingOn,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::language::language;
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

/// All the words of the system.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reference {
    /// The eight statuses (2.5).
    statuses: Vec<StatusEntry>,
    /// The trackers (3.2).
    trackers: Vec<Definition>,
    /// The priorities (3.2), lowest first.
    priorities: Vec<Definition>,
    /// What a problem does to the service; a priority follows from it (advantage 3).
    impacts: Vec<Definition>,
    /// How soon help is needed.
    urgencies: Vec<Entry>,
    /// How hard an answer is (2.4.2).
    complexities: Vec<Entry>,
    /// Why tickets are closed.
    close_reasons: Vec<Entry>,
    /// Why requests are refused (3.4, 2.5).
    refusal_reasons: Vec<RefusalEntry>,
    /// What tickets on hold wait for.
    waiting_on: Vec<Entry>,
    /// What people are to the portal.
    roles: Vec<Entry>,
    /// The fields of a new ticket (3.2, 3.3).
    fields: Vec<FieldEntry>,
    /// The whole table of moves.
    transitions: Vec<TransitionEntry>,
}

/// A word and what people call it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Entry {
    /// The word.
    code: &'static str,
    /// What people call it, in the caller's language.
    label: &'static str,
    /// The same in all languages.
    labels: Texts,
}

/// A word with the regulation's definition.
#[derive(Debug, Serialize, ToSchema)]
pub struct Definition {
    /// The word.
    code: &'static str,
    /// What people call it, in the caller's language.
    label: &'static str,
    /// The same in all languages.
    labels: Texts,
    /// When to choose it, in the caller's language.
    definition: &'static str,
    /// The same in all languages.
    definitions: Texts,
}

/// A row of the table of 2.5.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusEntry {
    /// The status.
    code: Status,
    /// What people call it, in the caller's language.
    label: &'static str,
    /// The same in all languages.
    labels: Texts,
    /// What it says about a ticket.
    meaning: &'static str,
    /// The same in all languages.
    meanings: Texts,
    /// What has to be done.
    required_action: &'static str,
    /// The same in all languages.
    required_actions: Texts,
    /// Who has to do it.
    responsible: Party,
    /// Whether the ticket is finished.
    is_final: bool,
}

/// A reason for which support refuses a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusalEntry {
    /// The reason.
    code: RefusalReason,
    /// What people call it, in the caller's language.
    label: &'static str,
    /// The same in all languages.
    labels: Texts,
    /// The clause that gives the right.
    clause: &'static str,
    /// What the author is told.
    detail: &'static str,
}

/// A field of a new ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldEntry {
    /// Its name in the API.
    code: &'static str,
    /// What people call it, in the caller's language.
    label: &'static str,
    /// The same in all languages.
    labels: Texts,
    /// How much it is asked for.
    obligation: Obligation,
    /// What to write there.
    meaning: &'static str,
    /// The clause that asks for it.
    clause: &'static str,
}

/// A move of a ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransitionEntry {
    /// The status it leaves; null for the creation of a ticket.
    #[schema(required = true)]
    from: Option<Status>,
    /// The status it reaches.
    to: Status,
    /// Whose step it is.
    by: Vec<ActorRole>,
    /// What must be given with it.
    needs: Vec<NeedView>,
}

/// Show all the words of the system
///
/// Statuses with their meaning, required action and responsible party (the table of 2.5),
/// trackers and priorities with their definitions, fields with their obligation, all reasons,
/// and the whole table of moves with who may make each and what it needs.
#[utoipa::path(
    tag = "reference",
    operation_id = "reference_get",
    responses((status = 200, description = "All the words of the system", body = Reference)),
)]
#[get("/reference")]
pub async fn get(req: HttpRequest) -> impl Responder {
    let language = language(&req);
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
    });
    reference.customize().insert_header((CACHE_CONTROL, "private, max-age=60"))
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
