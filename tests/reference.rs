//! `GET /reference`: the words of the regulation, and the same words in the database.

use domain::registration::{FIELDS, Obligation};
use domain::{
    ActorRole, CloseReason, Complexity, Impact, InboundReason, Language, Need, NotificationKind,
    Party, Priority, RefusalReason, RefusalState, Role, Status, Tracker, Urgency, WaitingOn,
};
use helpdesk::http::scope::Scope;
use helpdesk::mail::outbox::Kind as MailKind;
use serde_json::{Value, json};

use crate::support::{Reply, TestApp};

fn reference(app: &TestApp, language: &str) -> Reply {
    app.anonymous().send("GET", "/reference", &[("accept-language", language)], None).expect(200)
}

fn column(entries: &Value, name: &str) -> Vec<Value> {
    entries.as_array().unwrap().iter().map(|it| it[name].clone()).collect()
}

fn words<T: Copy>(all: &[T], spell: impl Fn(T) -> &'static str) -> Vec<Value> {
    all.iter().map(|it| json!(spell(*it))).collect()
}

/// Words that no type of the program has.
fn of(all: &[&'static str]) -> Vec<Value> {
    all.iter().map(|it| json!(it)).collect()
}

/// 2.5: the table of the regulation, row by row, without sign-in.
#[test]
fn c2_5_the_statuses_are_those_of_the_regulation() {
    let app = TestApp::spawn();
    let rows = [
        (
            "new",
            "Новая",
            "Создана заявка на оказание технической поддержки.",
            "Принятие в работу, изучение описанной проблемы.",
            "support",
        ),
        (
            "in_progress",
            "В работе",
            "Запрос принят инженерами технической поддержки.",
            "Оценка предоставленных данных, запрос дополнительной информации",
            "support",
        ),
        (
            "feedback",
            "Обратная связь",
            "Применение рекомендаций.",
            "Провести действия на оборудовании",
            "customer",
        ),
        (
            "resolved",
            "Решена",
            "Техническая поддержка оказана в полном объеме.",
            "После подтверждения о решении проблемы закрыть задач",
            "support",
        ),
        ("closed", "Закрыта", "", "Закрыть задачу, указав причину закрытия.", "support"),
        (
            "awaiting_release",
            "Ждем релиза",
            "Запрошенный функционал в настоящий момент не поддерживается",
            "Отслеживать даты выхода обновлени",
            "support",
        ),
        (
            "on_hold",
            "В ожидании",
            "Ожидание работы других отделов.",
            "Отслеживать статус перемещения, ремонта",
            "support",
        ),
        ("rejected", "Отклонена", "", "Указать причину отклонения", "support"),
    ];

    let reference = reference(&app, "ru");

    let statuses = reference.body["statuses"].as_array().unwrap();
    assert_eq!(statuses.len(), rows.len());
    for (entry, (code, label, meaning, action, responsible)) in statuses.iter().zip(rows) {
        assert_eq!((&entry["code"], &entry["label"]), (&json!(code), &json!(label)));
        assert!(entry["meaning"].as_str().unwrap().starts_with(meaning), "{entry}");
        assert!(entry["required_action"].as_str().unwrap().starts_with(action), "{entry}");
        assert_eq!(entry["responsible"], responsible);
        assert_eq!(entry["is_final"], json!(["closed", "rejected"].contains(&code)));
    }
}

/// 3.2: trackers and priorities have the regulation's names and definitions.
#[test]
fn c3_2_trackers_and_priorities_are_defined() {
    let app = TestApp::spawn();

    let reference = reference(&app, "ru").body;

    assert_eq!(column(&reference["trackers"], "label"), ["Ошибка", "Улучшение", "Поддержка"]);
    let labels = ["Минимальный", "Средний", "Высокий", "Критический"];
    assert_eq!(column(&reference["priorities"], "label"), labels);
    let begins = [
        ("trackers", 0, "В работе оборудования обнаружена неисправность или аномальная работа"),
        ("trackers", 1, "Необходимо добавить какую-либо функцию"),
        ("trackers", 2, "Необходима консультация технической поддержки"),
        ("priorities", 0, "Консультация по функциональности оборудования"),
        ("priorities", 1, "Неработоспособность одной или нескольких функций оборудования"),
        ("priorities", 2, "Неработоспособность одной или нескольких функций"),
        ("priorities", 3, "Оборудование или система полностью неработоспособн"),
        ("impacts", 3, "Оборудование или система полностью неработоспособн"),
    ];
    for (list, place, begin) in begins {
        let definition = &reference[list][place]["definition"];
        assert!(definition.as_str().unwrap().starts_with(begin), "{list} {place}: {definition}");
    }
}

/// 3.2, 3.3: every field of a new ticket is there, with its obligation; required are those
/// without which a request is not registered.
#[test]
fn c3_2_fields_have_their_obligation() {
    let app = TestApp::spawn();
    let missed = app.customer().post("/tickets", json!({})).pointers();

    let fields = reference(&app, "en").body["fields"].clone();

    let of = |obligation: &str| -> Vec<String> {
        let entries = fields.as_array().unwrap().iter();
        let found = entries.filter(|it| it["obligation"] == obligation);
        found.map(|it| format!("/{}", it["code"].as_str().unwrap())).collect()
    };
    let (mut required, mut missed) = (of("required"), missed);
    required.sort();
    missed.sort();
    assert_eq!(required, missed);
    assert!(of("optional").contains(&"/assignee_id".to_owned()));
    assert!(of("optional").contains(&"/parent_id".to_owned()));
    let hinted = FIELDS.iter().filter(|it| it.obligation == Obligation::Recommended).count();
    assert_eq!(of("recommended").len(), hinted);
}

/// 3.4, 2.5: refusal reasons name the clause that gives the right; close reasons are all there.
#[test]
fn c3_4_reasons_have_their_clauses() {
    let app = TestApp::spawn();

    let reference = reference(&app, "ru").body;

    let reasons = &reference["refusal_reasons"];
    let codes = [
        "no_description",
        "insufficient_knowledge",
        "impolite",
        "already_registered",
        "out_of_scope",
    ];
    assert_eq!(column(reasons, "code"), codes);
    assert_eq!(column(reasons, "clause"), ["3.4.1.1", "3.4.1.2", "3.4.1.3", "3.4.1.4", "2.5"]);
    let reasons = ["confirmed_by_customer", "no_longer_relevant", "feedback_timeout", "other"];
    assert_eq!(column(&reference["close_reasons"], "code"), reasons);
}

/// 2.5: the table of moves is the whole one: from it every caller's moves follow.
#[test]
fn c2_5_the_transitions_are_complete() {
    let app = TestApp::spawn();
    let statuses = [
        "new",
        "in_progress",
        "feedback",
        "resolved",
        "closed",
        "awaiting_release",
        "on_hold",
        "rejected",
    ];

    let transitions = reference(&app, "ru").body["transitions"].clone();

    let rows = transitions.as_array().unwrap();
    assert_eq!(rows.iter().filter(|it| it["from"].is_null()).count(), 1);
    for status in statuses {
        let id = app.ticket(status);
        let people = [
            (app.customer(), vec!["customer"]),
            (app.engineer(), vec!["engineer"]),
            (app.admin(), vec!["engineer", "admin"]),
        ];
        for (person, actors) in people {
            let is_theirs = |it: &&Value| {
                let by = it["by"].as_array().unwrap();
                it["from"] == status && by.iter().any(|it| actors.contains(&it.as_str().unwrap()))
            };
            let expected: Vec<Value> = rows
                .iter()
                .filter(is_theirs)
                .map(|it| json!([it["to"], column(&it["needs"], "code")]))
                .collect();
            let mine = person.get(&format!("/tickets/{id}/transitions")).expect(200);
            let mine: Vec<Value> = mine
                .items()
                .iter()
                .map(|it| json!([it["to"], column(&it["needs"], "code")]))
                .collect();
            assert_eq!(mine, expected, "{status} {actors:?}");
        }
    }
}

/// Labels are those of the language that was asked for; all languages are in each answer.
#[test]
fn labels_are_in_the_callers_language() {
    let app = TestApp::spawn();

    for (language, label, tracker) in [
        ("ru", "Новая", "Ошибка"),
        ("kk", "Жаңа", "Қате"),
        ("en", "New", "Bug"),
        ("fr", "Новая", "Ошибка"),
    ] {
        let reference = reference(&app, language).body;

        assert_eq!(reference["statuses"][0]["label"], label);
        assert_eq!(reference["trackers"][0]["label"], tracker);
        let labels = json!({ "ru": "Новая", "kk": "Жаңа", "en": "New" });
        assert_eq!(reference["statuses"][0]["labels"], labels);
    }
    app.customer().patch("/me", json!({ "language": "en" })).expect(200);
    assert_eq!(app.customer().get("/reference").body["statuses"][0]["label"], "New");
}

/// Every vocabulary of the domain is published whole, in its order.
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
        ("roles", words(Role::ALL, Role::as_str)),
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

/// The words that the database permits are the domain's.
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
        ("tickets_needs_action_from_known", words(Party::ALL, Party::as_str)),
        ("refusals_reason_known", words(RefusalReason::ALL, RefusalReason::as_str)),
        ("refusals_state_known", words(RefusalState::ALL, RefusalState::as_str)),
        ("users_role_known", words(Role::ALL, Role::as_str)),
        ("users_sees_known", of(&["all", "listed"])),
        ("users_language_known", words(Language::ALL, Language::as_str)),
        ("mails_kind_known", words(MailKind::ALL, MailKind::as_str)),
        ("mails_about_known", words(NotificationKind::ALL, NotificationKind::as_str)),
        ("notifications_kind_known", words(NotificationKind::ALL, NotificationKind::as_str)),
        (
            "notification_settings_kind_known",
            words(NotificationKind::ALL, NotificationKind::as_str),
        ),
        ("inbound_mails_reason_known", words(InboundReason::ALL, InboundReason::as_str)),
        ("audit_log_outcome_known", of(&["done", "refused"])),
        ("calendar_days_kind_known", of(&["day_off", "working_day"])),
        ("webhook_deliveries_state_known", of(&["pending", "delivered", "failed"])),
        ("webhooks_disabled_reason_known", of(&["gone", "failing", "owner_left"])),
        ("api_tokens_scopes_known", words(Scope::ALL, Scope::as_str)),
        ("idempotent_responses_role_known", words(Role::ALL, Role::as_str)),
        ("idempotent_responses_language_known", words(Language::ALL, Language::as_str)),
        ("answer_templates_language_known", words(Language::ALL, Language::as_str)),
    ];

    let constraints = app.read(
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
