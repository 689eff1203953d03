//! Cursors and links of `GET /tickets`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::paging::{fill, walk};
use crate::support::{TestApp, with};

/// A cursor is valid for the list that it came from: the same order, filters and reader.
#[test]
fn a_cursor_belongs_to_its_list() {
    let app = TestApp::spawn();
    fill(&app, 9);
    let engineer = app.engineer();
    let cursor = |query: &str| {
        let page = engineer.get(&format!("/tickets?limit=2&{query}")).expect(200);
        page.word("next_cursor")
    };
    let (plain, filtered) = (cursor(""), cursor("status=new"));
    let other_limit = engineer.get(&format!("/tickets?limit=5&cursor={plain}"));
    assert_eq!(other_limit.expect(200).items().len(), 5);

    let foreign = [
        engineer.get(&format!("/tickets?cursor={plain}&sort=created_at")),
        engineer.get(&format!("/tickets?cursor={plain}&sort=priority")),
        engineer.get(&format!("/tickets?cursor={plain}&status=new")),
        engineer.get(&format!("/tickets?cursor={filtered}")),
        engineer.get(&format!("/tickets?cursor={filtered}&status=new&tracker=bug")),
        engineer.get(&format!("/me/tickets?cursor={plain}")),
        engineer.get(&format!("/companies?cursor={plain}")),
        app.customer().get(&format!("/tickets?cursor={plain}")),
        engineer.get("/tickets?cursor=abc"),
        engineer.get("/tickets?cursor="),
        engineer.get("/tickets?cursor=%D1%8F"),
        engineer.get(&format!("/tickets?cursor={}", &plain[1..])),
    ];

    for response in foreign {
        assert_eq!(
            (response.status, response.code()),
            (400, "invalid_cursor"),
            "{}",
            response.text
        );
    }
    let long = engineer.get(&format!("/tickets?cursor={}", "a".repeat(2501)));
    assert_eq!(long.errors(), ["cursor too_long"]);
}

/// Links lead to the next page and to the first one, with all parameters.
#[test]
fn links_lead_through_the_pages() {
    let app = TestApp::spawn();
    fill(&app, 9);
    let rel = |header: &str, name: &str| -> Option<String> {
        let suffix = format!(">; rel=\"{name}\"");
        let link = header.split(", ").find_map(|it| it.trim().strip_suffix(&suffix))?;
        Some(link.split_once("/api/v1").unwrap().1.to_owned())
    };
    let first = "/tickets?status=new,closed&sort=priority&limit=4";
    let mut rows = Vec::new();
    let mut next = Some(first.to_owned());

    while let Some(path) = next {
        let page = app.engineer().get(&path).expect(200);
        rows.extend_from_slice(page.items());
        let start = app.engineer().get(&rel(page.header("link"), "first").unwrap());
        assert_eq!(start.text, app.engineer().get(first).text);
        next = rel(page.header("link"), "next");
        assert_eq!(next.is_some(), page.body["next_cursor"].is_string());
    }

    assert_eq!(rows, walk(&app.engineer(), "status=new,closed&sort=priority", 100, || ()));
}

/// IN01: a forged cursor is no server error.
#[test]
fn sec_in01_a_forged_cursor_is_answered() {
    let app = TestApp::spawn();
    fill(&app, 3);
    let page = app.engineer().get("/tickets?limit=1");
    let cursor = URL_SAFE_NO_PAD.decode(page.word("next_cursor")).unwrap();
    let genuine: Value = serde_json::from_slice(&cursor).unwrap();
    let places = [
        json!(["-262143-01-01T00:00:00Z", 1]),
        json!(["+262142-12-31T23:59:59Z", 1]),
        json!(["2026-05-01T00:00:00Z", i64::MIN]),
        json!([1, 1]),
        json!([32_768, 1]),
        json!("x"),
        json!(null),
        json!({}),
        json!([]),
    ];

    for place in places {
        let cursor =
            URL_SAFE_NO_PAD.encode(with(genuine.clone(), &json!({ "after": place })).to_string());
        let response = app.engineer().get(&format!("/tickets?limit=1&cursor={cursor}"));

        assert!([200, 400].contains(&response.status), "{place}: {}", response.text);
    }
}
