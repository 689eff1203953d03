//! The audit log: who did what outside the history of tickets (7, CF07, CF08).

use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp, ids};

/// The entries that match a filter, the newest first.
fn entries(app: &TestApp, filter: &str) -> Vec<Value> {
    app.admin().get(&format!("/audit-log?limit=100{filter}")).expect(200).items().to_vec()
}

fn of_action(app: &TestApp, action: &str) -> Vec<Value> {
    entries(app, &format!("&action={action}"))
}

/// Who did it and how it ended.
fn outcome(entry: &Value) -> (&Value, &str, &Value) {
    (&entry["actor"]["id"], entry["outcome"].as_str().unwrap(), &entry["code"])
}

/// CF07: the entry of an edit says who made it, when, from where, and the old and new values.
#[test]
fn sec_cf07_directory_edits_have_old_and_new_values() {
    let app = TestApp::spawn();
    let (commercial, customer) = (app.commercial(), app.customer());
    let path = format!("/users/{}", customer.id);

    let patch = json!({ "last_name": "Ахметова", "language": "kk" });
    let edited = commercial.edits_account(&customer, patch);
    commercial.edits_account(&customer, json!({ "last_name": "Ахметова" }));

    let found = of_action(&app, "users_update");
    assert_eq!(found.len(), 1, "an edit that changes nothing is recorded: {found:?}");
    assert_eq!(outcome(&found[0]), (&json!(commercial.id), "done", &Value::Null));
    assert_eq!(found[0]["target"], path);
    assert_eq!(found[0]["address"], "127.0.0.1");
    assert_eq!(found[0]["request_id"], edited.header("x-request-id"));
    assert!(found[0]["session_id"].is_i64());
    assert_eq!(
        found[0]["changes"],
        json!({
            "last_name": { "from": "Омарова", "to": "Ахметова" },
            "language": { "from": "ru", "to": "kk" },
        })
    );
}

