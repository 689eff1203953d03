//! Forgotten passwords, and the notice that a password was changed (6, AU05-AU07).

use serde_json::json;

use crate::support::{Mail, PASSWORD, Response, TestApp, at_once, wait_until};

const NEW_PASSWORD: &str = "другой вечер у реки";

fn request(app: &TestApp, email: &str) -> Response {
    app.anonymous().post("/auth/password-reset", json!({ "email": email }))
}

fn confirm(app: &TestApp, token: &str, new_password: &str) -> Response {
    let body = json!({ "token": token, "new_password": new_password });
    app.anonymous().post("/auth/password-reset/confirm", body)
}

/// The token that a mail brings.
fn token(mail: &Mail) -> String {
    let mut words = mail.body.split_whitespace();
    let found = words.find(|it| it.starts_with("hd_reset_"));
    found.unwrap_or_else(|| panic!("no token: {}", mail.body)).to_owned()
}

/// 6: a forgotten password is replaced by mail; every session and token ends, and the person is
/// notified.
#[test]
fn s6_a_forgotten_password_is_replaced_by_mail() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let signed_in = app.sign_in(&customer.email, PASSWORD).expect(200);
    let script = customer.script(&["tickets:read"]);

    request(&app, &customer.email.to_uppercase()).expect(202);
    let token = token(&app.mails_to(&customer.email, 1)[0]);
    customer.get("/me").expect(200);
    confirm(&app, &token, NEW_PASSWORD).expect(204);

    app.sign_in(&customer.email, PASSWORD).expect(401);
    customer.get("/me").expect(401);
    app.refresh(&signed_in.word("refresh_token")).expect(401);
    script.get("/me").expect(401);
    let signed_in = app.sign_in(&customer.email, NEW_PASSWORD).expect(200);
    assert_eq!(signed_in.body["must_change_password"], false);
    assert_eq!(
        confirm(&app, &token, "третий вечер у реки").expect(401).code(),
        "invalid_reset_token"
    );
    let notice = &app.mails_to(&customer.email, 2)[1];
    assert_eq!(notice.subject, "Пароль портала технической поддержки изменен");
    app.colleague().get("/me").expect(200);
}

/// 6: the mail is in the person's language and leads to the portal's page with the token.
#[test]
fn s6_the_mail_is_in_the_language_of_the_person() {
    let page = "https://portal.example/reset?token=";
    let app = TestApp::spawn_with(&[("HELPDESK_RESET_URL", &format!("{page}{{token}}"))]);
    for (person, language, subject) in [
        (app.customer(), "ru", "Смена пароля на портале технической поддержки"),
        (app.colleague(), "kk", "Техникалық қолдау порталында құпиясөзді ауыстыру"),
        (app.engineer(), "en", "Your new password for the technical-support portal"),
    ] {
        person.speaks(language);

        request(&app, &person.email).expect(202);
        let mail = &app.mails_to(&person.email, 1)[0];

        assert_eq!(mail.subject, subject);
        assert!(mail.body.contains(&format!("{page}{}", token(mail))), "{}", mail.body);
        assert!(!mail.body.contains("/api/"), "{}", mail.body);
    }
}

/// AU06: a request does not reveal who has an account: the same response, the same work.
#[test]
fn sec_au06_a_request_does_not_reveal_who_has_an_account() {
    let app = TestApp::spawn();
    let stranger = app.stranger();
    app.commercial().deactivates(&stranger);
    // The least of several: jobs send some statements now and then.
    let cost = |email: &str| {
        let tries = (0..3).map(|_| {
            let before = app.statements();
            let response = request(&app, email).expect(202);
            (app.statements() - before, response.text, response.headers.len())
        });
        tries.min().unwrap()
    };

    let known = cost(&app.customer().email);
    let unknown = cost("nobody@helpdesk.example");
    let deactivated = cost(&stranger.email);

    assert_eq!(unknown, known);
    assert_eq!(deactivated, known);
    app.mails_to(&app.customer().email, 1);
    wait_until("no request waits", || app.count("select from password_reset_requests") == 0);
    wait_until("no mail waits", || app.waiting_mails() == 0);
    assert!(app.mails(1).iter().all(|it| it.to == app.customer().email));
}

