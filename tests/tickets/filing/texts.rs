//! 3.1: hints and errors in the language of the person, and the texts that people send.

use serde_json::{Value, json};

use crate::support::{Person, Response, TestApp};

fn post_in(person: &Person, language: &str, body: &Value) -> Response {
    person.call_with("POST", "/tickets", &[("accept-language", language)], body)
}

/// 3.1: omitted details come back as hints, in the caller's language.
#[test]
fn c3_1_absent_details_are_hints() {
    let app = TestApp::spawn();
    let expected = [
        ("ru", "Укажите версию программного обеспечения."),
        ("kk", "Бағдарламалық жасақтама нұсқасын көрсетіңіз."),
        ("en", "State the software version."),
        ("de, en-GB;q=0.5", "State the software version."),
        ("de", "Укажите версию программного обеспечения."),
    ];

    for (language, text) in expected {
        let filed = post_in(&app.customer(), language, &app.request()).expect(201);

        let hints = filed.body["hints"].as_array().unwrap();
        let fields: Vec<&Value> = hints.iter().map(|it| &it["field"]).collect();
        assert_eq!(
            json!(fields),
            json!([
                "software_version",
                "connection_scheme",
                "addresses",
                "steps",
                "cause",
                "expected_result",
            ]),
        );
        assert_eq!((&hints[0]["text"], &hints[0]["clause"]), (&json!(text), &json!("3.2")));
    }
}

/// 3.1: a request with all details gets no hints, and the details stay as they were written.
#[test]
fn c3_1_a_request_with_all_details_gets_no_hints() {
    let app = TestApp::spawn();
    let details = json!({
        "software_version": "3.410.0", "connection_scheme": "АТС - SMG - оператор",
        "addresses": "192.0.2.10", "steps": "Обновили ПО\nи перезагрузили",
        "cause": "Обновление", "expected_result": "Регистрация", "serial_number": "VI5A000123",
    });

    let filed = app.customer().files(app.request_with(&details)).expect(201);

    assert_eq!(filed.body["hints"], json!([]));
    for (name, value) in details.as_object().unwrap() {
        assert_eq!(filed.body[name], *value);
    }
}

/// 3.2: errors are in the language that was asked for, else in the person's own.
#[test]
fn c3_2_field_errors_are_in_the_callers_language() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let request = app.request_with(&json!({ "subject": "", "parent_id": 999_999 }));
    let expected = [
        ("ru", "Поля заполнены неверно", "Поле не может быть пустым.", "Не найдено."),
        ("kk", "Өрістер қате толтырылған", "Өріс бос болмауы керек.", "Табылмады."),
        ("en", "Validation failed", "This field cannot be blank.", "Not found."),
    ];

    for (language, title, blank, not_found) in expected {
        let response = post_in(&customer, language, &request);

        assert_eq!(response.validation_errors(), ["/parent_id not_found", "/subject blank"]);
        assert_eq!(response.header("content-language"), language);
        assert_eq!(response.body["title"], title);
        let details: Vec<&Value> =
            response.body["errors"].as_array().unwrap().iter().map(|it| &it["detail"]).collect();
        assert_eq!(json!(details), json!([blank, not_found]));
    }
    customer.speaks("kk");
    let response = customer.files(request);
    assert_eq!(response.body["title"], "Өрістер қате толтырылған");
}

/// IN06: texts are stored in Unicode NFC.
#[test]
fn sec_in06_texts_are_stored_in_nfc() {
    let app = TestApp::spawn();
    let decomposed = json!({ "subject": "Нет связи с и\u{306}дом e\u{301}" });

    let filed = app.customer().files(app.request_with(&decomposed)).expect(201);

    assert_eq!(filed.body["subject"], "Нет связи с йдом é");
}

/// IN02, IN06: U+0000 and characters that reverse the direction of text are refused everywhere,
/// control characters in single-line texts; a pasted log may contain its own.
#[test]
fn sec_in06_deceptive_characters_are_refused() {
    let app = TestApp::spawn();

    for field in ["subject", "description", "steps", "external_ref"] {
        for bad in ['\0', '\u{202e}', '\u{202a}', '\u{2066}', '\u{2069}'] {
            let text = json!({ field: format!("Нет питания {bad} на плате") });

            let response = app.customer().files(app.request_with(&text));

            assert_eq!(
                response.validation_errors(),
                [format!("/{field} forbidden_character")],
                "{bad:?}"
            );
        }
    }
    for field in ["subject", "product_name", "serial_number", "external_ref"] {
        for bad in ['\n', '\r', '\t', '\u{1b}', '\u{7f}', '\u{85}'] {
            let text =
                json!({ "product_id": null, "product_name": "X", field: format!("a{bad}b") });

            let response = app.customer().files(app.request_with(&text));

            assert_eq!(
                response.validation_errors(),
                [format!("/{field} forbidden_character")],
                "{bad:?}"
            );
        }
    }
    assert_eq!(app.customer().get("/tickets").items().len(), 0);
    let log = json!({ "description": "--More--\u{8}\u{8}\tport down\r\n\u{1b}[31mошибка" });
    app.customer().files(app.request_with(&log)).expect(201);
}
