//! «Editing», 4: what people correct and redact.

use super::fixture::{Life, at, fields, wrong};
use crate::priority::{Complexity, Priority};
use crate::reasons::RefusalReason;
use crate::registration::RudeTexts;
use crate::role::Role;
use crate::status::Status;
use crate::ticket::{
    Action, Change, Correction, Details, Edit, EventType, Facts, Patch, Place, Release, Step,
    TicketPatch, TicketText, Values,
};
use crate::violation::{FieldCode, FieldError, RuleViolation};

fn edit(fields: &[&str], patch: TicketPatch) -> Edit {
    let fields = fields.iter().map(|it| (*it).to_owned()).collect();
    let rude = RudeTexts::among(patch.said());
    Edit { fields, patch, rude, ..Edit::default() }
}

fn action(edit: Edit) -> Action {
    Action::Edit(Box::new(edit))
}

/// 2.4.2: a regraded ticket gets a new deadline from the same start, and the history records both.
#[test]
fn c2_4_2_another_grade_is_another_deadline() {
    let mut life = Life::taken();
    let patch = TicketPatch {
        priority: Some(Priority::Critical),
        complexity: Some(Complexity::Complex),
        reason: Some("Услуга недоступна".to_owned()),
        ..TicketPatch::default()
    };
    let event =
        life.done(Role::Engineer, action(edit(&["priority", "complexity", "reason"], patch)));
    let event = event.expect("an event");

    assert_eq!(fields(&event), ["priority", "complexity", "due_at"]);
    assert_eq!(life.ticket.deadlines.due_at, at("24T12:00"));
    let due_at = Values { from: Some(at("24T14:00").into()), to: Some(at("24T12:00").into()) };
    assert_eq!(event.changes[2], Change::DueAt(due_at));
    assert!(event.reason.is_some_and(|it| !it.is_internal));
}

/// 3.1: texts are recorded with both versions; what stays the same is not recorded.
#[test]
fn c3_1_an_edited_text_is_recorded_with_both_versions() {
    let mut life = Life::filed();
    let details = Details { cause: Patch::Set("Гроза".to_owned()), ..Details::default() };
    let patch = TicketPatch {
        subject: Some(" Нет питания ".to_owned()),
        details,
        ..TicketPatch::default()
    };
    let event = life.done(Role::Customer, action(edit(&["subject", "cause"], patch.clone())));

    let changes = event.map(|it| it.changes);
    let cause = Change::Text(TicketText::Cause, Values::new("Гроза".to_owned()));
    assert_eq!(changes, Some(vec![cause]));
    assert_eq!(life.done(Role::Customer, action(edit(&["subject", "cause"], patch))), None);
}

