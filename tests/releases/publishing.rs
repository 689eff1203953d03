//! Writing and publishing releases (2.2).

use chrono::{Days, NaiveDate, Utc};
use serde_json::{Value, json};

use crate::support::{TestApp, with};

fn in_days(days: u64) -> NaiveDate {
    Utc::now().date_naive() + Days::new(days)
}

/// 2.2: engineers and admins write the releases of a product; everybody reads them.
#[test]
fn c2_2_a_product_has_releases() {
    let app = TestApp::spawn();
    let path = format!("/products/{}/releases", app.ids.product);
    let body = json!({
        "version": " 3.20.1 ", "planned_on": "2027-03-01", "notes": "Исправлен SIP.",
        "public_url": "https://example.com/smg",
    });

    let created = app.engineer().post(&path, body).expect(201);
    let same = app.admin().post(&path, json!({ "version": "3.20.1" }));
    let second = app.admin().post(&path, json!({ "version": "3.21.0-RC" })).expect(201);

    assert_eq!(created.header("location"), format!("/api/v1/releases/{}", created.id()));
    assert_eq!((same.status, same.code()), (409, "already_exists"));
    assert_eq!(same.errors(), ["/version taken"]);
    let shown = app.stranger().get(&format!("/releases/{}", created.id())).expect(200).body;
    assert_eq!(shown, with(created.body.clone(), &json!({ "notes": null, "public_url": null })));
    assert_eq!(shown["version"], "3.20.1");
    assert_eq!(shown["product"], json!({ "id": app.ids.product, "name": "SMG-1016M" }));
    assert_eq!(shown["published_at"], Value::Null);
    let listed = app.commercial().get(&path).expect(200);
    assert_eq!(listed.ids(), [second.id(), created.id()]);
    let other = format!("/products/{}/releases", app.ids.wifi_product);
    assert!(app.customer().get(&other).expect(200).items().is_empty());
}

/// 2.2, AZ04: what is being written about a release to come is support's own; once the release is out
/// everybody reads it.
#[test]
fn c2_2_release_notes_are_public_once_published() {
    let app = TestApp::spawn();
    let url = "https://example.com/draft";
    let draft = json!({ "version": "3.20.1", "notes": "Закрыта уязвимость.", "public_url": url });
    let id = app.release(draft).id();
    let pages = [format!("/releases/{id}"), format!("/products/{}/releases", app.ids.product)];
    let others = [app.customer(), app.stranger(), app.commercial()];
    let reads = |page: &String| {
        others.each_ref().map(|it| {
            let text = it.get(page).expect(200).text;
            ["уязвимость", "/draft"].map(|word| text.contains(word))
        })
    };

    for page in &pages {
        assert_eq!(reads(page), [[false; 2]; 3], "{page}");
        assert!(app.engineer().get(page).expect(200).text.contains("уязвимость"), "{page}");
    }
    app.engineer().publishes(id).expect(200);

    for page in &pages {
        assert_eq!(reads(page), [[true; 2]; 3], "{page}");
    }
}

/// A release is edited with its current `ETag`; once published, its version and date are
/// fixed.
#[test]
fn a_published_release_has_a_fixed_version_and_date() {
    let app = TestApp::spawn();
    let id = app.planned_release("3.20.1", Some(in_days(30)));
    let path = format!("/releases/{id}");
    let patch = |body: Value| app.engineer().patch(&path, body);
    let tag = app.engineer().get(&path).header("etag").to_owned();

    patch(json!({ "notes": "Исправлен SIP.", "version": "3.20.2" })).expect(200);
    let stale = [("if-match", tag.as_str())];
    app.engineer().call_with("PATCH", &path, &stale, &json!({ "notes": null })).expect(412);
    let url = patch(json!({ "public_url": "ftp://example.com" })).expect(422);
    app.engineer().publishes(id).expect(200);
    let again = app.engineer().publishes(id);
    let fixed = patch(json!({ "version": "4", "planned_on": null })).expect(422);
    let open = patch(json!({ "notes": null, "public_url": "https://example.com/smg" })).expect(200);

    assert_eq!(url.errors(), ["/public_url wrong_format"]);
    assert_eq!((again.status, again.code()), (409, "already_published"));
    assert_eq!(fixed.errors(), ["/version not_applicable", "/planned_on not_applicable"]);
    assert_eq!(open.body["version"], "3.20.2");
    assert_eq!(open.body["notes"], Value::Null);
}