/// AU05: only the newest token is valid, for an hour; it is in the mail and nowhere else.
#[test]
fn sec_au05_the_newest_token_is_good_for_an_hour() {
    let app = TestApp::spawn_with(&[("HELPDESK_LOG", "debug")]);
    let email = app.customer().email;

    request(&app, &email).expect(202);
    let first = token(&app.mails_to(&email, 1)[0]);
    request(&app, &email).expect(202);
    let second = token(&app.mails_to(&email, 2)[1]);

    assert!(second.len() >= 9 + 22, "{second}");
    let lifetime = "extract(epoch from expires_at - now()) / 60 between 59 and 60";
    assert!(app.value::<bool>(&format!("select {lifetime} from password_resets")));
    confirm(&app, &first, NEW_PASSWORD).expect(401);
    app.sql("update password_resets set expires_at = now()");
    confirm(&app, &second, NEW_PASSWORD).expect(401);
    confirm(&app, "hd_reset_", NEW_PASSWORD).expect(401);
    app.sql("update password_resets set expires_at = now() + interval '1 minute'");
    confirm(&app, &second, NEW_PASSWORD).expect(204);
    let rows = app.table_text("mails");
    for (place, text) in [("the queue", &rows), ("the log", &app.server.log())] {
        assert!(!text.contains(&second), "{place}: {text}");
    }
    let hash = format!("select 1 from password_resets where hash = sha256('{second}')");
    assert_eq!(app.count(&hash), 0, "it is used up");
}

/// AU03: a password that is easily guessed is refused here, too, and the token stays valid.
#[test]
fn sec_au03_a_weak_new_password_is_refused() {
    let app = TestApp::spawn();
    let email = app.customer().email;
    request(&app, &email).expect(202);
    let token = token(&app.mails_to(&email, 1)[0]);

    let weak = confirm(&app, &token, "Helpdesk-2026").expect(422);
    let short = confirm(&app, &token, "коротко").expect(422);

    assert_eq!(weak.errors(), ["/new_password weak_password"]);
    assert_eq!(short.errors(), ["/new_password too_short"]);
    confirm(&app, &token, NEW_PASSWORD).expect(204);
}

/// AU05: of several uses of a token at once, one sets the password.
#[test]
fn sec_au05_a_token_is_good_once() {
    let app = TestApp::spawn();
    let email = app.customer().email;
    request(&app, &email).expect(202);
    let token = token(&app.mails_to(&email, 1)[0]);

    let mut statuses =
        at_once(4, |number| confirm(&app, &token, &format!("вечер {number} у реки")).status);

    statuses.sort_unstable();
    assert_eq!(statuses, [204, 401, 401, 401]);
}

/// AU04: requests are slowed down per account and per address, whether the account exists or not,
/// and do not get in the way of signing in.
#[test]
fn sec_au04_requests_are_slowed_down() {
    let app = TestApp::spawn();
    let email = app.customer().email;
    let free = |email: &str| (0..12).take_while(|_| request(&app, email).status == 202).count();

    let (known, unknown) = (free(&email), free("nobody@helpdesk.example"));
    let slowed = request(&app, &email);

    assert!((3..12).contains(&known), "{known}");
    assert_eq!(unknown, known);
    assert_eq!(slowed.expect(429).code(), "too_many_attempts");
    app.sign_in(&email, PASSWORD).expect(200);
    app.sql(
        "update sign_in_attempts set failures = 60, last_at = now() where key like '%address%'",
    );
    request(&app, &app.colleague().email).expect(429);
    confirm(&app, "hd_reset_x", NEW_PASSWORD).expect(429);
}

/// AU07: a changed password is announced by mail.
#[test]
fn sec_au07_a_changed_password_is_announced_by_mail() {
    let app = TestApp::spawn();
    let customer = app.customer();

    customer.changes_password(PASSWORD, NEW_PASSWORD).expect(204);

    let notice = app.mail_to(&customer.email);
    assert_eq!(notice.subject, "Пароль портала технической поддержки изменен");
    assert!(!notice.body.contains(NEW_PASSWORD));
}
