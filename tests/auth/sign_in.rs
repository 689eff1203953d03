//! Signing in and out: tokens, sessions, passwords, and how guessing is slowed (6, AU, TK).

use std::time::{Duration, Instant};

use argon2::password_hash::PasswordHasher as _;
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Person, Reply, TestApp, document};

/// 2.1: whoever signs in gets a pair of tokens and is known by it.
#[test]
fn c2_1_a_person_signs_in() {
    let app = TestApp::spawn();
    let customer = app.customer();

    let signed_in = app.sign_in(&customer.email, PASSWORD).expect(200);

    assert_eq!(signed_in.body["token_type"], "Bearer");
    assert_eq!(signed_in.body["expires_in"], 86_400);
    assert_eq!(signed_in.body["must_change_password"], false);
    assert_eq!(signed_in.header("cache-control"), "no-store");
    let me = app.with_token(&signed_in.word("access_token")).get("/me").expect(200);
    assert_eq!(me.id(), customer.id);
    assert_eq!(me.body["role"], "customer");
    assert_eq!(me.body["company"]["name"], "Сары-Арка Телеком");
    let operations = me.body["operations"].as_array().unwrap();
    assert!(operations.contains(&json!("tickets_create")));
    assert!(!operations.contains(&json!("users_create")));
}

/// IN07: the login is the same in capital and in full-width letters.
#[test]
fn sec_in07_the_case_of_a_login_does_not_matter() {
    let app = TestApp::spawn();

    app.sign_in("CUSTOMER@Helpdesk.Example", PASSWORD).expect(200);
    app.sign_in(" customer@helpdesk.example ", PASSWORD).expect(200);
    app.sign_in("ｃｕｓｔｏｍｅｒ@helpdesk.example", PASSWORD).expect(200);
}

/// AU01: nobody learns from a failed sign-in who has an account.
#[test]
fn sec_au01_every_failed_sign_in_gets_the_same_answer() {
    let app = TestApp::spawn();
    let stranger = app.stranger();
    app.commercial().post(&format!("/users/{}/deactivate", stranger.id), json!({})).expect(204);

    let unknown = app.sign_in("nobody@helpdesk.example", PASSWORD).expect(401);
    let wrong = app.sign_in(&app.customer().email, "не тот пароль").expect(401);
    let deactivated = app.sign_in(&stranger.email, PASSWORD).expect(401);

    assert_eq!(unknown.code(), "invalid_credentials");
    assert_eq!(wrong.but_for_its_id(), unknown.but_for_its_id());
    assert_eq!(deactivated.but_for_its_id(), unknown.but_for_its_id());
}

/// AU01: nor from how long it takes, as the hash is computed in any case.
#[test]
fn sec_au01_a_failed_sign_in_takes_as_long_without_an_account() {
    let app = TestApp::spawn();
    let median = |email: &str| {
        let mut took: Vec<Duration> = (0..9)
            .map(|_| {
                app.sql("delete from sign_in_attempts");
                let started = Instant::now();
                app.sign_in(email, "не тот пароль").expect(401);
                started.elapsed()
            })
            .collect();
        took.sort_unstable();
        took[4]
    };

    let (known, unknown) = (median(&app.customer().email), median("nobody@helpdesk.example"));

    assert!(unknown * 3 > known && known * 3 > unknown, "{known:?} {unknown:?}");
}

/// AU04: guessing is slowed for the account that is guessed at, and for no other.
#[test]
fn sec_au04_repeated_failures_are_slowed_down() {
    let app = TestApp::spawn();
    let email = app.customer().email;
    let guess = || app.sign_in(&email, "не тот пароль").status;

    let failed = (0..12).take_while(|_| guess() == 401).count();
    app.sql(
        "update sign_in_attempts set failures = 12, last_at = now() where key like 'account:%'",
    );

    assert!((5..12).contains(&failed), "{failed} free attempts");
    let correct = app.sign_in(&email, PASSWORD).expect(429);
    assert_eq!(correct.code(), "too_many_attempts");
    let wait: u64 = correct.header("retry-after").parse().unwrap();
    assert!((1..=64).contains(&wait), "{wait} s");
    app.sign_in(&app.colleague().email, PASSWORD).expect(200);
    app.customer().get("/me").expect(200);
}

/// AU04: the delay passes, and a success forgets the failures.
#[test]
fn sec_au04_after_the_delay_the_owner_signs_in() {
    let app = TestApp::spawn();
    let email = app.customer().email;
    app.sign_in(&email, "не тот пароль").expect(401);
    app.sql("update sign_in_attempts set failures = 1000 where key like 'account:%'");
    app.sign_in(&email, PASSWORD).expect(429);

    app.sql("update sign_in_attempts set last_at = last_at - interval '15 minutes'");
    app.sign_in(&email, PASSWORD).expect(200);

    app.sign_in(&email, "не тот пароль").expect(401);
    app.sign_in(&email, PASSWORD).expect(200);
}

