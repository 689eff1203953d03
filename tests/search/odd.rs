//! Unusual queries, which belong to none of the judged kinds.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{TestApp, with};

/// RS01, IN10: every query is answered, or refused with its reason; none fails.
#[test]
fn sec_rs01_in10_odd_queries_are_answered_or_refused() {
    let app = TestApp::spawn();
    app.ticket("new");
    app.wait_for_index();
    let engineer = app.engineer();

    for q in ["-", "\"\"", "***", "?!.,", "-шлюз", "OR", " ", "😀"] {
        let refused = engineer.searches_with(q, "").expect(422);
        assert_eq!(refused.errors(), ["q blank"], "{q}");
    }
    assert_eq!(engineer.get("/search").expect(422).errors(), ["q required"]);
    assert_eq!(engineer.searches_with(&"я".repeat(501), "").expect(422).errors(), ["q too_long"]);
    assert_eq!(engineer.searches_with("а\0б", "").expect(422).errors(), ["q forbidden_character"]);
    for q in [
        "\"не закрыто",
        "шлюз OR",
        "OR шлюз",
        "a OR b OR c",
        "'",
        "it's \\ : & | ! <-> ()",
        "шлюз:*",
        "%%% шлюз",
        &"а* ".repeat(160),
        &"я".repeat(500),
        &"1-".repeat(250),
        &"x1".repeat(250),
        "№",
        "# 5",
        "№ 99999999999999999999",
        "--шлюз абонент",
        "-\"нет звука\" абонент",
        "a8:f9:4b",
        "0x",
        "....1....",
        "абонент -28 dBm",
        "\u{202e}абонент",
        &"%".repeat(500),
        &"* ".repeat(200),
        &"*абонент* ".repeat(50),
        &"\"".repeat(500),
        &"-".repeat(500),
        &"( ".repeat(250),
        &"\"а б\" OR ".repeat(45),
    ] {
        let started = Instant::now();
        let found = engineer.searches_with(q, "");
        assert!([200, 422].contains(&found.status), "{q}: {}", found.text);
        assert!(started.elapsed() < Duration::from_secs(2), "{q}: {:?}", started.elapsed());
    }
}

/// Advantage 4: the parts of a result: the ticket, the places with their excerpts, what solved it, the total.
#[test]
fn a4_a_result_shows_its_matches_and_its_solution() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let id = customer.has_filed(app.request_with(&json!({ "subject": "Шлюз теряет крокоиты" })));
    engineer.takes(id);
    engineer.resolves(id, "Замените крокоит на плате.");
    customer.confirms_with(id, json!({ "rating": 5 })).expect(200);
    app.wait_for_index();

    let found = customer.searches_with("крокоитов", "").expect(200);

    let item = &found.items()[0];
    assert_eq!(item["kind"], "ticket");
    assert_eq!(item["article"], Value::Null);
    assert_eq!(item["ticket"]["id"], id);
    assert_eq!(item["found_in"][0]["place"], "subject");
    let excerpt = &item["found_in"][0]["excerpt"];
    assert_eq!(excerpt[1], json!({ "text": "крокоиты", "is_match": true }));
    assert_eq!(item["found_in"][1]["place"], "comments");
    assert_eq!(item["solution"]["comment_id"], item["found_in"][1]["comment_id"]);
    assert_eq!(
        (&item["solution"]["is_confirmed"], &item["solution"]["rating"]),
        (&json!(true), &json!(5))
    );
    assert_eq!(found.body["total"], json!({ "count": 1, "is_exact": true }));
    let wrong_key = customer.searches_with("rhjrjbn", "").expect(200);
    assert_eq!(wrong_key.body["interpreted_as"], json!([{ "from": "rhjrjbn", "to": "крокоит" }]));
    assert_eq!(wrong_key.items().len(), 1);
    for (more, count) in [
        ("&solved=true", 1),
        ("&solved=false", 0),
        ("&status=open", 1),
        ("&in=notes", 0),
        ("&in=subject,comments", 1),
    ] {
        assert_eq!(
            customer.searches_with("крокоит", more).expect(200).items().len(),
            count,
            "{more}"
        );
    }
}

/// Advantage 4: the beginning of a serial number finds each device of the series, whatever follows it.
#[test]
fn a4_the_beginning_of_a_serial_number_finds_the_series() {
    let app = TestApp::spawn();
    let numbered = |number: &str| {
        app.customer().has_filed(app.request_with(&json!({ "serial_number": number })))
    };
    let series = ["ELTX5A00D2E3", "ELTX5A00D2F7", "ELTX5A00D277"].map(numbered);
    let other = numbered("ELTX5A00E410");
    app.wait_for_index();
    let sorted = |q: &str| {
        let mut found = app.engineer().finds(q);
        found.sort_unstable();
        found
    };

    assert_eq!(sorted("ELTX5A00D2"), series);
    assert_eq!(sorted("eltx5a00"), [series.as_slice(), &[other]].concat());
    assert_eq!(app.engineer().finds("ELTX5A00D2F7"), [series[1]]);
}

