//! What has expired is deleted (TK05).

use crate::support::{PASSWORD, Server, TestApp, wait_until};

/// TK05: tokens, sessions and counters are deleted some time after their end; valid ones stay.
#[test]
fn sec_tk05_expired_rows_are_deleted() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let alive = app.sign_in(&customer.email, PASSWORD).expect(200);
    let dead = app.sign_in(&app.colleague().email, PASSWORD).expect(200);
    let script = customer.script(&["tickets:read"]);
    app.colleague().script(&["tickets:read"]);
    app.sign_in("nobody@helpdesk.example", PASSWORD).expect(401);
    let of_colleague = format!("user_id = {}", app.colleague().id);
    app.sql(&format!(
        "update sessions set last_used_at = now() - interval '15 days' where {of_colleague};
         update refresh_tokens set expires_at = now() - interval '3 days'
             where session_id in (select id from sessions where {of_colleague});
         update api_tokens set expires_at = now() - interval '31 days' where {of_colleague};
         update sign_in_attempts set last_at = now() - interval '2 days';
         update known_networks set last_at = now() - interval '91 days' where {of_colleague};
         insert into stream_tickets values ('x', 1, null, now() - interval '1 second', null);
         insert into password_resets values ({}, 'x', now() - interval '2 days')",
        app.colleague().id,
    ));

    let _second = Server::start(&app.database_url(), &[]);
    let left = "select (select count(*) from sign_in_attempts)
            + (select count(*) from known_networks where user_id = %),
        (select count(*) from password_resets) + (select count(*) from stream_tickets),
        (select count(*) from sessions where user_id = %),
        (select count(*) from api_tokens where user_id = %)";
    let left = left.replace('%', &app.colleague().id.to_string());
    wait_until("all that has ended is gone", || {
        app.value::<(i64, i64, i64, i64)>(&left) == (0, 0, 0, 0)
    });

    app.with_token(&dead.word("access_token")).get("/me").expect(401);
    app.refresh(&dead.word("refresh_token")).expect(401);
    customer.get("/me").expect(200);
    script.get("/me").expect(200);
    app.refresh(&alive.word("refresh_token")).expect(200);
}
