//! 3.4: requests that support may refuse to register; none of them is lost.

use serde_json::{Value, json};

use crate::support::{Response, TestApp};

fn file(app: &TestApp, subject: &str, description: &str) -> Response {
    let text = json!({ "subject": subject, "description": description });
    app.customer().files(app.request_with(&text))
}

/// 3.4.1.1: a description without words, or with only those of the subject, is none.
#[test]
fn c3_4_1_1_a_description_must_say_more_than_the_subject() {
    let app = TestApp::spawn();
    let subject = "Не регистрируются ONT на порту 3";

    for description in [
        subject,
        "НЕ РЕГИСТРИРУЮТСЯ, не регистрируются ont!!! (на порту 3)",
        "Ont не регистрируются",
        "... 12345 ???",
        "-",
    ] {
        let response = file(&app, subject, description);

        response.refusal(422, "no_description", "3.4.1.1");
    }
    assert_eq!(app.ticket_count(), 0);
    assert_eq!(file(&app, subject, "Не регистрируются после обновления").status, 201);
}

/// 3.4.1.3: obscene words and insults are refused, in three languages and in disguise, in the
/// subject as well as in the description and the details.
#[test]
fn c3_4_1_3_rude_words_are_refused() {
    let app = TestApp::spawn();
    let texts = [
        "Ваш шлюз дерьмо, звонки опять пропадают",
        "Ваш шлюз гoвнo, звонки опять пропадают",
        "Звонки пропадают, сделайте уже что-нибудь, и д и о т ы",
        "Звонки пропадают, б л я т ь, третий день",
        "Звонки пропадают, суууука, третий день",
        "Calls are dropped again, fix this sh1t",
        "Қоңыраулар үзіледі, сиктир",
    ];

    for text in texts {
        file(&app, "Пропадают звонки через транк", text).refusal(422, "impolite", "3.4.1.3");
        file(&app, text, "Пропадают звонки через транк").refusal(422, "impolite", "3.4.1.3");
    }
    // What is unseen has no place in a line, but may stand in a text.
    let hyphenated = "Звонки пропадают, пошли вы на\u{ad}хуй";
    file(&app, "Пропадают звонки через транк", hyphenated).refusal(422, "impolite", "3.4.1.3");
    let request = app.request_with(&json!({ "steps": texts[0] }));
    app.customer().files(request).refusal(422, "impolite", "3.4.1.3");
    assert_eq!(app.ticket_count(), 0);
}

/// 3.4.1.3: ordinary technical words pass, whatever is in the middle of them.
#[test]
fn c3_4_1_3_technical_words_pass() {
    let app = TestApp::spawn();
    let texts = [
        "Сплиттер на LTP-8X: страхуйте, застрахуй, употреблять, команда debug, скипидар",
        "interface gi1/0/1\n no shut\n!\nsh ip route; hash it, push it; assess class passive",
        "MES2324FB и TAU-72.IP, а также SBG-2000, Scunthorpe, Essex, analog, document",
        "Оскорблять никого не хотели: требуется колебание рубля, хлеб, погреба и подстрахуй",
    ];

    for text in texts {
        let filed = file(&app, "Вопрос по настройке оборудования", text);

        assert_eq!(filed.status, 201, "{}", filed.text);
    }
    assert_eq!(app.customer().get("/refusals").items().len(), 0);
}

/// 3.4: only a request whose fields are valid can be refused; validation errors store nothing.
#[test]
fn c3_4_wrong_fields_come_before_refusals() {
    let app = TestApp::spawn();
    let rude = json!({ "description": "Идиоты, почините шлюз уже", "tracker": "fault" });

    let response = app.customer().files(app.request_with(&rude));

    assert_eq!(response.validation_errors(), ["/tracker not_one_of"]);
    assert_eq!(app.customer().get("/refusals").items().len(), 0);
}

