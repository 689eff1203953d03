//! Registration by the commercial department, and the mail that brings the access data (2.1).

use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use crate::support::{MailServer, PASSWORD, Server, TestApp, wait_until};

fn registration(app: &TestApp, email: &str) -> Value {
    json!({
        "role": "customer", "first_name": "Сауле", "last_name": "Нурланова", "email": email,
        "company_id": app.ids.company,
    })
}

/// 2.1: the commercial department registers an employee of a customer, who gets the access data
/// by mail and replaces the password at the first sign-in.
#[test]
fn c2_1_a_registered_employee_gets_the_access_data_by_mail() {
    let app = TestApp::spawn();
    let registration = registration(&app, "s.nurlanova@helpdesk.example");

    let registered = app.commercial().post("/users", registration).expect(201);
    let mail = app.mail_to("s.nurlanova@helpdesk.example");

    assert_eq!(registered.header("location"), format!("/api/v1/users/{}", registered.id()));
    assert_eq!(registered.body["name"], "Сауле Нурланова");
    assert_eq!(registered.body["company"]["id"], app.ids.company);
    assert_eq!(mail.subject, "Доступ к порталу технической поддержки");
    assert!(mail.body.contains("Здравствуйте, Сауле!"), "{}", mail.body);
    assert!(mail.body.contains("s.nurlanova@helpdesk.example"), "{}", mail.body);
    assert!(mail.body.contains(&format!("http://{}", app.server.client.address)));
    assert_eq!(mail.headers["auto-submitted"], "auto-generated");
    let signed_in = app.sign_in("s.nurlanova@helpdesk.example", &mail.password()).expect(200);
    assert_eq!(signed_in.body["must_change_password"], true);
    let person = app.with_token(&signed_in.word("access_token"));
    assert_eq!(person.get("/tickets").expect(403).code(), "password_change_required");
    let change = json!({ "current_password": mail.password(), "new_password": PASSWORD });
    person.post("/auth/password", change).expect(204);
    person.post("/tickets", app.request()).expect(201);
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

    let stored = app.read("select mails from mails").join("\n");
    let accounts = app.read("select users from users").join("\n");
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

/// AU05: what lies in the folder is for the service alone to read.
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

/// 2.1: whoever registers is told everything that is wrong, and nobody is registered.
#[test]
fn c2_1_a_wrong_registration_names_every_field() {
    let app = TestApp::spawn();
    let commercial = app.commercial();
    let people = || app.read("select id from users").len();
    let before = people();

    let empty = commercial.post("/users", json!({ "role": "customer" })).expect(422);
    let wrong = commercial.post("/users", registration(&app, "нет адреса")).expect(422);
    let mut lost = registration(&app, "a@helpdesk.example");
    lost["company_id"] = json!(4_000_000);
    let lost = commercial.post("/users", lost).expect(422);
    let mut homeless = registration(&app, "a@helpdesk.example");
    homeless["company_id"] = Value::Null;
    let homeless = commercial.post("/users", homeless).expect(422);

    assert_eq!(empty.errors(), ["/email required", "/first_name required", "/last_name required"]);
    assert_eq!(wrong.errors(), ["/email wrong_format"]);
    assert_eq!(lost.errors(), ["/company_id not_found"]);
    assert_eq!(homeless.errors(), ["/company_id required"]);
    assert_eq!(people(), before);
}

/// IN07: an address is taken in whatever case and form of its letters.
#[test]
fn sec_in07_an_address_is_registered_once() {
    let app = TestApp::spawn();

    for email in
        ["customer@helpdesk.example", "CUSTOMER@Helpdesk.Example", " customer@helpdesk.example"]
    {
        let taken = app.commercial().post("/users", registration(&app, email)).expect(409);

        assert_eq!(taken.code(), "already_exists");
        assert_eq!(taken.errors(), ["/email taken"]);
    }
    app.sign_in("customer@helpdesk.example", PASSWORD).expect(200);
}

/// OU07, IN06: nobody gets a header or a recipient into a mail.
#[test]
fn sec_ou07_a_name_or_an_address_cannot_break_out_of_its_header() {
    let app = TestApp::spawn();
    let commercial = app.commercial();
    let mut named = registration(&app, "a@helpdesk.example");
    named["first_name"] = json!("Сауле\r\nBcc: thief@helpdesk.example");

    let name = commercial.post("/users", named).expect(422);
    let address = registration(&app, "a@helpdesk.example\r\nBcc: thief@helpdesk.example");
    let address = commercial.post("/users", address).expect(422);
    let two = registration(&app, "a@helpdesk.example, thief@helpdesk.example");
    let two = commercial.post("/users", two).expect(422);

    assert_eq!(name.errors(), ["/first_name forbidden_character"]);
    assert_eq!(address.pointers(), ["/email"]);
    assert_eq!(two.errors(), ["/email wrong_format"]);
}

/// 2.1: an invitation voids the present password and every session, and brings a new one.
#[test]
fn c2_1_an_invitation_replaces_the_password() {
    let app = TestApp::spawn();
    let customer = app.customer();

    app.commercial().send("POST", &format!("/users/{}/invite", customer.id), &[], None).expect(202);

    app.sign_in(&customer.email, PASSWORD).expect(401);
    customer.get("/me").expect(401);
    let password = app.mail_to(&customer.email).password();
    let signed_in = app.sign_in(&customer.email, &password).expect(200);
    assert_eq!(signed_in.body["must_change_password"], true);
}

/// 2.1: an invitation opens a closed account again.
#[test]
fn c2_1_an_invitation_brings_somebody_back() {
    let app = TestApp::spawn();
    let (commercial, customer) = (app.commercial(), app.customer());
    let path = format!("/users/{}", customer.id);
    commercial.post(&format!("{path}/deactivate"), json!({})).expect(204);
    let closed = commercial.get(&path).expect(200);

    commercial.send("POST", &format!("{path}/invite"), &[], None).expect(202);

    let open = commercial.get(&path).expect(200);
    assert_eq!(closed.body["is_active"], false);
    assert_eq!(open.body["is_active"], true);
    assert!(open.body["version"].as_i64() > closed.body["version"].as_i64());
    app.sign_in(&customer.email, &app.mail_to(&customer.email).password()).expect(200);
}

/// 2.1, AU07: a new address gets new access data; the old ones are void, and the old address is
/// told so, without a word of the new one.
#[test]
fn c2_1_a_changed_address_gets_new_access_data() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let path = format!("/users/{}", customer.id);

    let patch = json!({ "email": "new@helpdesk.example" });
    app.commercial().patch(&path, patch).expect(200);

    customer.get("/me").expect(401);
    app.sign_in(&customer.email, PASSWORD).expect(401);
    app.sign_in("new@helpdesk.example", PASSWORD).expect(401);
    let password = app.mail_to("new@helpdesk.example").password();
    app.sign_in("new@helpdesk.example", &password).expect(200);
    let farewell = app.mail_to(&customer.email);
    assert_eq!(farewell.subject, "Адрес вашей учетной записи изменен");
    assert!(farewell.body.contains("Здравствуйте, Айгуль!"), "{}", farewell.body);
    for secret in ["new@helpdesk.example", &password] {
        assert!(!farewell.body.contains(secret), "{}", farewell.body);
    }
}

