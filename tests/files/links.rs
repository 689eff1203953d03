//! Links by which a browser reads a file without headers (AU09, AT04, AZ08).

use serde_json::json;

use crate::support::{PASSWORD, TestApp};

/// AU09, AT04: a link opens its one file, as a download, in parts, without a header and as often as needed; it is in
/// no log, no cache and no referrer.
#[test]
fn sec_au09_a_link_opens_one_file_without_a_header() {
    let app = TestApp::spawn();
    let page = b"<!DOCTYPE html><script>alert(1)</script>";
    let (_, id) = app.ticket_with_file("page.html", page);
    let (_, other) = app.ticket_with_file("other.log", b"other");

    let link = app.customer().link(id);

    let url = app.path_of(&link.word("url"));
    let (status, headers, bytes) = app.opens(&url, &[]);
    assert_eq!((status, &*bytes), (200, &page[..]));
    assert!(headers["content-disposition"].starts_with("attachment; filename=\"page.html\""));
    assert_eq!(headers["content-type"], "application/octet-stream");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["content-security-policy"], "sandbox; default-src 'none'");
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert_eq!(headers["cache-control"], "private, no-store");
    let (part, _, bytes) = app.opens(&url, &[("range", "bytes=0-8")]);
    assert_eq!((part, &*bytes), (206, &b"<!DOCTYPE"[..]));
    assert_eq!(app.opens(&url, &[("if-none-match", &headers["etag"])]).0, 304);
    assert_eq!(
        (link.header("cache-control"), &link.body["preview_url"]),
        ("no-store", &json!(null))
    );

    let token = url.split("link=").nth(1).unwrap();
    let call = |path: &str| app.anonymous().get(path);
    for (path, code) in [
        (format!("/attachments/{other}/content?link={token}"), "invalid_link"),
        (format!("/attachments/{id}/content?link={token}x"), "invalid_link"),
        (format!("/attachments/{id}/content?link="), "invalid_link"),
        (format!("/attachments/{id}/content?link={}", app.customer().token), "invalid_link"),
        (format!("/attachments/{id}?link={token}"), "unauthenticated"),
        (format!("/attachments/{id}/link?link={token}"), "method_not_allowed"),
        (format!("/attachments/{id}/content?link={token}&link={token}"), "repeated_parameter"),
    ] {
        assert_eq!(call(&path).code(), code, "{path}");
    }
    assert_eq!(app.with_token(token).get("/me").status, 401);
    let both = app.customer().get(&format!("/attachments/{id}/content?link={token}")).expect(400);
    assert_eq!(
        (both.code(), &both.body["errors"][0]["header"]),
        ("malformed_header", &json!("Authorization"))
    );
    let log = app.server.log();
    assert!(log.contains(&format!("/attachments/{id}/content")) && !log.contains(token), "{log}");
}

/// AZ08: whoever has a link sees what its maker may see at that moment.
#[test]
fn sec_az08_a_link_ends_with_the_rights_behind_it() {
    let app = TestApp::spawn();
    let (_, id) = app.ticket_with_file("a.log", b"log");
    let token = app.sign_in(&app.engineer().email, PASSWORD).expect(200).word("access_token");
    let session = app.with_token(&token);
    let api_token = app.engineer().makes_api_token(&["tickets:read"]).expect(201);
    let script = app.with_token(&api_token.word("token"));
    let makers = [session.clone(), script, app.colleague(), app.customer(), app.admin()];
    let urls = makers.map(|it| app.path_of(&it.link(id).word("url")));
    let outcomes = || {
        let outcome = |url: &String| {
            let (status, _, bytes) = app.opens(url, &[]);
            let problem: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
            (status, problem["code"].as_str().unwrap_or_default().to_owned())
        };
        urls.iter().map(outcome).collect::<Vec<_>>()
    };
    assert!(outcomes().iter().all(|it| *it == (200, String::new())));

    session.signs_out();
    app.engineer().delete(&format!("/me/api-tokens/{}", api_token.id())).expect(204);
    app.admin().deactivates(&app.colleague());
    let (company, person) = (app.ids.other_company, app.customer().id);
    app.sql(&format!("update users set company_id = {company} where id = {person}"));
    let after = outcomes();
    let redact = format!("/attachments/{id}/redact");
    app.admin().post(&redact, json!({ "reason": "В файле были пароли." })).expect(200);

    let of = |status: u16, code: &str| (status, code.to_owned());
    let invalid = of(403, "invalid_link");
    assert_eq!(
        after,
        [invalid.clone(), invalid.clone(), invalid, of(404, "not_found"), of(200, "")]
    );
    assert_eq!(outcomes()[4], of(410, "redacted"));
    assert_eq!(
        app.admin().call("POST", &format!("/attachments/{id}/link"), None).code(),
        "redacted"
    );
}
