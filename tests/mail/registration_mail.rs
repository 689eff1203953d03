//! Registration by the commercial department, and the mail that brings the access data (2.1).

use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp, with};

fn registration(app: &TestApp, email: &str) -> Value {
    json!({
        "role": "customer", "first_name": "Сауле", "last_name": "Нурланова", "email": email,
        "company_id": app.ids.company,
    })
}

/// 2.1: the commercial department registers a customer's employee, who gets the access data by mail
/// and replaces the password at the first sign-in.
#[test]
fn c2_1_a_registered_employee_gets_the_access_data_by_mail() {
    let app = TestApp::spawn_with(&[("HELPDESK_INVITE_URL", "https://portal.example/sign-in")]);
    let registration = registration(&app, "s.nurlanova@helpdesk.example");

    let registered = app.commercial().post("/users", registration).expect(201);
    let mail = app.mail_to("s.nurlanova@helpdesk.example");

    assert_eq!(registered.header("location"), format!("/api/v1/users/{}", registered.id()));
    assert_eq!(registered.body["name"], "Сауле Нурланова");
    assert_eq!(registered.body["company"]["id"], app.ids.company);
    assert_eq!(mail.subject, "Доступ к порталу технической поддержки");
    assert!(mail.body.contains("Здравствуйте, Сауле!"), "{}", mail.body);
    assert!(mail.body.contains("s.nurlanova@helpdesk.example"), "{}", mail.body);
    assert!(mail.body.contains("https://portal.example/sign-in"), "{}", mail.body);
    assert!(mail.html.contains("Войти на портал"), "{}", mail.html);
    assert_eq!(mail.headers["auto-submitted"], "auto-generated");
    let signed_in = app.sign_in("s.nurlanova@helpdesk.example", &mail.password()).expect(200);
    assert_eq!(signed_in.body["must_change_password"], true);
    let person = app.with_token(&signed_in.word("access_token"));
    assert_eq!(person.get("/tickets").expect(403).code(), "password_change_required");
    person.changes_password(&mail.password(), PASSWORD).expect(204);
    person.files(app.request()).expect(201);
}

/// 2.1: everybody is written to in their own language.
#[test]
fn c2_1_the_mail_is_in_the_language_of_the_person() {
    let app = TestApp::spawn();

    for (language, subject, words) in [
        ("ru", "Доступ к порталу технической поддержки", "Одноразовый пароль:"),
        ("kk", "Техникалық қолдау порталына кіру", "Бір реттік құпиясөз:"),
        ("en", "Your access to the technical-support portal", "One-time password:"),
    ] {
        let mail = app.mail_to(&app.newcomer(language).email);

        assert_eq!(mail.subject, subject);
        assert!(mail.body.contains(words), "{}", mail.body);
    }
}

/// AU05: the one-time password is in the mail and nowhere else.
#[test]
fn sec_au05_the_one_time_password_is_in_the_mail_alone() {
    let app = TestApp::spawn_with(&[("HELPDESK_LOG", "debug")]);
    let email = "s.nurlanova@helpdesk.example";

    let registered = app.commercial().post("/users", registration(&app, email)).expect(201);
    let password = app.mail_to(email).password();
    app.sign_in(email, &password).expect(200);
    let shown = app.commercial().get(&format!("/users/{}", registered.id())).expect(200);

    let stored = app.table_text("mails");
    let accounts = app.table_text("users");
    for (place, text) in [
        ("the answer", &registered.text),
        ("the account", &shown.text),
        ("the queue", &stored),
        ("the table", &accounts),
        ("the log", &app.server.log()),
    ] {
        assert!(!text.contains(&password), "{place}: {text}");
    }
    assert!(accounts.contains("$argon2id$v=19$m=19456,t=2,p=1$"), "{accounts}");
    assert!(!shown.text.contains("argon2"), "{}", shown.text);
}

/// AU05: mail in the folder is readable by the service alone.
#[test]
fn sec_au05_mail_in_the_folder_is_private() {
    let app = TestApp::spawn();
    app.newcomer("ru");
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;

    let folder = app.server.data_dir.join("mail");
    let files: Vec<_> = folder.read_dir().unwrap().map(|it| it.unwrap().path()).collect();

    assert_eq!(mode(&folder), 0o700);
    assert_eq!(files.len(), 1);
    assert_eq!(mode(&files[0]), 0o600);
}

/// 2.1: everything that is wrong with a registration is reported at once, and nobody is registered.
#[test]
fn c2_1_a_wrong_registration_names_every_field() {
    let app = TestApp::spawn();
    let commercial = app.commercial();
    let people = || app.count("select from users");
    let before = people();

    let empty = commercial.post("/users", json!({ "role": "customer" })).expect(422);
    let wrong = commercial.post("/users", registration(&app, "нет адреса")).expect(422);
    let of_company = |company: Value| {
        let body =
            with(registration(&app, "a@helpdesk.example"), &json!({ "company_id": company }));
        commercial.post("/users", body).expect(422)
    };
    let (lost, homeless) = (of_company(json!(4_000_000)), of_company(Value::Null));

    let required =
        ["/email required", "/first_name required", "/last_name required", "/company_id required"];
    assert_eq!(empty.errors(), required);
    assert_eq!(wrong.errors(), ["/email wrong_format"]);
    assert_eq!(lost.errors(), ["/company_id not_found"]);
    assert_eq!(homeless.errors(), ["/company_id required"]);
    assert_eq!(people(), before);
}

/// IN07: an address is unique whatever the case and form of its letters, those of an international domain, too.
#[test]
fn sec_in07_an_address_is_registered_once() {
    let app = TestApp::spawn();
    let international = registration(&app, "saule@почта.kz");
    app.commercial().post("/users", international).expect(201);

    for email in ["customer@helpdesk.example", "CUSTOMER@Helpdesk.Example", "Saule@xn--80a1acny.kz"]
    {
        let taken = app.commercial().post("/users", registration(&app, email)).expect(409);

        assert_eq!(taken.code(), "already_exists");
        assert_eq!(taken.errors(), ["/email taken"]);
    }
    for email in [" customer@helpdesk.example", "customer\u{200b}@helpdesk.example"] {
        let wrong = app.commercial().post("/users", registration(&app, email)).expect(422);

        assert_eq!(wrong.errors().len(), 1, "{}", wrong.text);
    }
    app.sign_in("customer@helpdesk.example", PASSWORD).expect(200);
}

/// OU07, IN06: nobody can inject a header or a recipient into a mail.
#[test]
fn sec_ou07_a_name_or_an_address_cannot_break_out_of_its_header() {
    let app = TestApp::spawn();
    let commercial = app.commercial();
    let named = json!({ "first_name": "Сауле\r\nBcc: thief@helpdesk.example" });
    let named = with(registration(&app, "a@helpdesk.example"), &named);

    let name = commercial.post("/users", named).expect(422);
    let address = registration(&app, "a@helpdesk.example\r\nBcc: thief@helpdesk.example");
    let address = commercial.post("/users", address).expect(422);
    let two = registration(&app, "a@helpdesk.example, thief@helpdesk.example");
    let two = commercial.post("/users", two).expect(422);

    assert_eq!(name.errors(), ["/first_name forbidden_character"]);
    assert_eq!(address.pointers(), ["/email"]);
    assert_eq!(two.errors(), ["/email wrong_format"]);
}