/// 3.4: a refused request is stored completely; the author's company and support see it, nobody
/// else.
#[test]
fn c3_4_a_refused_request_is_stored_and_seen_by_its_company() {
    let app = TestApp::spawn();
    let details = json!({
        "description": "Идиоты, почините шлюз уже", "software_version": "3.410.0",
        "watcher_ids": [app.colleague().id], "external_ref": "СА-1",
    });
    let request = app.request_with(&details);

    let id = app.customer().files(request.clone()).refusal(422, "impolite", "3.4.1.3");

    let path = format!("/refusals/{id}");
    for person in [app.customer(), app.colleague(), app.engineer(), app.admin()] {
        let shown = person.get(&path).expect(200);
        for (name, value) in request.as_object().unwrap() {
            assert_eq!(shown.body["request"][name], *value, "{name}");
        }
        assert_eq!(
            (&shown.body["state"], &shown.body["reason"]),
            (&json!("pending"), &json!("impolite"))
        );
        assert_eq!(shown.body["author"]["id"], app.customer().id);
        assert_eq!(person.get("/refusals").items().len(), 1);
    }
    assert_eq!(app.stranger().get("/refusals").items().len(), 0);
    let headers = [("x-request-id", "same")];
    let foreign = app.stranger().send("GET", &path, &headers, None);
    let missing = app.stranger().send("GET", "/refusals/999999", &headers, None);
    assert_eq!((foreign.status, &foreign.text), (404, &missing.text));
    for path in [path.as_str(), "/refusals"] {
        assert_eq!(app.commercial().get(path).status, 403);
    }
    assert_eq!(app.ticket_count(), 0);
}

/// 3.4: the reason of a refusal is in the caller's language.
#[test]
fn c3_4_refusals_are_in_the_callers_language() {
    let app = TestApp::spawn();
    let body = app.request_with(&json!({ "description": "???" }));
    let expected = [("ru", "Нет описания"), ("kk", "Сипаттамасы жоқ"), ("en", "No description")];

    for (language, title) in expected {
        let headers = [("accept-language", language)];
        let response = app.customer().call_with("POST", "/tickets", &headers, &body);

        let id = response.refusal(422, "no_description", "3.4.1.1");
        let refused_request =
            app.customer().send("GET", &format!("/refusals/{id}"), &headers, None);
        assert_eq!(response.body["title"], title);
        assert_eq!(response.body["detail"], refused_request.body["detail"]);
    }
}

/// 3.4: refused requests are listed by state and direction, the newest first, page by page.
#[test]
fn c3_4_refusals_are_listed() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    let wifi = json!({
        "project_id": app.ids.wifi_project, "product_id": app.ids.wifi_product,
        "description": "???",
    });
    let phone = json!({ "description": "???" });
    let refused_ids: Vec<i64> = [&phone, &wifi, &phone, &phone]
        .map(|it| app.customer().files(app.request_with(it)))
        .iter()
        .map(|it| it.refusal(422, "no_description", "3.4.1.1"))
        .collect();
    let word = json!({ "comment": "Опишите проблему." });
    engineer.post(&format!("/refusals/{}/confirm", refused_ids[0]), word).expect(200);

    let ids = |query: &str| engineer.get(&format!("/refusals?{query}")).expect(200).ids();

    assert_eq!(ids(""), [refused_ids[3], refused_ids[2], refused_ids[1], refused_ids[0]]);
    assert_eq!(ids("state=pending"), [refused_ids[3], refused_ids[2], refused_ids[1]]);
    assert_eq!(ids("state=confirmed"), [refused_ids[0]]);
    assert_eq!(ids("state=registered"), [0_i64; 0]);
    assert_eq!(ids(&format!("direction_id={}", app.ids.wifi)), [refused_ids[1]]);
    let first = engineer.get("/refusals?limit=3&state=pending");
    assert_eq!(first.body["next_cursor"], Value::Null);
    let first = engineer.get("/refusals?limit=2&state=pending");
    let cursor = first.word("next_cursor");
    assert_eq!(ids(&format!("limit=2&state=pending&cursor={cursor}")), [refused_ids[1]]);
    assert_eq!(engineer.get(&format!("/refusals?cursor={cursor}")).code(), "invalid_cursor");
    assert_eq!(engineer.get("/refusals?state=open").errors(), ["state not_one_of"]);
}