/// CF07: a thing that was created is named, with the request that created it; a refused request
/// leaves nothing.
#[test]
fn sec_cf07_created_things_are_named() {
    let app = TestApp::spawn();
    let commercial = app.commercial();

    let created = commercial.post("/companies", json!({ "name": "Алатау Телеком" })).expect(201);
    commercial.post("/companies", json!({ "name": "Алатау Телеком" })).expect(409);
    commercial.post("/companies", json!({ "name": " " })).expect(422);
    app.customer().post("/companies", json!({ "name": "Чужая" })).expect(403);

    let found = of_action(&app, "companies_create");
    let own: Vec<&Value> = found
        .iter()
        .filter(|it| it["request"].as_str().is_some_and(|it| it.contains("Алатау")))
        .collect();
    assert_eq!(own.len(), 1, "{found:?}");
    assert_eq!(own[0]["target"], format!("/companies/{}", created.id()));
    assert_eq!(own[0]["request"], r#"{"name":"Алатау Телеком"}"#);
}

/// CF07: changed roles, closed accounts and changed teams are recorded, without secrets.
#[test]
fn sec_cf07_rights_and_accounts_are_recorded() {
    let app = TestApp::spawn();
    let (admin, engineer, stranger) = (app.admin(), app.other_engineer(), app.stranger());

    admin.edits_account(&engineer, json!({ "role": "commercial" }));
    let path = format!("/users/{}/deactivate", stranger.id);
    app.commercial().post(&path, json!({})).expect(204);
    let direction = format!("/directions/{}/engineers/{}", app.ids.wifi, app.engineer().id);
    admin.delete(&direction).expect(204);

    let role = &of_action(&app, "users_update")[0];
    assert_eq!(role["changes"]["role"], json!({ "from": "engineer", "to": "commercial" }));
    let closed = &of_action(&app, "users_deactivate")[0];
    assert_eq!(closed["target"], path);
    assert_eq!(closed["changes"], json!({ "is_active": { "from": true, "to": false } }));
    assert_eq!(of_action(&app, "directions_engineers_delete")[0]["target"], direction);
    let all = app.table_text("audit_log");
    assert!(!all.contains("argon2") && !all.contains(PASSWORD), "{all}");
}

/// CF07: sign-ins that succeed and fail, by account and address; signing out; a token used twice.
#[test]
fn sec_cf07_sign_ins_are_recorded() {
    let app = TestApp::spawn();
    let customer = app.customer();

    app.sign_in(&customer.email, "не тот пароль").expect(401);
    app.sign_in("nobody@helpdesk.example", PASSWORD).expect(401);
    app.flush_audit_minutes();
    let signed_in = app.sign_in(&customer.email, PASSWORD).expect(200);
    app.refresh(&signed_in.word("refresh_token")).expect(200);
    app.sql("update refresh_tokens set used_at = used_at - interval '11 seconds'");
    app.refresh(&signed_in.word("refresh_token")).expect(401);
    let again = app.sign_in(&customer.email, PASSWORD).expect(200);
    app.with_token(&again.word("access_token")).signs_out();

    let mine = |it: &&Value| it["address"] == "127.0.0.1";
    let sign_ins = of_action(&app, "auth_login");
    let sign_ins: Vec<&Value> = sign_ins.iter().filter(mine).take(4).collect();
    let id = json!(customer.id);
    assert_eq!(outcome(sign_ins[0]), (&id, "done", &Value::Null));
    assert_eq!(outcome(sign_ins[1]), (&id, "done", &Value::Null));
    assert_eq!(outcome(sign_ins[2]), (&Value::Null, "refused", &json!("invalid_credentials")));
    assert_eq!(outcome(sign_ins[3]), (&id, "refused", &json!("invalid_credentials")));
    let accounts: Vec<&Value> = sign_ins.iter().map(|it| &it["account"]).collect();
    let email = json!(customer.email);
    assert_eq!(accounts, [&email, &email, &json!("nobody@helpdesk.example"), &email]);
    let reused = &of_action(&app, "auth_refresh")[0];
    assert_eq!(outcome(reused), (&id, "refused", &json!("invalid_refresh_token")));
    assert_eq!(reused["session_id"], sign_ins[1]["session_id"]);
    let out = &of_action(&app, "auth_logout")[0];
    assert_eq!(outcome(out), (&id, "done", &Value::Null));
    assert_eq!(out["session_id"], sign_ins[0]["session_id"]);
}

/// CF07: passwords, sessions and API tokens.
#[test]
fn sec_cf07_passwords_sessions_and_tokens_are_recorded() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let change = |current: &str| customer.changes_password(current, "другой вечер у реки");
    app.sign_in(&customer.email, PASSWORD).expect(200);
    let session = customer.get("/me/sessions").expect(200).items()[0]["id"].clone();

    customer.delete(&format!("/me/sessions/{session}")).expect(204);
    let token = customer.makes_api_token(&["tickets:read"]).expect(201);
    let script = app.with_token(&token.word("token"));
    for _ in 0..3 {
        script.post("/tickets", json!({})).expect(403);
    }
    customer.delete(&format!("/me/api-tokens/{}", token.id())).expect(204);
    change("не тот пароль").expect(422);
    change(PASSWORD).expect(204);
    app.anonymous().post("/auth/password-reset", json!({ "email": customer.email })).expect(202);
    app.flush_audit_minutes();

    let of_customer: Vec<Value> = entries(&app, &format!("&actor_id={}", customer.id))
        .into_iter()
        .take_while(|it| it["action"] != "auth_login")
        .collect();
    let actions: Vec<(&str, &str)> = of_customer
        .iter()
        .map(|it| (it["action"].as_str().unwrap(), it["outcome"].as_str().unwrap()))
        .collect();
    assert_eq!(
        actions,
        [
            ("auth_password_reset_request", "done"),
            ("auth_password_change", "done"),
            ("auth_password_change", "refused"),
            ("me_api_tokens_delete", "done"),
            ("tickets_create", "refused"),
            ("me_api_tokens_create", "done"),
            ("me_sessions_delete", "done"),
        ],
    );
    assert_eq!(of_customer[4]["code"], "insufficient_scope");
    assert_eq!(of_customer[4]["api_token_id"], token.id());
    assert_eq!(of_customer[4]["session_id"], Value::Null);
}

