//! The same words in the domain, in `GET /reference` and in the database.

use domain::{
    ActorRole, ClockKind, ClockState, CloseReason, Complexity, EventType, FactKind, Impact,
    InboundOutcome, InboundReason, Language, Need, NotificationKind, Party, Priority,
    RefusalReason, RefusalState, Role, RootCause, Sees, Status, TemplateVariable, Tracker, Urgency,
    WaitingOn,
};
use helpdesk::http::scope::Scope;
use helpdesk::mail::outbox::Kind as MailKind;
use serde_json::{Value, json};

use crate::support::{Response, TestApp};

fn reference(app: &TestApp, language: &str) -> Response {
    app.anonymous().send("GET", "/reference", &[("accept-language", language)], None).expect(200)
}

fn column(entries: &Value, name: &str) -> Vec<Value> {
    entries.as_array().unwrap().iter().map(|it| it[name].clone()).collect()
}

fn words<T: Copy>(all: &[T], spell: impl Fn(T) -> &'static str) -> Vec<Value> {
    all.iter().map(|it| json!(spell(*it))).collect()
}

/// Words that have no type of their own.
fn of(all: &[&'static str]) -> Vec<Value> {
    all.iter().map(|it| json!(it)).collect()
}

/// What an event says has changed has a name to show, whatever field it is.
#[test]
fn every_field_in_events_has_a_label() {
    let app = TestApp::spawn();
    let ticket = app.ticket("in_progress");
    let known = column(&reference(&app, "kk").body["changed_fields"], "code");

    let history = app.engineer().get(&format!("/tickets/{ticket}/history")).expect(200);

    let changes = history.items().iter().flat_map(|it| it["changes"].as_object().unwrap().keys());
    let changed: Vec<Value> = changes.map(|it| json!(it)).collect();
    assert!(changed.len() > 5 && changed.iter().all(|it| known.contains(it)), "{changed:?}");
}

/// Every enumeration of the domain is published completely, in its order.
#[test]
fn the_words_are_those_of_the_domain() {
    let app = TestApp::spawn();

    let reference = reference(&app, "en").body;

    let lists = [
        ("statuses", words(Status::ALL, Status::as_str)),
        ("trackers", words(Tracker::ALL, Tracker::as_str)),
        ("priorities", words(Priority::ALL, Priority::as_str)),
        ("impacts", words(Impact::ALL, Impact::as_str)),
        ("urgencies", words(Urgency::ALL, Urgency::as_str)),
        ("complexities", words(Complexity::ALL, Complexity::as_str)),
        ("close_reasons", words(CloseReason::ALL, CloseReason::as_str)),
        ("refusal_reasons", words(RefusalReason::ALL, RefusalReason::as_str)),
        ("waiting_on", words(WaitingOn::ALL, WaitingOn::as_str)),
        ("root_causes", words(RootCause::ALL, RootCause::as_str)),
        ("roles", words(Role::ALL, Role::as_str)),
        ("event_types", words(EventType::ALL, EventType::as_str)),
        ("notification_kinds", words(NotificationKind::ALL, NotificationKind::as_str)),
        ("clocks", words(ClockKind::ALL, ClockKind::as_str)),
        ("clock_states", words(ClockState::ALL, ClockState::as_str)),
        ("parties", words(Party::ALL, Party::as_str)),
        ("scopes", words(Scope::ALL, Scope::as_str)),
        ("template_variables", words(TemplateVariable::ALL, TemplateVariable::as_str)),
    ];
    for (name, expected) in lists {
        assert_eq!(column(&reference[name], "code"), expected, "{name}");
    }
    let of_transitions = |name: &str| -> Vec<Value> {
        let rows = reference["transitions"].as_array().unwrap().iter();
        rows.flat_map(|it| it[name].as_array().unwrap().clone()).collect()
    };
    let (actors, needs) =
        (words(ActorRole::ALL, ActorRole::as_str), words(Need::ALL, Need::as_str));
    assert!(of_transitions("by").iter().all(|it| actors.contains(it)));
    assert!(of_transitions("needs").iter().all(|it| needs.contains(&it["code"])));
}

/// The database permits exactly the words of the domain.
#[test]
fn the_database_permits_the_words_of_the_domain() {
    let app = TestApp::spawn();
    let vocabularies = [
        ("tickets_status_known", words(Status::ALL, Status::as_str)),
        ("tickets_tracker_known", words(Tracker::ALL, Tracker::as_str)),
        ("tickets_priority_known", words(Priority::ALL, Priority::as_str)),
        ("tickets_impact_known", words(Impact::ALL, Impact::as_str)),
        ("tickets_urgency_known", words(Urgency::ALL, Urgency::as_str)),
        ("tickets_complexity_known", words(Complexity::ALL, Complexity::as_str)),
        ("tickets_close_reason_known", words(CloseReason::ALL, CloseReason::as_str)),
        ("tickets_refusal_reason_known", words(RefusalReason::ALL, RefusalReason::as_str)),
        ("tickets_waiting_on_known", words(WaitingOn::ALL, WaitingOn::as_str)),
        ("ticket_facts_kind_known", words(FactKind::ALL, FactKind::as_str)),
        ("ticket_facts_close_reason_known", words(CloseReason::ALL, CloseReason::as_str)),
        ("clock_outcomes_kind_known", words(ClockKind::ALL, ClockKind::as_str)),
        ("clock_outcomes_state_known", of(&["met", "breached", "cancelled", "waived"])),
        ("tickets_root_cause_known", words(RootCause::ALL, RootCause::as_str)),
        ("tickets_needs_action_from_known", words(Party::ALL, Party::as_str)),
        ("refusals_reason_known", words(RefusalReason::ALL, RefusalReason::as_str)),
        ("refusals_state_known", words(RefusalState::ALL, RefusalState::as_str)),
        ("users_role_known", words(Role::ALL, Role::as_str)),
        ("users_sees_known", words(Sees::ALL, Sees::as_str)),
        ("users_language_known", words(Language::ALL, Language::as_str)),
        ("mails_kind_known", words(MailKind::ALL, MailKind::as_str)),
        ("mails_about_known", words(NotificationKind::ALL, NotificationKind::as_str)),
        ("digest_entries_kind_known", words(NotificationKind::ALL, NotificationKind::as_str)),
        ("notifications_kind_known", words(NotificationKind::ALL, NotificationKind::as_str)),
        (
            "notification_settings_kind_known",
            words(NotificationKind::ALL, NotificationKind::as_str),
        ),
        ("inbound_mails_reason_known", words(InboundReason::ALL, InboundReason::as_str)),
        ("inbound_mails_outcome_known", words(InboundOutcome::ALL, InboundOutcome::as_str)),
        ("audit_log_outcome_known", of(&["done", "refused"])),
        ("views_shared_with_known", of(&["staff", "company"])),
        ("bulks_role_known", words(Role::ALL, Role::as_str)),
        ("bulks_state_known", of(&["running", "done", "stopped"])),
        ("calendar_days_kind_known", of(&["day_off", "working_day"])),
        ("webhook_deliveries_state_known", of(&["pending", "delivered", "failed"])),
        ("webhooks_disabled_reason_known", of(&["gone", "failing", "owner_left"])),
        ("api_tokens_scopes_known", words(Scope::ALL, Scope::as_str)),
        ("idempotent_responses_role_known", words(Role::ALL, Role::as_str)),
        ("idempotent_responses_language_known", words(Language::ALL, Language::as_str)),
        ("answer_templates_language_known", words(Language::ALL, Language::as_str)),
        ("macros_language_known", words(Language::ALL, Language::as_str)),
        ("article_versions_language_known", words(Language::ALL, Language::as_str)),
        ("ticket_links_kind_known", of(&["duplicates", "duplicated"])),
        ("articles_status_known", of(&["draft", "published", "archived"])),
        ("articles_visibility_known", of(&["staff", "customers"])),
        (
            "imported_kind_known",
            of(&[
                "person",
                "project",
                "ticket",
                "note",
                "file",
                "article",
                "company",
                "direction",
                "place",
                "product",
                "release",
            ]),
        ),
    ];

    let constraints = app.rows::<String>(
        "select conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
         where conname like '%\\_known' order by conname",
    );

    assert_eq!(constraints.len(), vocabularies.len(), "{constraints:#?}");
    for (name, mut expected) in vocabularies {
        let definition = constraints.iter().find(|it| it.contains(&format!("{name} "))).unwrap();
        let mut permitted: Vec<Value> =
            definition.split('\'').skip(1).step_by(2).map(|it| json!(it)).collect();
        permitted.sort_by_key(ToString::to_string);
        expected.sort_by_key(ToString::to_string);
        assert_eq!(permitted, expected, "{name}");
    }
}

/// Which statuses count as open stands in a generated column, too.
#[test]
fn the_database_counts_the_same_statuses_as_open() {
    let app = TestApp::spawn();
    let expression: String = app.value(
        "select pg_get_expr(adbin, adrelid) from pg_attrdef
             join pg_attribute on attrelid = adrelid and attnum = adnum
         where adrelid = 'tickets'::regclass and attname = 'is_open'",
    );

    for status in Status::ALL {
        let query = format!("select {expression} from (values ('{status}')) as tickets (status)");
        assert_eq!(app.value::<bool>(&query), !status.is_final(), "{status}");
    }
}

/// The words in statements are the domain's: a list of roles is that of support, and a list of
/// statuses those in which an engineer is at work.
#[test]
fn statements_speak_of_the_roles_and_statuses_of_the_domain() {
    let support: Vec<&str> =
        Role::ALL.iter().filter(|it| it.is_support()).map(|it| it.as_str()).collect();
    let at_work = ["new", "in_progress"];
    let mut seen = Vec::new();

    for (file, text) in [
        ("balancing", include_str!("../../crates/api/src/tickets/people/balancing.sql")),
        ("references", include_str!("../../crates/api/src/tickets/registration/references.sql")),
        ("facts", include_str!("../../crates/api/src/tickets/lifecycle/facts.sql")),
        ("rows", include_str!("../../crates/api/src/visibility/rows.rs")),
    ] {
        for (column, words) in compared(text) {
            let are_known = match column {
                "role" if words.len() > 1 => words == support,
                "role" => words == [Role::Customer.as_str()],
                // That of an article.
                "status" if words == ["published"] => true,
                _ => words == at_work && words.iter().all(|it| it.parse::<Status>().is_ok()),
            };
            assert!(are_known, "{file}: {column} {words:?}");
            seen.push(file);
        }
    }

    seen.dedup();
    assert_eq!(seen, ["balancing", "references", "facts", "rows"]);
}

/// The columns `role` and `status` in a statement, with the words that they are compared with.
fn compared(statement: &str) -> Vec<(&'static str, Vec<&str>)> {
    let mut found = Vec::new();
    for column in ["role", "status"] {
        for (before, after) in [(" = '", "'"), (" in ('", ")")] {
            for piece in statement.split(&format!("{column}{before}")).skip(1) {
                let list = piece.split(after).next().unwrap();
                found.push((
                    column,
                    list.split(',').map(|it| it.trim().trim_matches('\'')).collect(),
                ));
            }
        }
    }
    found
}
