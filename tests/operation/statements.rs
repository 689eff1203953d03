//! How much a request asks of the database.

use serde_json::json;

use crate::support::TestApp;

/// How many statements the service sends for one request. Its jobs also send some now and then: the
/// minimum of several requests is one without those.
fn cost(app: &TestApp, mut request: impl FnMut()) -> u64 {
    let once = |request: &mut dyn FnMut()| {
        let before = app.statements();
        request();
        app.statements() - before
    };
    (0..5).map(|_| once(&mut request)).min().unwrap()
}

/// A read takes two statements, authentication included.
#[test]
fn a_read_takes_two_statements() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let id = app.ticket("feedback");
    app.ticket("new");

    let ticket = cost(&app, || drop(customer.get(&format!("/tickets/{id}")).expect(200)));
    let page = cost(&app, || drop(app.engineer().get("/tickets").expect(200)));
    let filtered = format!("/tickets?status=open&assignee_id=none&company_id={}", app.ids.company);
    let filtered = cost(&app, || drop(customer.get(&filtered).expect(200)));
    let me = cost(&app, || drop(customer.get("/me").expect(200)));
    let transitions =
        cost(&app, || drop(customer.get(&format!("/tickets/{id}/transitions")).expect(200)));

    let mine = cost(&app, || drop(customer.get("/me/tickets").expect(200)));

    app.commercial().narrows(&app.colleague(), app.ids.project);
    let colleague = app.colleague();
    let listed = cost(&app, || drop(colleague.get(&format!("/tickets/{id}")).expect(200)));

    // What browsers open is authenticated like everything else.
    let (_, file) = app.ticket_with_file("a.log", b"log");
    let link = cost(&app, || drop(customer.link(file)));
    let url = app.path_of(&customer.link(file).word("url"));
    let opened = cost(&app, || drop(app.opens(&url, &[])));
    let stream = cost(&app, || drop(customer.call("POST", "/events/stream-ticket", None)));

    // What a list includes, and its total, take one statement each.
    let all = "/tickets?include=last_comment,counts&total=true";
    let all = cost(&app, || drop(app.engineer().get(all).expect(200)));
    // However many badges and views there are.
    let counts = "/tickets/counts?by=status,priority,assignee_id";
    let counts = cost(&app, || drop(app.engineer().get(counts).expect(200)));
    let views = cost(&app, || drop(app.engineer().get("/views?counts=true").expect(200)));

    assert_eq!([ticket, page, filtered, me, transitions, listed], [2; 6]);
    assert_eq!([link, opened], [2; 2]);
    // Besides the ticket, what waits for the feed, and its end.
    assert_eq!(stream, 4);
    assert_eq!(all, 5);
    assert_eq!((counts, views), (2, 3));
    assert_eq!(mine, 3);
}

/// A search takes five: who asks, which words there are, what has them, and the results with their texts;
/// one more where a word has to be corrected, and two where there are articles.
#[test]
fn a_search_takes_few_statements() {
    let app = TestApp::spawn();
    app.ticket("feedback");
    app.wait_for_index();
    let customer = app.customer();

    let exact = cost(&app, || drop(customer.searches_with("абонент 403", "").expect(200)));
    let corrected = cost(&app, || drop(customer.searches_with("абонет", "").expect(200)));
    let suggested = cost(&app, || drop(customer.is_suggested("аб")));
    app.article_for_customers(crate::support::article());
    let with_article = cost(&app, || drop(customer.searches_with("абонент шлюз", "").expect(200)));

    assert_eq!((exact, corrected, suggested, with_article), (5, 6, 2, 7));
}

/// A transition with a comment takes at most six, filing with assignee, parent and
/// watchers nine: one names the latter two.
#[test]
fn a_write_takes_few_statements() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let parent = app.ticket("in_progress");
    let mut moves = ["feedback", "in_progress", "feedback", "in_progress", "feedback"].iter();
    let members = json!({
        "assignee_id": engineer.id, "parent_id": parent, "watcher_ids": [app.colleague().id],
    });

    let moved = cost(&app, || {
        let body = json!({ "to": moves.next(), "comment": "Пришлите журнал шлюза." });
        engineer.moves(parent, body).expect(200);
    });
    let filed = cost(&app, || {
        customer.files(app.request_with(&members)).expect(201);
    });
    let commented = cost(&app, || {
        customer.replies(parent, "Прилагаю журнал.");
    });

    assert!(moved <= 6, "{moved}");
    assert!(filed <= 9, "{filed}");
    assert!(commented <= 6, "{commented}");
}

/// The cost of a page does not grow with what is on it.
#[test]
fn a_page_costs_the_same_however_much_is_on_it() {
    let app = TestApp::spawn();
    let pages = ["/tickets?limit=100", "/me/tickets?limit=100", "/refusals?limit=100"];
    let costs = || pages.map(|it| cost(&app, || drop(app.customer().get(it).expect(200))));
    app.ticket("new");

    let with_one = costs();
    for status in ["feedback", "on_hold", "resolved", "new"] {
        app.ticket(status);
        app.customer().files(app.request_with(&json!({ "description": "???" })));
    }

    assert_eq!(costs(), with_one);
}

/// Long texts are packed by the cheaper method, where the server has it.
#[test]
fn long_texts_are_packed_by_lz4() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    app.engineer().replies(id, &"Порт проверен. ".repeat(500));

    let packed = "select count(*) from comments where pg_column_compression(body) = 'lz4'";
    let offered = "select count(*) from pg_settings
        where name = 'default_toast_compression' and 'lz4' = any(enumvals)";
    assert_eq!(app.count(packed), app.count(offered));
}