/// AU04: whoever guesses at many accounts from one address is slowed, too; a header of their own
/// making does not help (RS03).
#[test]
fn sec_au04_rs03_an_address_is_slowed_whatever_it_forwards() {
    let app = TestApp::spawn();
    app.sign_in("nobody@helpdesk.example", PASSWORD).expect(401);
    app.sql("update sign_in_attempts set failures = 60 where key like 'address:%'");

    let body = json!({ "email": app.colleague().email, "password": PASSWORD }).to_string();
    let headers = [("content-type", "application/json"), ("x-forwarded-for", "203.0.113.7")];
    let forged =
        app.anonymous().send("POST", "/auth/login", &headers, Some(body.as_bytes())).expect(429);

    assert_eq!(forged.code(), "too_many_attempts");
}

/// RS03: a proxy that is trusted tells the address; what a client puts before it counts nothing.
#[test]
fn sec_rs03_a_trusted_proxy_tells_the_address() {
    let proxies = ("HELPDESK_TRUSTED_PROXIES", "127.0.0.1,198.51.100.2");
    let app = TestApp::spawn_with(&[proxies]);
    let body = json!({ "email": "nobody@helpdesk.example", "password": "x" }).to_string();

    for forwarded in ["203.0.113.7", "192.0.2.1, 203.0.113.7, 198.51.100.2", "x, 203.0.113.7"] {
        let headers = [("content-type", "application/json"), ("x-forwarded-for", forwarded)];
        app.anonymous().send("POST", "/auth/login", &headers, Some(body.as_bytes())).expect(401);
    }

    let counted = "select key, failures from sign_in_attempts
        where key like 'address:%' and failures > 0";
    assert_eq!(app.read(counted), ["(address:203.0.113.7,3)"]);
}

/// AU02: a password that was hashed with weaker parameters is hashed anew at the next sign-in, and
/// stays the same.
#[test]
fn sec_au02_a_weak_hash_is_renewed_by_signing_in() {
    let app = TestApp::spawn();
    let email = app.customer().email;
    let parameters = Params::new(8 * 1024, 1, 1, None).unwrap();
    let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
    let weak: PasswordHash = weak.hash_password(PASSWORD.as_bytes()).unwrap();
    app.sql(&format!("update users set password_hash = '{weak}' where email = '{email}'"));
    let kept = || app.read(&format!("select password_hash from users where email = '{email}'"));

    app.sign_in(&email, "не тот пароль").expect(401);
    assert!(kept()[0].contains("m=8192,t=1"), "{:?}", kept());
    app.sign_in(&email, PASSWORD).expect(200);

    let renewed = kept();
    assert!(renewed[0].contains("$argon2id$v=19$m=19456,t=2,p=1$"), "{renewed:?}");
    app.sign_in(&email, PASSWORD).expect(200);
    assert_eq!(kept(), renewed);
}

/// TK03: a refresh token is good once.
#[test]
fn sec_tk03_refreshing_voids_the_old_token() {
    let app = TestApp::spawn();
    let first = app.sign_in(&app.customer().email, PASSWORD).expect(200);

    let second = app.refresh(&first.word("refresh_token")).expect(200);
    let again = app.refresh(&first.word("refresh_token")).expect(401);

    assert_eq!(again.code(), "invalid_refresh_token");
    assert_ne!(second.word("refresh_token"), first.word("refresh_token"));
    app.with_token(&second.word("access_token")).get("/me").expect(200);
    app.refresh(&second.word("refresh_token")).expect(200);
}

/// TK03: a token that is used again later than the grace was stolen, so the session ends.
#[test]
fn sec_tk03_reuse_after_the_grace_ends_the_session() {
    let app = TestApp::spawn();
    let first = app.sign_in(&app.customer().email, PASSWORD).expect(200);
    let second = app.refresh(&first.word("refresh_token")).expect(200);

    app.sql("update refresh_tokens set used_at = used_at - interval '11 seconds'");
    app.refresh(&first.word("refresh_token")).expect(401);

    app.refresh(&second.word("refresh_token")).expect(401);
    app.with_token(&second.word("access_token")).get("/me").expect(401);
    app.with_token(&first.word("access_token")).get("/me").expect(401);
    app.customer().get("/me").expect(200);
}

/// TK03: two tabs refresh at once; one of them gets the next pair.
#[test]
fn sec_tk03_of_parallel_refreshes_one_succeeds() {
    let app = TestApp::spawn();
    let token = app.sign_in(&app.customer().email, PASSWORD).expect(200).word("refresh_token");

    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let refreshes: Vec<_> =
            (0..8).map(|_| scope.spawn(|| app.refresh(&token).status)).collect();
        refreshes.into_iter().map(|it| it.join().unwrap()).collect()
    });

    assert_eq!(statuses.iter().filter(|it| **it == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|it| **it == 401).count(), 7, "{statuses:?}");
}