/// 2.1: any other change of an account leaves the access data as they are.
#[test]
fn c2_1_a_changed_name_sends_nothing() {
    let app = TestApp::spawn();
    let customer = app.customer();

    let patch = json!({ "last_name": "Ахметова", "email": "Customer@helpdesk.example" });
    let changed = app.commercial().patch(&format!("/users/{}", customer.id), patch).expect(200);

    assert_eq!(changed.body["name"], "Айгуль Ахметова");
    assert_eq!(changed.body["email"], "Customer@helpdesk.example");
    customer.get("/me").expect(200);
    app.sign_in(&customer.email, PASSWORD).expect(200);
    assert_eq!(app.read("select id from mails where sent_at is null").len(), 0);
}

/// 2.1: over SMTP the mail arrives, once, and to nobody else.
#[test]
fn c2_1_the_mail_arrives_over_smtp_once() {
    let post = MailServer::running();
    let app = TestApp::spawn_with(&[
        ("HELPDESK_SMTP_URL", &post.url()),
        ("HELPDESK_MAIL_FROM", "Поддержка <support@helpdesk.example>"),
        ("HELPDESK_PUBLIC_URL", "https://help.example/"),
    ]);

    let email = "s.nurlanova@helpdesk.example";
    app.commercial().post("/users", registration(&app, email)).expect(201);
    wait_until("the mail is marked as sent", || unsent(&app) == 0);

    let received = post.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].to, email);
    assert!(received[0].headers["from"].ends_with("<support@helpdesk.example>"));
    assert!(received[0].body.contains("https://help.example\r\n"), "{}", received[0].body);
    app.sign_in(email, &received[0].password()).expect(200);
    assert!(!app.server.data_dir.join("mail").exists());
}

fn unsent(app: &TestApp) -> usize {
    app.read("select id from mails where sent_at is null").len()
}

/// SV09: while the mail server is down registration works, and the mail goes out later.
#[test]
fn sec_sv09_mail_waits_for_the_mail_server() {
    let post = MailServer::stopped();
    let app = TestApp::spawn_with(&[("HELPDESK_SMTP_URL", &post.url())]);
    let email = "s.nurlanova@helpdesk.example";

    app.commercial().post("/users", registration(&app, email)).expect(201);
    wait_until("an attempt has failed", || {
        app.read("select id from mails where last_error is not null").len() == 1
    });
    post.start();
    wait_until("the mail is marked as sent", || unsent(&app) == 0);

    assert_eq!(post.received().len(), 1);
    app.sign_in(email, &post.received()[0].password()).expect(200);
}

/// SV04: two processes send every mail once between them.
#[test]
fn sec_sv04_two_processes_send_each_mail_once() {
    let post = MailServer::running();
    let settings = [("HELPDESK_SMTP_URL", post.url())];
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    let app = TestApp::spawn_with(&settings);
    let _second = Server::start(&app.database_url(), &settings);

    for number in 0..6 {
        let email = format!("person-{number}@helpdesk.example");
        app.commercial().post("/users", registration(&app, &email)).expect(201);
    }
    wait_until("all mails are marked as sent", || unsent(&app) == 0);

    let mut recipients: Vec<String> = post.received().into_iter().map(|it| it.to).collect();
    recipients.sort();
    let expected: Vec<String> =
        (0..6).map(|number| format!("person-{number}@helpdesk.example")).collect();
    assert_eq!(recipients, expected);
}
