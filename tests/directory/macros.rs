//! Macros: steps that support takes again and again (section 9 of the contract).

use serde_json::{Value, json};

use crate::support::{TestApp, with};

fn saying(members: Value) -> Value {
    with(json!({ "title": " Журнал ", "language": "ru", "comment": "Смотрим." }), &members)
}

/// Section 9: macros are for everything, a direction or a product; they are edited by whoever saw the present
/// version, name people and topics, and every change is in the audit log.
#[test]
fn s9_macros_are_found_edited_and_removed() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    let create = |members: Value| engineer.post("/macros", saying(members)).expect(201);
    let general = create(json!({})).id();
    let of_product = create(json!({ "product_id": app.ids.product, "language": "kk" }));
    create(json!({ "direction_id": app.ids.wifi }));
    let fitting = format!("?direction_id={}&product_id={}", app.ids.telephony, app.ids.product);
    let ids = |query: &str| engineer.get(&format!("/macros{query}")).expect(200).ids();

    assert_eq!(ids(&fitting), [general, of_product.id()]);
    assert_eq!(ids("?language=kk"), [of_product.id()]);
    assert_eq!(ids("?limit=2").len(), 2);
    assert_eq!(
        of_product.body["direction"],
        json!({ "id": app.ids.telephony, "name": "Телефония" })
    );
    assert_eq!(
        (&of_product.body["title"], &of_product.body["internal"]),
        (&json!("Журнал"), &json!(false))
    );

    let path = format!("/macros/{general}");
    let tag = engineer.get(&path).expect(200).header("etag").to_owned();
    let patch = |body: Value| engineer.patch(&path, body);
    let given =
        patch(json!({ "to": "on_hold", "waiting_on": "repair", "assignee_id": engineer.id }))
            .expect(200);
    assert_eq!(given.body["assignee"], json!({ "id": engineer.id, "name": "Ерлан Абдрахманов" }));
    assert_eq!((&given.body["to"], &given.body["version"]), (&json!("on_hold"), &json!(2)));
    assert_eq!(patch(json!({ "waiting_on": null })).validation_errors(), ["/waiting_on required"]);
    assert_eq!(
        patch(json!({ "comment": null, "to": null, "waiting_on": null, "assignee_id": null }))
            .validation_errors(),
        ["/comment required"]
    );
    assert_eq!(patch(json!({ "title": "Журнал" })).expect(200).body["version"], 2);
    let stale = engineer.send("DELETE", &path, &[("if-match", &tag)], None);
    assert_eq!((stale.status, stale.code()), (412, "precondition_failed"));
    engineer.delete(&path).expect(204);
    engineer.get(&path).expect(404);
    let audited = app
        .rows::<String>("select action from audit_log where target like '/macros/%' order by id");
    let created = "macros_create".to_owned();
    assert_eq!(
        audited,
        [created.clone(), created.clone(), created, "macros_update".into(), "macros_delete".into()]
    );
}

/// Section 9: steps that no ticket could ever take are refused when they are written, each by its member.
#[test]
fn s9_impossible_steps_are_refused() {
    let app = TestApp::spawn();
    let topic = json!({ "name": "Роуминг", "direction_id": app.ids.wifi });
    let topic = app.admin().post("/topics", topic).expect(201).id();
    let wrong =
        |members: Value| app.engineer().post("/macros", saying(members)).validation_errors();

    for (members, errors) in [
        (json!({ "comment": "№{ticket.nr}, {ticket.id}" }), "/comment unknown_variable"),
        (json!({ "comment": null }), "/comment required"),
        (json!({ "to": "new" }), "/to not_applicable"),
        (json!({ "to": "on_hold" }), "/waiting_on required"),
        (json!({ "to": "feedback", "internal": true }), "/internal not_applicable"),
        (json!({ "waiting_on": "repair" }), "/waiting_on not_applicable"),
        (
            json!({ "to": "rejected", "refusal_reason": "already_registered" }),
            "/refusal_reason not_applicable",
        ),
        (json!({ "assigns_me": true, "assignee_id": app.engineer().id }), "/assigns_me conflicts"),
        (json!({ "assignee_id": app.customer().id }), "/assignee_id not_found"),
        (json!({ "to": "resolved", "topic_id": 4_000_000 }), "/topic_id not_found"),
        (
            json!({ "to": "resolved", "topic_id": topic, "product_id": app.ids.product }),
            "/topic_id not_found",
        ),
        (
            json!({ "product_id": app.ids.product, "direction_id": app.ids.wifi }),
            "/direction_id not_applicable",
        ),
        (json!({ "steps": [] }), "/steps unknown_field"),
    ] {
        assert_eq!(wrong(members.clone()), [errors], "{members}");
    }
    app.customer().get("/macros").expect(403);
    app.commercial().post("/macros", saying(json!({}))).expect(403);
}

/// Section 9: everything that is wrong with a macro is told at once, and nothing that is only missed because of
/// something else that is wrong.
#[test]
fn s9_all_mistakes_of_a_macro_are_named_and_no_other() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    let path = format!("/macros/{}", engineer.post("/macros", saying(json!({}))).expect(201).id());
    let create = |members: Value| engineer.post("/macros", saying(members)).validation_errors();
    let elsewhere = json!({
        "product_id": app.ids.product, "direction_id": app.ids.wifi, "comment": "{ticket.nr}",
        "assignee_id": app.customer().id,
    });

    assert_eq!(
        create(elsewhere),
        ["/assignee_id not_found", "/comment unknown_variable", "/direction_id not_applicable"]
    );
    let gone = json!({ "product_id": 4_000_000, "to": "on_hold", "title": " " });
    assert_eq!(create(gone), ["/product_id not_found", "/title blank", "/waiting_on required"]);
    let unknown = json!({ "comment": null, "to": "gone", "waiting_on": "repair" });
    assert_eq!(create(unknown), ["/to not_one_of"]);
    let patch = |body: Value| engineer.patch(&path, body).validation_errors();
    assert_eq!(patch(json!({ "to": "gone", "comment": null })), ["/to not_one_of"]);
    for shown in ["id", "version", "created_at", "direction", "product", "topic", "assignee"] {
        assert_eq!(patch(json!({ shown: 1 })), [format!("/{shown} read_only_field")]);
    }
    assert_eq!(patch(json!({ "colour": 1 })), ["/colour unknown_field"]);
}