/// Errors of form and of the rules are reported together; if two concern one field, that of form counts.
#[test]
fn c2_5_all_errors_of_an_edit_are_reported_at_once() {
    let life = Life::filed();
    let malformed = vec![FieldError::new("/parent_id", FieldCode::TooSmall(1))];
    let missing = vec![FieldError::new("/parent_id", FieldCode::NotFound)];
    let wanted = Edit {
        malformed,
        names_two_products: true,
        release_id: Patch::Set(4),
        ..edit(&["tracker", "parent_id", "product_id", "product_name"], TicketPatch::default())
    };

    let tried = life.tried(Role::Customer, action(wanted), &Facts { missing, ..Facts::default() });

    let expected = [
        ("/parent_id", "too_small"),
        ("/tracker", "not_permitted"),
        ("/product_name", "conflicts"),
        ("/release_id", "not_found"),
    ];
    assert_eq!(wrong(tried), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
}

/// App. 1: a ticket moves only between the projects of its company.
#[test]
fn app1_a_ticket_stays_with_its_company() {
    let mut life = Life::filed();
    let to = |company_id| {
        let place = Place { project_id: 11, company_id, direction_id: 101 };
        Facts { place: Some(place), is_parent_circular: true, ..Facts::default() }
    };
    let wanted = || action(edit(&["project_id", "parent_id"], TicketPatch::default()));

    let foreign = life.tried(Role::Engineer, wanted(), &to(2));
    let circular = life.tried(Role::Engineer, wanted(), &to(1));
    let own = Facts { is_parent_circular: false, ..to(1) };
    let event = life.done_with(Role::Engineer, wanted(), &own).expect("an event");

    assert_eq!(wrong(foreign), [("/project_id".to_owned(), "not_found")]);
    assert_eq!(wrong(circular), [("/parent_id".to_owned(), "circular")]);
    assert_eq!((life.ticket.project_id, life.ticket.direction_id), (11, 101));
    assert_eq!(fields(&event), ["project_id"]);
}

/// 3.4.1: an edited text passes what a new one passes; a finished ticket is edited by nobody.
#[test]
fn c3_4_1_an_edited_text_is_polite_and_says_something() {
    let life = Life::filed();
    let description = |it: &str| {
        let patch = TicketPatch { description: Some(it.to_owned()), ..TicketPatch::default() };
        life.tried(Role::Customer, action(edit(&["description"], patch)), &Facts::default())
    };

    let refused = |reason| Err(RuleViolation::Registration(reason));
    assert_eq!(description("Идиоты, после грозы"), refused(RefusalReason::Impolite));
    assert_eq!(description("Нет питания"), refused(RefusalReason::NoDescription));
    assert!(description("После грозы не включается").is_ok());
}

/// 2.5, «Ждем релиза»: a ticket waits for a release of its own product, and for one to come.
#[test]
fn c2_5_the_release_goes_with_the_product() {
    let mut life = Life::waiting();
    let planned_on = Some("2026-12-20".parse().expect("a date"));
    let release = |is_published| Facts {
        release: Some(Release { id: 9, planned_on, is_published }),
        ..Facts::default()
    };
    let named =
        |release_id| action(Edit { release_id, ..edit(&["release_id"], TicketPatch::default()) });

    let out = life.tried(Role::Engineer, named(Patch::Set(9)), &release(true));
    assert_eq!(wrong(out), [("/release_id".to_owned(), "not_applicable")]);
    let event = life.done_with(Role::Engineer, named(Patch::Set(9)), &release(false));
    let event = event.expect("an event");
    assert_eq!(fields(&event), ["review_on", "release_id", "release_planned_on"]);

    let patch = TicketPatch { product_id: Some(8), ..TicketPatch::default() };
    life.done(Role::Engineer, action(edit(&["product_id"], patch)));
    assert_eq!((life.ticket.release_id, life.ticket.release_planned_on), (None, None));
    assert!(life.ticket.review.on.is_some());
}

/// 4: what is redacted is gone, and the history records it; redacting it again changes nothing.
#[test]
fn c4_a_redacted_text_is_gone() {
    let mut life = Life::filed();
    let redact = |is_past_blanked| Action::Redact {
        text: TicketText::Description,
        reason: "пароль".to_owned(),
        is_past_blanked,
    };
    let event = life.done(Role::Admin, redact(false)).expect("an event");
    let version = life.ticket.version;

    assert_eq!(life.ticket.texts.description, "");
    assert_eq!(event.changes, [Change::Redacted(TicketText::Description)]);
    assert_eq!(life.done(Role::Admin, redact(false)), None);
    assert!(life.done(Role::Admin, redact(true)).is_some());
    assert_eq!(life.ticket.version, version);
}

/// 4: a comment is corrected while its ticket is open; of a note its customer learns nothing.
#[test]
fn c4_a_corrected_comment_shows_unless_it_is_a_note() {
    let mut life = Life::taken().after(7);
    let correct = |is_internal, after: &str| {
        let (before, after) = ("Порт 1.".to_owned(), after.to_owned());
        Action::CorrectComment(Correction { is_internal, before, after, is_rude: false })
    };
    let before = life.ticket.clone();
    let event = life.done(Role::Engineer, correct(true, "Порт 2.")).expect("an event");
    assert!(event.is_internal && life.ticket == before);

    assert_eq!(life.done(Role::Customer, correct(false, "Порт 1.")), None);
    let event = life.done(Role::Customer, correct(false, "Порт 2.")).expect("an event");
    assert_eq!(event.kind, EventType::CommentEdited);
    assert_eq!(life.ticket.times.updated_at, life.now);
    assert_eq!(life.ticket.version, before.version);
    life.moved(Role::Customer, Status::Resolved, super::fixture::public_comment());
    assert!(
        life.tried(
            Role::Commercial,
            Action::Move { to: Status::New, step: Step::default() },
            &Facts::default()
        )
        .is_err()
    );
}