/// TK05: what has run out is void, tokens and sessions alike.
#[test]
fn sec_tk05_lifetimes_are_enforced() {
    let app = TestApp::spawn();
    let idle = app.sign_in(&app.customer().email, PASSWORD).expect(200);
    let old = app.sign_in(&app.colleague().email, PASSWORD).expect(200);

    app.sql("update refresh_tokens set expires_at = now()");
    app.refresh(&idle.word("refresh_token")).expect(401);
    app.with_token(&idle.word("access_token")).get("/me").expect(200);
    app.sql("update refresh_tokens set expires_at = now() + interval '1 day'");
    app.sql("update sessions set expires_at = now()");

    app.refresh(&old.word("refresh_token")).expect(401);
    app.with_token(&old.word("access_token")).get("/me").expect(401);
}

/// TK04: who signs out is out at once, in this session alone.
#[test]
fn sec_tk04_signing_out_voids_the_tokens_at_once() {
    let app = TestApp::spawn();
    let signed_in = app.sign_in(&app.customer().email, PASSWORD).expect(200);
    let person = app.with_token(&signed_in.word("access_token"));

    person.send("POST", "/auth/logout", &[], None).expect(204);

    assert_eq!(person.get("/me").expect(401).code(), "unauthenticated");
    app.refresh(&signed_in.word("refresh_token")).expect(401);
    app.customer().get("/me").expect(200);
}

/// AZ08, TK04: deactivation takes effect on the next request, whatever one holds.
#[test]
fn sec_az08_a_deactivated_account_is_out_at_once() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let signed_in = app.sign_in(&customer.email, PASSWORD).expect(200);

    app.commercial().post(&format!("/users/{}/deactivate", customer.id), json!({})).expect(204);

    customer.get("/me").expect(401);
    app.with_token(&signed_in.word("access_token")).get("/tickets").expect(401);
    app.refresh(&signed_in.word("refresh_token")).expect(401);
    app.sign_in(&customer.email, PASSWORD).expect(401);
}

/// 2.1, AU05: before the one-time password is replaced nothing else works.
#[test]
fn c2_1_the_first_sign_in_must_change_the_password() {
    const OPEN_TO_NEWCOMERS: &[&str] = &[
        "auth_login",
        "auth_refresh",
        "auth_logout",
        "auth_password_change",
        "auth_password_reset_request",
        "auth_password_reset_confirm",
        "me_get",
        "me_update",
        "reference_get",
    ];
    let app = TestApp::spawn();
    let newcomer = app.newcomer("ru");
    let signed_in = app.sign_in(&newcomer.email, &newcomer.password).expect(200);
    let person = app.with_token(&signed_in.word("access_token"));

    let refused = |(path, method, operation): (String, String, &Value)| {
        let id = operation["operationId"].as_str().unwrap();
        let path = path
            .replace("{id}", "1")
            .replace("{user_id}", "1")
            .replace("{delivery_id}", "1")
            .replace("{other_id}", "2")
            .replace("/api/v1", "");
        let answer = || person.send(&method.to_uppercase(), &path, &[], None);
        OPEN_TO_NEWCOMERS.contains(&id) || answer().code() == "password_change_required"
    };
    let open: Vec<_> = operations().filter(|it| !refused(it.clone())).map(|it| it.0).collect();

    assert_eq!(signed_in.body["must_change_password"], true);
    assert!(open.is_empty(), "{open:?}");
    assert_eq!(person.get("/me").expect(200).body["must_change_password"], true);
    person.patch("/me", json!({ "language": "kk" })).expect(200);
    let refreshed = app.refresh(&signed_in.word("refresh_token")).expect(200);
    assert_eq!(refreshed.body["must_change_password"], true);
    change(&person, &newcomer.password, PASSWORD).expect(204);
    person.get("/tickets").expect(200);
    person.send("POST", "/auth/logout", &[], None).expect(204);
}

fn operations() -> impl Iterator<Item = (String, String, &'static Value)> {
    document()["paths"].as_object().unwrap().iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(|(method, it)| (path.clone(), method.clone(), it))
    })
}

fn change(person: &Person, current: &str, new: &str) -> Reply {
    person.post("/auth/password", json!({ "current_password": current, "new_password": new }))
}

