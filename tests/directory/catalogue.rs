//! Directions and their engineers, products (3.2).

use serde_json::json;

use crate::support::TestApp;

/// 3.2: products are listed by direction; one that is switched off stays visible and says so.
#[test]
fn products_are_listed_by_direction() {
    let app = TestApp::spawn();
    let list = |direction: i64| app.customer().get(&format!("/products?direction_id={direction}"));

    let path = format!("/products/{}", app.ids.second_product);
    app.admin().switches_off(&path);

    assert_eq!(list(app.ids.telephony).ids(), [app.ids.product, app.ids.second_product]);
    assert_eq!(list(app.ids.wifi).ids(), [app.ids.wifi_product]);
    assert_eq!(list(app.ids.telephony).items()[1]["is_active"], false);
    assert_eq!(app.commercial().get(&path).body["direction"]["name"], "Телефония");
}

/// Engineers work in directions; customers see the directions without them.
#[test]
fn a_direction_has_engineers() {
    let app = TestApp::spawn();
    let (admin, other) = (app.admin(), app.other_engineer());
    let members = format!("/directions/{}/engineers", app.ids.telephony);
    let engineers = || {
        let list = app.commercial().get("/directions");
        let direction = list.items().iter().find(|it| it["id"] == app.ids.telephony).unwrap();
        direction["engineers"].as_array().unwrap().len()
    };
    assert_eq!(engineers(), 1);

    admin.adds_engineer(app.ids.telephony, &other);
    admin.adds_engineer(app.ids.telephony, &other);
    assert_eq!(engineers(), 2);
    admin.delete(&format!("{members}/{}", other.id)).expect(204);
    admin.delete(&format!("{members}/{}", other.id)).expect(204);

    assert_eq!(engineers(), 1);
    let customer = format!("{members}/{}", app.customer().id);
    let refused = admin.call("PUT", &customer, None).expect(422);
    assert_eq!(refused.errors(), ["/user_id not_permitted"]);
    admin.call("PUT", &format!("{members}/4000000"), None).expect(404);
    let shown = app.customer().get("/directions").expect(200);
    assert!(shown.items().iter().all(|it| it["engineers"] == json!([])), "{}", shown.text);
}
