//! Replays the stories: every step in order of time, through the rules.

#![expect(
    clippy::indexing_slicing,
    reason = "the story is our own data, and a test plays it whole"
)]

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::zone::Zone;
use domain::{RootCause, Status, Tracker, TransitionFields};
use serde_json::{Value, json};

use crate::config::hmac_key::HmacKey;
use crate::db::clock::in_milliseconds;
use crate::demo::directory::Directory;
use crate::demo::story::steps::{Act, Step as StoryStep};
use crate::demo::story::{Filed, Grade, Story, stories};
use crate::events::done::{Done, recorded};
use crate::http::caller::Caller;
use crate::http::response::IfMatch;
use crate::http::validation::{BodyWithErrors, typed};
use crate::problem::Problem;
use crate::settings;
use crate::tickets::lifecycle::apply::Message;
use crate::tickets::lifecycle::step::{StepKind, StepRequest, take_step};
use crate::tickets::lifecycle::update::ReadPatch;
use crate::tickets::lifecycle::{confirm, update};
use crate::tickets::people::{assign, watch};
use crate::tickets::registration;
use crate::tickets::registration::request::ReadRequest;
use crate::tickets::store::lock::{lock, lock_for_edit};

/// What the stories have produced so far.
#[derive(Default)]
struct ReplayState {
    tickets: HashMap<&'static str, i64>,
    comments: HashMap<(&'static str, usize), i64>,
}

/// Something to be done at a given time: the filing of a story, or one of its steps.
struct Appointment {
    at: DateTime<Utc>,
    story: &'static Story,
    step: Option<usize>,
}

/// Makes every step of every story.
pub fn replay(
    directory: &Directory,
    key: &HmacKey,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    let mut state = ReplayState::default();
    let zone = settings::latest(conn)?.calendar.zone();
    for it in agenda(Utc::now(), zone) {
        let done = recorded(key, |conn| match it.step {
            None => file(it.story, it.at, directory, &mut state, conn),
            Some(index) => {
                let story_step = &it.story.then[index];
                make(it.story, index, story_step, it.at, directory, &mut state, conn)
            }
        });
        done(conn).map_err(|problem| {
            Problem::unexpected(format!("{} {:?}: {problem:?}", it.story.key, it.step))
        })?;
    }
    Ok(())
}

/// Everything to be done, in order of time; stories give their hours in the calendar's zone.
fn agenda(now: DateTime<Utc>, zone: Zone) -> Vec<Appointment> {
    let mut agenda = Vec::new();
    for story in stories() {
        let mut at = filed_at(story.filed, now, zone);
        agenda.push(Appointment { at, story, step: None });
        for (index, story_step) in story.then.iter().enumerate() {
            at += TimeDelta::minutes(story_step.after_minutes.into());
            agenda.push(Appointment { at, story, step: Some(index) });
        }
    }
    agenda.sort_by_key(|it| it.at);
    agenda
}

fn filed_at(filed: Filed, now: DateTime<Utc>, zone: Zone) -> DateTime<Utc> {
    let now = in_milliseconds(now);
    match filed {
        Filed::MinutesAgo(minutes) => now - TimeDelta::minutes(minutes.into()),
        Filed::Day { ago, hour, minute } => {
            let time = NaiveTime::from_hms_opt(hour.into(), minute.into(), 0);
            let day = zone.local(now).date() - Days::new(ago.into());
            time.map_or(now, |it| zone.instant(day.and_time(it)))
        }
    }
}

fn caller(email: &str, at: DateTime<Utc>, directory: &Directory) -> Caller {
    Caller { now: at, ..directory.people[email].clone() }
}

fn file(
    story: &'static Story,
    at: DateTime<Utc>,
    directory: &Directory,
    state: &mut ReplayState,
    conn: &mut PgConnection,
) -> Result<Done<()>, Problem> {
    let author = caller(story.author, at, directory);
    let request = ReadRequest::new(checked(request(story, &author, directory, state)));
    let complete = registration::complete(request, &author, conn)?.map_err(Problem::invalid)?;
    if let Some(objection) = registration::objections(&complete, &author, conn)?.first() {
        return Err(objection.problem());
    }
    let (row, event) = registration::register(&complete, &author, conn)?;
    state.tickets.insert(story.key, row.id);
    Ok(Done::new(()).with_event(event))
}

fn request(story: &Story, author: &Caller, directory: &Directory, state: &ReplayState) -> Value {
    let company_id = author.company_id().unwrap_or_default();
    let details = &story.details;
    let mut request = json!({
        "project_id": directory.projects[&(company_id, story.direction)],
        "product_id": directory.products[&(story.direction, story.product)],
        "tracker": story.tracker,
        "subject": story.subject,
        "description": story.description,
        "parent_id": story.parent.map(|key| state.tickets[key]),
        "software_version": details.software_version,
        "connection_scheme": details.connection_scheme,
        "addresses": details.addresses,
        "steps": details.steps,
        "cause": details.cause,
        "expected_result": details.expected_result,
        "serial_number": details.serial_number,
        "external_ref": details.external_ref,
    });
    match story.grade {
        Grade::Priority(priority) => request["priority"] = json!(priority),
        Grade::Impact(impact, urgency) => {
            request["impact"] = json!(impact);
            request["urgency"] = json!(urgency);
        }
    }
    request
}

fn checked<T: serde::de::DeserializeOwned>(body: Value) -> BodyWithErrors<T> {
    BodyWithErrors { typed: typed(&body), body }
}

fn make(
    story: &'static Story,
    index: usize,
    story_step: &StoryStep,
    at: DateTime<Utc>,
    directory: &Directory,
    state: &mut ReplayState,
    conn: &mut PgConnection,
) -> Result<Done<()>, Problem> {
    let who = caller(story_step.by, at, directory);
    let key = story.key;
    let id = state.tickets[key];
    let event = match &story_step.act {
        Act::Take | Act::Comment(_) | Act::Note(_) | Act::Move { .. } => {
            let mut request = request_of(&story_step.act, key, state);
            if who.role.is_support() && request.solves() {
                let topic_id = directory.topics[&(story.direction, story.tracker)];
                request.fields.topic_id = Some(topic_id);
                request.fields.root_cause = Some(root_cause(story.tracker));
            }
            let outcome = take_step(id, request, &IfMatch::ANY, &who, conn)?;
            if let Some(comment) = &outcome.comment {
                state.comments.insert((key, index), comment.id);
            }
            outcome.event
        }
        Act::Confirm { text, rating } => {
            let message = Message { comment: text.map(str::to_owned), ..Message::default() };
            confirm::apply_confirmation(id, rating.map(i16::from), message, &who, conn)?
        }
        Act::Assign(email) => {
            let body = json!({ "assignee_id": directory.people[email].user_id });
            assign::apply_assignment(&lock(id, &who, conn)?, body_of(body)?, &who, conn)?
        }
        Act::Watch(email) => {
            watch::add(id, directory.people[email].user_id, &IfMatch::ANY, &who, conn)?
        }
        Act::Regrade { priority, reason } => {
            let body = json!({ "priority": priority, "reason": reason });
            let ticket = lock_for_edit(id, None, &who, conn)?;
            let patch = BodyWithErrors { typed: Ok(body_of(body.clone())?), body };
            update::apply_patch(&ticket, ReadPatch::new(patch), &who, conn)?
        }
    };
    Ok(Done::new(()).with_events(event))
}

/// What such a problem usually comes from.
const fn root_cause(tracker: Tracker) -> RootCause {
    match tracker {
        Tracker::Bug => RootCause::Defect,
        Tracker::Feature => RootCause::Other,
        Tracker::Support => RootCause::Configuration,
    }
}

fn body_of<T: serde::de::DeserializeOwned>(body: Value) -> Result<T, Problem> {
    serde_json::from_value(body).map_err(Problem::unexpected)
}

/// The request that the API would get.
fn request_of(act: &Act, key: &'static str, state: &ReplayState) -> StepRequest {
    let (kind, comment) = match act {
        Act::Take => (StepKind::Move(Status::InProgress), None),
        Act::Move { to, text, .. } => (StepKind::Move(*to), Some((*text).to_owned())),
        Act::Comment(text) | Act::Note(text) => (StepKind::Comment(None), Some((*text).to_owned())),
        Act::Confirm { .. } | Act::Assign(_) | Act::Watch(_) | Act::Regrade { .. } => {
            (StepKind::Comment(None), None)
        }
    };
    StepRequest {
        kind,
        is_internal: matches!(act, Act::Note(_)),
        fields: transition_fields(act, key, state),
        message: Message { comment, attachments: Vec::new(), ..Message::default() },
    }
}

fn transition_fields(act: &Act, key: &'static str, state: &ReplayState) -> TransitionFields {
    let Act::Move { with, .. } = act else { return TransitionFields::default() };
    TransitionFields {
        close_reason: with.close_reason,
        refusal_reason: with.refusal_reason,
        duplicate_of: with.duplicate_of.map(|key| state.tickets[key]),
        waiting_on: with.waiting_on,
        confirmation_comment_id: with.confirmation.map(|at| state.comments[&(key, at)]),
        ..TransitionFields::default()
    }
}
