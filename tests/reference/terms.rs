//! `GET /reference`: the terms of the regulation.

use std::collections::BTreeSet;

use domain::registration::{FIELDS, Obligation};
use serde_json::{Value, json};

use crate::support::{Response, TestApp};

fn reference(app: &TestApp, language: &str) -> Response {
    app.anonymous().send("GET", "/reference", &[("accept-language", language)], None).expect(200)
}

fn column(entries: &Value, name: &str) -> Vec<Value> {
    entries.as_array().unwrap().iter().map(|it| it[name].clone()).collect()
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
        ("trackers", 1, "Необходимо добавить какую-либо функцию в существующую тему"),
        ("trackers", 2, "Необходима консультация технической поддержки"),
        ("priorities", 0, "Консультация по функциональности оборудования/системы"),
        ("priorities", 1, "Неработоспособность одной или нескольких функций оборудования/системы"),
        ("priorities", 2, "Неработоспособность одной или нескольких функций"),
        ("priorities", 3, "Оборудование/система полностью неработоспособн"),
        ("impacts", 3, "Оборудование/система полностью неработоспособн"),
    ];
    for (list, place, begin) in begins {
        let definition = &reference[list][place]["definition"];
        assert!(definition.as_str().unwrap().starts_with(begin), "{list} {place}: {definition}");
    }
}

/// 3.2, 3.3: every field of a new ticket is there with its obligation; those are required without
/// which a request is not registered.
#[test]
fn c3_2_fields_have_their_obligation() {
    let app = TestApp::spawn();
    let missed = app.customer().files(json!({})).pointers();

    let fields = reference(&app, "en").body["fields"].clone();

    let of = |obligation: &str| -> Vec<String> {
        let entries = fields.as_array().unwrap().iter();
        let found = entries.filter(|it| it["obligation"] == obligation);
        found.map(|it| format!("/{}", it["code"].as_str().unwrap())).collect()
    };
    let required = BTreeSet::from_iter(of("required"));
    assert_eq!(required, BTreeSet::from_iter(missed));
    assert!(of("optional").contains(&"/assignee_id".to_owned()));
    assert!(of("optional").contains(&"/parent_id".to_owned()));
    assert!(of("optional").contains(&"/attachments".to_owned()));
    let hinted = FIELDS.iter().filter(|it| it.obligation == Obligation::Recommended).count();
    assert_eq!(of("recommended").len(), hinted);
}

/// 3.4, 2.5: refusal reasons name the clause that permits the refusal; all close reasons are there.
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
    let reasons =
        ["confirmed_by_customer", "no_longer_relevant", "feedback_timeout", "imported", "other"];
    assert_eq!(column(&reference["close_reasons"], "code"), reasons);
}

/// 2.5: the table of transitions is complete: everybody's transitions follow from it.
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

/// Labels are in the language that was asked for; each response also has those in all languages.
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
    app.customer().speaks("en");
    assert_eq!(app.customer().get("/reference").body["statuses"][0]["label"], "New");
}
