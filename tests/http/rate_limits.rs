//! The request rates of people, tokens and addresses, and how they are reported (RS03).

use crate::support::{PASSWORD, Response, TestApp};

/// RS03: every response of the API says what is left of each limit that the request counted against.
#[test]
fn sec_rs03_every_response_shows_what_is_left() {
    let app = TestApp::spawn_with(&[
        ("HELPDESK_RATE_ADDRESS", "1/900"),
        ("HELPDESK_RATE_PERSON", "1/300"),
        ("HELPDESK_RATE_TOKEN", "1/60"),
    ]);
    let script = app.customer().script(&["tickets:read"]);

    let first = app.colleague().get("/me").expect(200);
    let missing = app.colleague().get("/tickets/999").expect(404);
    let nowhere = app.anonymous().get("/nowhere").expect(404);
    let unknown = app.anonymous().get("/me").expect(401);
    let by_script = script.get("/tickets").expect(200);

    let policy = "\"session\";q=300;w=300, \"person\";q=300;w=300";
    assert_eq!(first.header("ratelimit-policy"), policy);
    assert_eq!((left(&first, "person"), left(&missing, "person")), (299, 298));
    assert!(left(&missing, "session") < left(&first, "session"));
    for response in [&nowhere, &unknown] {
        assert_eq!(response.header("ratelimit-policy"), "\"address\";q=900;w=900");
        assert!(left(response, "address") > 800);
    }
    assert_eq!(left(&by_script, "token"), 59);
    let alive = app.server.client.send("GET", "/livez", &[], None);
    assert!(!alive.headers.contains_key("ratelimit"), "it is not of the API");
}

/// RS03: whoever exceeds the rate gets `Retry-After`, whatever the credentials; nobody else does.
#[test]
fn sec_rs03_a_person_has_one_limit_for_all_they_come_with() {
    let app = TestApp::spawn_with(&[("HELPDESK_RATE_PERSON", "1/30")]);
    let script = app.customer().script(&["tickets:read"]);

    let responses: Vec<Response> = (0..60).map(|_| app.customer().get("/tickets")).collect();
    let by_script: Vec<Response> = (0..10).map(|_| script.get("/tickets")).collect();

    let refused = responses.iter().find(|it| it.status != 200).unwrap();
    assert_eq!((refused.status, refused.code()), (429, "too_many_requests"));
    assert_eq!((refused.header("retry-after"), left(refused, "session")), ("1", 0));
    let refused = by_script.iter().find(|it| it.status != 200).unwrap();
    assert_eq!((refused.code(), left(refused, "person")), ("too_many_requests", 0));
    app.colleague().get("/tickets").expect(200);
    app.server.client.send("GET", "/readyz", &[], None).expect(200);
}

/// RS03: a token has a limit of its own, and so has an address, whatever it forwards.
#[test]
fn sec_rs03_tokens_and_addresses_have_limits_of_their_own() {
    let app = TestApp::spawn_with(&[
        ("HELPDESK_RATE_TOKEN", "1/5"),
        ("HELPDESK_RATE_ADDRESS", "1/60"),
        ("HELPDESK_RATE_PERSON", "off"),
    ]);
    let script = app.customer().script(&["tickets:read"]);

    let by_script: Vec<u16> = (0..10).map(|_| script.get("/tickets").status).collect();
    app.customer().get("/tickets").expect(200);
    let forged = |number: usize| {
        let address = format!("203.0.113.{number}");
        app.anonymous().send("GET", "/reference", &[("x-forwarded-for", &address)], None)
    };
    let by_address: Vec<Response> = (0..100).map(forged).collect();

    assert_eq!((by_script[0], by_script[9]), (200, 429));
    assert!(by_address.iter().any(|it| it.status == 429 && it.code() == "too_many_requests"));
    app.server.client.send("GET", "/livez", &[], None).expect(200);
}

/// RS03: a flood from an address shuts out whoever comes from there without a session, and nobody else.
#[test]
fn sec_rs03_a_flood_does_not_shut_out_neighbours_who_have_signed_in() {
    let app = TestApp::spawn_with(&[("HELPDESK_RATE_ADDRESS", "1/30")]);

    let flood: Vec<u16> = (0..60).map(|_| app.anonymous().get("/reference").status).collect();
    // One a second is let in.
    let forged: Vec<u16> =
        (0..5).map(|_| app.with_token("forged").get("/tickets").status).collect();
    let neighbour = app.customer().get("/tickets").expect(200);

    assert!(flood.contains(&429) && forged.contains(&429), "{flood:?} {forged:?}");
    assert!(!neighbour.header("ratelimit").contains("address"));
}

/// RS03: what comes with a session that has ended is counted, and not for its person.
#[test]
fn sec_rs03_an_ended_session_uses_up_nothing_but_its_own_limit() {
    let app = TestApp::spawn_with(&[("HELPDESK_RATE_PERSON", "1/30")]);
    let customer = app.customer();
    let lost = app.sign_in(&customer.email, PASSWORD).expect(200);
    let lost = app.with_token(&lost.word("access_token"));
    lost.signs_out();

    let ways = ["/tickets", "/nowhere"];
    let flood: Vec<u16> = ways.iter().cycle().take(60).map(|it| lost.get(it).status).collect();

    assert_eq!((flood[0], flood[1], flood[2]), (401, 404, 401));
    assert!(flood[30..].iter().filter(|it| **it == 429).count() > 20, "{flood:?}");
    assert!(left(&customer.get("/tickets").expect(200), "person") > 20);
}

/// RS03: a disabled limit is not reported.
#[test]
fn sec_rs03_disabled_limits_are_not_shown() {
    let off = ["HELPDESK_RATE_PERSON", "HELPDESK_RATE_TOKEN", "HELPDESK_RATE_ADDRESS"];
    let app = TestApp::spawn_with(&off.map(|it| (it, "off")));

    let response = app.customer().get("/me").expect(200);

    assert!(!response.headers.contains_key("ratelimit"));
    assert!(!response.headers.contains_key("ratelimit-policy"));
}

/// What is left of a limit by the header of a response.
#[track_caller]
fn left(response: &Response, limit: &str) -> u64 {
    let header = response.header("ratelimit");
    let item = header.split(", ").find(|it| it.starts_with(&format!("\"{limit}\";r="))).unwrap();
    item.split(['=', ';']).nth(2).unwrap().parse().unwrap()
}
