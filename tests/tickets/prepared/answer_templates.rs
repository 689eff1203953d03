//! Answer templates, filled in for a ticket (section 9).

use serde_json::json;

use crate::support::TestApp;

/// Section 9: variables have the values of the ticket and of whoever answers, in the template's language; one without
/// a value is named, and one that does not exist is refused when the template is written.
#[test]
fn s9_a_template_is_filled_in_for_a_ticket() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    let variables =
        app.anonymous().get("/reference").expect(200).body["template_variables"].clone();
    let text: String = variables
        .as_array()
        .unwrap()
        .iter()
        .map(|it| format!("{{{}}};", it["code"].as_str().unwrap()))
        .collect();
    let template = json!({ "title": "Все", "text": text, "language": "en" });
    let created = engineer.post("/answer-templates", template).expect(201).id();
    let id =
        app.customer().has_filed(app.request_with(&json!({ "subject": "Нет {me.name} звука" })));
    let filled = |ticket: i64, template: i64| {
        engineer.get(&format!("/tickets/{ticket}/answer-templates/{template}"))
    };

    let text = filled(id, created).expect(200).body;

    let values = format!(
        "{id};Нет {{me.name}} звука;New;Сары-Арка Телеком;Телефония;SMG-1016M;Айгуль Омарова;Айгуль;Айгуль \
         Омарова;Айгуль;;Ерлан Абдрахманов;Ерлан;"
    );
    assert_eq!((&text["text"], &text["missing"]), (&json!(values), &json!(["assignee.name"])));
    let literal = json!({ "title": "JSON", "text": "{ \"a\": {b} }", "language": "en" });
    let literal = engineer.post("/answer-templates", literal).expect(201).id();
    assert_eq!(filled(id, literal).body["text"], "{ \"a\": {b} }");
    filled(id, 4_000_000).expect(404);
    filled(4_000_000, created).expect(404);
    let unknown = json!({ "title": "Нет", "text": "№{ticket.nr}", "language": "ru" });
    let refused = engineer.post("/answer-templates", unknown).expect(422);
    assert_eq!(refused.errors(), ["/text unknown_variable"]);
    assert!(refused.body["errors"][0]["detail"].as_str().unwrap().contains("{ticket.id}"));
    let path = format!("/answer-templates/{created}");
    assert_eq!(
        engineer.patch(&path, json!({ "text": "{x.y}" })).validation_errors(),
        ["/text unknown_variable"]
    );
}