/// Advantage 4: completions and corrections are spelled as people write them, whatever letters were typed; as in
/// everything else, a customer learns nothing of notes.
#[test]
fn a4_words_are_shown_as_they_are_spelled() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let subject = "Қоңыраулар өтпейді, счетоводник TAU-72.IP молчит";
    let ticket = customer.has_filed(app.request_with(&json!({ "subject": subject })));
    engineer.writes_note(ticket, "Счётоводник в лаборатории.");
    app.wait_for_index();

    assert_eq!(customer.is_suggested("коныр"), ["қоңыраулар"]);
    let corrected = customer.searches_with("коныраулрр", "").expect(200);
    assert_eq!(
        corrected.body["interpreted_as"],
        json!([{ "from": "коныраулрр", "to": "қоңыраулар" }])
    );
    assert_eq!(corrected.items().len(), 1);
    assert_eq!(customer.is_suggested("tau7"), ["tau-72.ip"]);
    assert_eq!(customer.is_suggested("счет"), ["счетоводник"]);
    assert_eq!(engineer.is_suggested("счет"), ["счётоводник"]);
}

/// Pages follow each other without a gap, the most similar or the newest first.
#[test]
fn results_come_in_pages() {
    let app = TestApp::spawn();
    let ids: Vec<i64> = (0..5).map(|_| app.ticket("new")).collect();
    app.wait_for_index();

    let all = app
        .engineer()
        .all("/search?q=%D0%B0%D0%B1%D0%BE%D0%BD%D0%B5%D0%BD%D1%82&limit=2&sort=-created_at");

    let found: Vec<i64> = all.iter().map(|it| it["ticket"]["id"].as_i64().unwrap()).collect();
    assert_eq!(found, ids.iter().rev().copied().collect::<Vec<_>>());
}

/// Whatever has the filters of lists takes search words, too: counts, exports, views, and what is done to
/// many at once.
#[test]
fn whatever_has_the_filters_of_lists_takes_words() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let subject = |it: &str| app.request_with(&json!({ "subject": it }));
    let (first, last) = (
        customer.has_filed(subject("Шлюз теряет крокоиты")),
        customer.has_filed(subject("Крокоит на плате треснул")),
    );
    customer.has_filed(subject("Шлюз молчит"));
    app.wait_for_index();
    let q = "%D0%BA%D1%80%D0%BE%D0%BA%D0%BE%D0%B8%D1%82";
    let words = json!({ "q": "крокоит", "status": ["new"] });

    let counts = engineer.get(&format!("/tickets/counts?by=status&q={q}")).expect(200).body;
    assert_eq!(
        (&counts["counts"]["status"]["new"], &counts["is_exact"]),
        (&json!(2), &json!(true))
    );
    let lines = |query: &str| {
        let path = format!("/tickets/export?{query}");
        let exported = engineer.send("GET", &path, &[("accept", "application/x-ndjson")], None);
        let lines = exported.expect(200).text;
        let read = lines.lines().map(|it| serde_json::from_str::<Value>(it).unwrap());
        read.filter_map(|it| it["id"].as_i64()).collect::<Vec<_>>()
    };
    assert_eq!(lines(&format!("q={q}")), [first, last]);
    let view = json!({ "name": "Крокоиты", "filters": words });
    let view = engineer.post("/views", view).expect(201);
    assert_eq!(view.body["filters"], words);
    let counted = engineer.all("/views?counts=true");
    let counted = counted.iter().find(|it| it["name"] == "Крокоиты").unwrap();
    assert_eq!(counted["total"], json!({ "count": 2, "is_exact": true }));
    let act = json!({
        "filters": words, "expected_count": 2, "action": { "type": "watch", "user_id": engineer.id },
    });
    assert_eq!(engineer.post("/tickets/bulk", act.clone()).expect(200).items().len(), 2);

    let nothing = with(view_of("-"), &json!({ "name": "Ничего" }));
    assert_eq!(engineer.post("/views", nothing).expect(422).errors(), ["/filters/q blank"]);
    let path = format!("/views/{}", view.id());
    assert_eq!(engineer.patch(&path, view_of("-")).expect(422).errors(), ["/filters/q blank"]);
    let nothing = with(act, &view_of("-"));
    assert_eq!(engineer.post("/tickets/bulk", nothing).expect(422).errors(), ["/filters/q blank"]);
    for path in ["/tickets/counts?by=status&q=-", "/tickets/export?q=-"] {
        assert_eq!(engineer.get(path).expect(422).errors(), ["q blank"], "{path}");
    }
}

fn view_of(q: &str) -> Value {
    json!({ "filters": { "q": q } })
}

/// A list is filtered by the same meaning, in its own order, and says whether it is whole.
#[test]
fn a_list_is_filtered_by_what_is_found() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let subject = |it: &str| app.request_with(&json!({ "subject": it }));
    let first = customer.has_filed(subject("Шлюз теряет крокоиты"));
    customer.has_filed(subject("Шлюз молчит"));
    let last = customer.has_filed(subject("Крокоит на плате треснул"));
    app.wait_for_index();
    let q = "%D0%BA%D1%80%D0%BE%D0%BA%D0%BE%D0%B8%D1%82";

    let found = customer.get(&format!("/tickets?q={q}&sort=created_at")).expect(200);
    let all = customer.get("/tickets").expect(200);

    let ids: Vec<_> = found.items().iter().map(|it| it["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, [first, last]);
    assert_eq!(
        (&found.body["is_truncated"], &all.body["is_truncated"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(customer.get("/tickets?q=-").expect(422).errors(), ["q blank"]);
    assert_eq!(app.stranger().get(&format!("/tickets?q={q}")).expect(200).items().len(), 0);
}