/// CF07: what anybody may do without end is recorded once a minute, with how often it was done.
#[test]
fn sec_cf07_failed_sign_ins_are_recorded_once_a_minute() {
    let app = TestApp::spawn_with(&[("HELPDESK_TRUSTED_PROXIES", "127.0.0.1")]);
    let (customer, colleague) = (app.customer(), app.colleague());
    let refused =
        || of_action(&app, "auth_login").into_iter().filter(|it| it["outcome"] == "refused");
    let fail = |times: usize, email: &str| {
        for _ in 0..times {
            app.sign_in_from("203.0.113.7", email, "не тот пароль").expect(401);
        }
    };

    fail(4, &customer.email);
    fail(2, &colleague.email);
    fail(1, "nobody@helpdesk.example");
    app.flush_audit_minutes();
    fail(1, &customer.email);
    app.flush_audit_minutes();

    let rejected: Vec<Value> = refused().collect();
    // One more for a login where a minute has ended meanwhile.
    assert!((4..=6).contains(&rejected.len()), "{rejected:?}");
    for (email, id, times) in [
        (&*customer.email, json!(customer.id), 5),
        (&*colleague.email, json!(colleague.id), 2),
        ("nobody@helpdesk.example", Value::Null, 1),
    ] {
        let own: Vec<&Value> = rejected.iter().filter(|it| it["account"] == email).collect();
        assert_eq!(own.iter().filter_map(|it| it["times"].as_i64()).sum::<i64>(), times, "{own:?}");
        assert!(own.iter().all(|it| it["actor"]["id"] == id), "{own:?}");
    }
    assert!(refused().all(|it| it["address"] == "203.0.113.7" && it["request_id"] != ""));
}

/// CF08: nobody changes or deletes an entry, in the database either.
#[test]
fn sec_cf08_the_audit_log_is_append_only() {
    let app = TestApp::spawn();
    app.sign_in(&app.customer().email, PASSWORD).expect(200);
    let before = app.table_text("audit_log");

    for statement in
        ["update audit_log set code = null", "delete from audit_log", "truncate audit_log"]
    {
        let refused = format!(
            "do $$ begin {statement}; raise exception 'it was done'; \
             exception when insufficient_privilege then null; end $$"
        );
        app.sql(&refused);
    }

    assert!(!before.is_empty());
    assert_eq!(app.table_text("audit_log"), before);
}

/// The log is filtered by person, operation and period, and walked page by page.
#[test]
fn the_audit_log_is_filtered_and_paged() {
    let app = TestApp::spawn();
    let admin = app.admin();
    for number in 0..3 {
        admin.post("/companies", json!({ "name": format!("Компания {number}") })).expect(201);
    }
    let filter = format!("action=companies_create&actor_id={}", admin.id);

    let all = entries(&app, &format!("&{filter}"));
    let first = admin.get(&format!("/audit-log?{filter}&limit=2")).expect(200);
    let cursor = first.word("next_cursor");
    let second = admin.get(&format!("/audit-log?{filter}&limit=2&cursor={cursor}")).expect(200);
    let last = all[0]["at"].as_str().unwrap();
    let earlier = entries(&app, &format!("&{filter}&at_before={last}"));
    let later = entries(&app, &format!("&{filter}&at_after={last}"));

    assert_eq!(all.len(), 3);
    assert_eq!([first.ids(), second.ids()].concat(), ids(&all));
    assert!(second.body["next_cursor"].is_null());
    assert_eq!(ids(&later), ids(&all[..1]));
    assert_eq!(ids(&earlier), ids(&all[1..]));
    assert_eq!(entries(&app, "&action=nonsense").len(), 0);
    admin.get(&format!("/audit-log?limit=2&cursor={cursor}")).expect(400);
}

/// CF07: a request that is turned away is logged, with who sent it, from where and why.
#[test]
fn sec_cf07_refused_requests_are_logged() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let foreign = app.foreign_ticket();

    let unknown = app.anonymous().get("/me").expect(401);
    let forbidden = customer.get("/companies").expect(403);
    let hidden = customer.get(&format!("/tickets/{foreign}")).expect(404);

    let log = app.server.log();
    for (response, code, user) in [
        (unknown, "unauthenticated", 0),
        (forbidden, "forbidden", customer.id),
        (hidden, "not_found", customer.id),
    ] {
        let id = response.header("x-request-id").to_owned();
        let line = log.lines().find(|it| it.contains(&id) && it.contains(code));
        let line = line.unwrap_or_else(|| panic!("{code} is not logged"));
        assert!(line.contains(&format!("user={user} address=127.0.0.1")), "{line}");
    }
}
