//! Answer templates: texts that support uses again and again (section 9 of the contract).

use serde_json::{Value, json};

use crate::support::{TestApp, with};

/// The id of a template; what it is for is in `members`.
fn create(app: &TestApp, title: &str, members: Value) -> i64 {
    let body = json!({ "title": title, "text": "Пришлите журнал шлюза.", "language": "ru" });
    app.engineer().post("/answer-templates", with(body, &members)).expect(201).id()
}

fn titles(app: &TestApp, query: &str) -> Vec<String> {
    let list = app.engineer().get(&format!("/answer-templates{query}")).expect(200);
    list.items().iter().map(|it| it["title"].as_str().unwrap().to_owned()).collect()
}

/// Section 9: a template is for everything, for a direction or for a product; the direction and the
/// product of a ticket find those that fit.
#[test]
fn s9_templates_are_found_by_direction_product_and_language() {
    let app = TestApp::spawn();
    let (telephony, product) = (app.ids.telephony, app.ids.product);
    create(&app, "Общий", json!({}));
    create(&app, "Телефония", json!({ "direction_id": telephony }));
    create(&app, "SMG", json!({ "product_id": product }));
    create(&app, "TAU", json!({ "product_id": app.ids.second_product }));
    create(&app, "Wi-Fi", json!({ "direction_id": app.ids.wifi }));
    create(&app, "General", json!({ "language": "en" }));
    let of_ticket = format!("?direction_id={telephony}&product_id={product}&language=ru");

    assert_eq!(titles(&app, &of_ticket), ["Общий", "Телефония", "SMG"]);
    let of_direction = format!("?direction_id={telephony}");
    let all_of_it = ["Общий", "Телефония", "SMG", "TAU", "General"];
    assert_eq!(titles(&app, &of_direction), all_of_it);
    assert_eq!(titles(&app, "?language=en"), ["General"]);
    let first = app.admin().get("/answer-templates?limit=4").expect(200);
    let next = format!("/answer-templates?limit=4&cursor={}", first.word("next_cursor"));
    assert_eq!((first.items().len(), app.admin().get(&next).items().len()), (4, 2));
    let smg = &first.items()[2];
    assert_eq!(smg["product"], json!({ "id": product, "name": "SMG-1016M" }));
    assert_eq!(smg["direction"], json!({ "id": telephony, "name": "Телефония" }));
}

/// A template is edited by whoever saw its present version; its product and its direction must
/// agree.
#[test]
fn a_template_is_edited_and_removed() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    let id = create(&app, " Журнал ", json!({ "product_id": app.ids.product }));
    let path = format!("/answer-templates/{id}");
    let before = engineer.get(&path).expect(200);
    let tag = before.header("etag").to_owned();
    let patch = |body: Value| engineer.patch(&path, body);

    let same = patch(json!({ "title": "Журнал" })).expect(200);
    let at_odds = patch(json!({ "direction_id": app.ids.wifi })).expect(422);
    let missing = patch(json!({ "product_id": 4_000_000 })).expect(422);
    let nowhere = patch(json!({ "product_id": null, "direction_id": 4_000_000 })).expect(422);
    let moved = patch(json!({ "product_id": app.ids.wifi_product, "text": "Новый." })).expect(200);
    let general = patch(json!({ "product_id": null, "direction_id": null })).expect(200);
    let stale = engineer.send("DELETE", &path, &[("if-match", &tag)], None);
    engineer.delete(&path).expect(204);

    assert_eq!((&before.body["title"], &same.body["version"]), (&json!("Журнал"), &json!(1)));
    assert_eq!(at_odds.errors(), ["/direction_id not_applicable"]);
    assert_eq!(missing.errors(), ["/product_id not_found"]);
    assert_eq!(nowhere.errors(), ["/direction_id not_found"]);
    assert_eq!(moved.body["direction"]["id"], app.ids.wifi);
    assert_eq!((&moved.body["text"], &moved.body["version"]), (&json!("Новый."), &json!(2)));
    assert_eq!(
        (&general.body["direction"], &general.body["product"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(stale.status, 412);
    engineer.get(&path).expect(404);
    app.customer().get("/answer-templates").expect(403);
}