/// AU05: the one-time password is good for a day, and no longer once it is replaced.
#[test]
fn sec_au05_the_one_time_password_runs_out() {
    let app = TestApp::spawn();
    let (late, early) = (app.newcomer("ru"), app.newcomer("ru"));
    let lifetime = "extract(epoch from password_expires_at - now()) / 3600 between 23.9 and 24";
    let query = format!("select {lifetime} from users where id = {}", late.id);
    assert_eq!(app.read(&query), ["(t)"]);

    app.sql(&format!("update users set password_expires_at = now() where id = {}", late.id));
    let token = app.sign_in(&early.email, &early.password).expect(200).word("access_token");
    change(&app.with_token(&token), &early.password, PASSWORD).expect(204);

    assert_eq!(app.sign_in(&late.email, &late.password).expect(401).code(), "invalid_credentials");
    app.sign_in(&early.email, &early.password).expect(401);
    app.sign_in(&early.email, PASSWORD).expect(200);
}

/// AU03: what is too short, too long, easily guessed or the same as before is refused.
#[test]
fn sec_au03_a_bad_password_is_refused() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let code = |current: &str, new: &str| change(&customer, current, new).expect(422).errors();

    assert_eq!(code(PASSWORD, "коротко"), ["/new_password too_short"]);
    assert_eq!(code(PASSWORD, &"длинно".repeat(22)), ["/new_password too_long"]);
    assert_eq!(code(PASSWORD, "password1"), ["/new_password weak_password"]);
    assert_eq!(code(PASSWORD, "Helpdesk-2026"), ["/new_password weak_password"]);
    assert_eq!(code(PASSWORD, "customer"), ["/new_password weak_password"]);
    assert_eq!(code(PASSWORD, "customer@helpdesk.example"), ["/new_password weak_password"]);
    assert_eq!(code(PASSWORD, PASSWORD), ["/new_password repeated"]);
    assert_eq!(code("не тот пароль", "другой вечер у реки"), ["/current_password wrong_password"]);
    app.sign_in(&customer.email, PASSWORD).expect(200);
}

/// AU03: any Unicode will do, and how its letters are composed does not matter.
#[test]
fn sec_au03_a_password_is_compared_by_its_letters() {
    let app = TestApp::spawn();
    let customer = app.customer();

    change(&customer, PASSWORD, "й и\u{306} ё — 🌊🌊🌊").expect(204);

    app.sign_in(&customer.email, "и\u{306} й е\u{308} — 🌊🌊🌊").expect(200);
}

/// TK04: a new password ends all other sessions.
#[test]
fn sec_tk04_a_password_change_ends_the_other_sessions() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let other = app.sign_in(&customer.email, PASSWORD).expect(200);

    change(&customer, PASSWORD, "другой вечер у реки").expect(204);

    customer.get("/me").expect(200);
    app.with_token(&other.word("access_token")).get("/me").expect(401);
    app.refresh(&other.word("refresh_token")).expect(401);
    app.sign_in(&customer.email, PASSWORD).expect(401);
    app.sign_in(&customer.email, "другой вечер у реки").expect(200);
}

/// AU09: addresses end up in logs, so nothing secret is taken from one.
#[test]
fn sec_au09_nothing_secret_is_taken_from_the_query() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let token = &customer.token;

    app.anonymous().get(&format!("/me?access_token={token}")).expect(401);
    app.anonymous().get(&format!("/me?token={token}")).expect(401);
    let path = format!("/auth/login?email={}&password=x", customer.email);
    let login = app.anonymous().post(&path, json!({})).expect(400);

    assert_eq!(login.code(), "unknown_parameter");
}

/// TK01: a token that we have not signed as it stands is refused.
#[test]
fn sec_tk01_a_forged_token_is_refused() {
    let app = TestApp::spawn();
    let good = app.customer().token;
    let parts: Vec<&str> = good.split('.').collect();
    let encoded = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let mut claims: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    claims["sub"] = json!(app.admin().id.to_string());
    let unsigned = encoded(json!({ "alg": "none", "typ": "at+jwt", "kid": "tests" }));

    let forged = [
        format!("{unsigned}.{}.", parts[1]),
        format!("{unsigned}.{}.{}", parts[1], parts[2]),
        format!("{}.{}.{}", parts[0], encoded(claims), parts[2]),
        format!("{}.{}.{}", parts[0], parts[1], parts[2].chars().rev().collect::<String>()),
        format!("{}.{}", parts[0], parts[1]),
        format!("{good}{}", "x".repeat(9000)),
        "x".to_owned(),
    ];

    for token in forged {
        let answer = app.with_token(&token).get("/me").expect(401);
        assert_eq!(answer.code(), "unauthenticated", "{token}");
        assert!(answer.header("www-authenticate").starts_with("Bearer "), "{token}");
    }
    let basic = format!("Basic {good}");
    app.anonymous().send("GET", "/me", &[("authorization", &basic)], None).expect(401);
    let lower = format!("bearer {good}");
    app.anonymous().send("GET", "/me", &[("authorization", &lower)], None).expect(200);
}
