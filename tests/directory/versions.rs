//! Versions of what is in the directory: stale, unchanged and known ones.

use serde_json::{Value, json};

use crate::support::{Person, Response, TestApp};

fn patch_if(person: &Person, tag: &str, path: &str, body: Value) -> Response {
    person.call_with("PATCH", path, &[("if-match", tag)], &body)
}

/// A change to what somebody else has changed meanwhile is refused.
#[test]
fn a_stale_version_changes_nothing() {
    let app = TestApp::spawn();
    let admin = app.admin();
    let named = json!({ "name": "Новое имя" });
    let switched = json!({ "is_active": false });

    for (path, first, second) in [
        (format!("/companies/{}", app.ids.company), &named, json!({ "name": "Третье имя" })),
        (format!("/products/{}", app.ids.product), &named, switched.clone()),
        (format!("/projects/{}", app.ids.project), &switched, json!({ "is_active": true })),
        (
            format!("/users/{}", app.customer().id),
            &json!({ "last_name": "Ахметова" }),
            json!({ "last_name": "Третья" }),
        ),
    ] {
        let seen = admin.get(&path).expect(200);
        let changed = patch_if(&admin, seen.header("etag"), &path, first.clone()).expect(200);

        let stale = patch_if(&admin, seen.header("etag"), &path, second.clone()).expect(412);

        assert_eq!(stale.code(), "precondition_failed");
        assert_eq!(changed.body["version"], 2, "{path}");
        assert_eq!(admin.get(&path).body, changed.body, "{path}");
        patch_if(&admin, &format!("W/{}", changed.header("etag")), &path, second).expect(200);
    }
}

/// RFC 7396: a patch that changes nothing leaves the version alone.
#[test]
fn an_empty_patch_changes_nothing() {
    let app = TestApp::spawn();
    let admin = app.admin();

    for (path, same) in [
        (format!("/companies/{}", app.ids.company), json!({ "name": " Сары-Арка Телеком " })),
        (format!("/products/{}", app.ids.product), json!({ "name": "SMG-1016M" })),
        (format!("/projects/{}", app.ids.project), json!({ "is_active": true })),
        (format!("/users/{}", app.customer().id), json!({ "first_name": "Айгуль" })),
    ] {
        let before = admin.get(&path).expect(200);

        let empty = admin.patch(&path, json!({})).expect(200);
        let same = admin.patch(&path, same).expect(200);

        assert_eq!(empty.body, before.body, "{path}");
        assert_eq!(same.body, before.body, "{path}");
        assert_eq!(same.header("etag"), before.header("etag"), "{path}");
    }
    let path = format!("/directions/{}", app.ids.wifi);
    assert_eq!(admin.patch(&path, json!({ "name": "Wi-Fi " })).expect(200).body["version"], 1);
}

/// RFC 9110: a representation that the client already has is not sent again.
#[test]
fn a_known_representation_is_not_sent_again() {
    let app = TestApp::spawn();
    let (admin, path) = (app.admin(), format!("/companies/{}", app.ids.company));
    let tag = admin.get(&path).header("etag").to_owned();
    let known = || admin.send("GET", &path, &[("if-none-match", &tag)], None);

    let unchanged = known().expect(304);
    admin.patch(&path, json!({ "name": "Сары-Арка" })).expect(200);

    assert_eq!(unchanged.text, "");
    assert_eq!(unchanged.header("etag"), tag);
    assert_eq!(known().expect(200).body["name"], "Сары-Арка");
}
