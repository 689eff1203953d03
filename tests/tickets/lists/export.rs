//! `GET /tickets/export`.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::support::{Person, Response, TestApp, wait_for};

fn export(person: &Person, query: &str, media: &str) -> Response {
    person.send("GET", &format!("/tickets/export{query}"), &[("accept", media)], None)
}

fn lines(response: &Response) -> Vec<Value> {
    response.text.lines().map(|it| serde_json::from_str(it).unwrap()).collect()
}

/// An export has what the list has, ticket for ticket, and ends with how many there were.
#[test]
fn an_export_by_lines_is_the_whole_list() {
    let app = TestApp::spawn();
    app.insert_tickets(1_203, &[]);
    app.foreign_ticket();
    let closed = app.ticket("closed");

    for (person, query) in
        [(app.engineer(), ""), (app.customer(), ""), (app.customer(), "?status=closed")]
    {
        let exported = export(&person, query, "application/x-ndjson").expect(200);
        assert_eq!(exported.media_type, "application/x-ndjson");
        let mut rows = lines(&exported);
        let end = rows.pop().unwrap();
        let separator = if query.is_empty() { "?" } else { "&" };
        let mut listed =
            person.all(&format!("/tickets{query}{separator}sort=created_at&limit=100"));
        listed.sort_by_key(|it| it["id"].as_i64());

        assert_eq!(end, json!({ "end": true, "count": listed.len() }));
        assert_eq!(rows.len(), listed.len());
        assert_eq!(rows.last(), listed.last());
        assert!(rows.iter().zip(&listed).all(|(one, other)| one["id"] == other["id"]));
    }
    let only = lines(&export(&app.engineer(), "?status=closed", "application/x-ndjson"));
    assert_eq!(only[0]["id"], closed);
    assert_eq!(app.commercial().get("/tickets/export").status, 403);
    let neither = export(&app.engineer(), "", "application/json");
    assert_eq!((neither.status, neither.code()), (406, "not_acceptable"));
    let table = export(&app.engineer(), "?status=closed", "text/csv, application/json").expect(200);
    assert!(table.header("vary").split(", ").any(|it| it == "Accept"));
}

/// IN12: a table opens in a spreadsheet: words in the reader's language, times of the calendar's zone, and
/// no formula in what somebody wrote.
#[test]
fn sec_in12_an_exported_table_runs_no_formula() {
    let app = TestApp::spawn();
    let subject = "=1+1; \"порт\" не поднимается";
    app.customer().has_filed(app.request_with(&json!({ "subject": subject })));

    let columns = "?columns=subject,status,rating,created_at,comments_count";
    let table = app.customer().send(
        "GET",
        &format!("/tickets/export{columns}"),
        &[("accept", "text/csv"), ("accept-language", "ru")],
        None,
    );

    let table = table.expect(200);
    assert!(table.header("content-type").starts_with("text/csv; charset=utf-8"));
    assert!(table.header("content-disposition").contains("tickets.csv"));
    let rows: Vec<&str> = table.text.split("\r\n").collect();
    assert_eq!(rows[0], "\u{feff}Тема;Статус;Оценка;Создана;Комментариев");
    assert!(rows[1].starts_with("\"'=1+1; \"\"порт\"\" не поднимается\";Новая;;20"), "{}", rows[1]);
    assert!(rows[1].ends_with(";0"), "{}", rows[1]);
    assert_eq!(rows.len(), 3);
    assert_eq!(
        app.customer().get("/tickets/export?columns=secret").errors(),
        ["columns not_one_of"]
    );
}

/// An export by lines of which nothing is read yet.
fn begun(app: &TestApp) -> TcpStream {
    let address = app.server.client.address.clone();
    let mut reader = TcpStream::connect(&address).unwrap();
    let request = format!(
        "GET /api/v1/tickets/export HTTP/1.1\r\nHost: {address}\r\nAccept: application/x-ndjson\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\r\n",
        app.engineer().token
    );
    reader.write_all(request.as_bytes()).unwrap();
    reader
}

/// RS05: an export takes the memory of a piece, not of the whole.
#[test]
fn sec_rs05_an_export_takes_the_memory_of_a_piece() {
    let app = TestApp::spawn();
    app.insert_tickets(20_000, &[("subject", "repeat('порт ', 200)")]);
    export(&app.engineer(), "?status=closed", "application/x-ndjson").expect(200);
    let before = app.server.peak_memory();

    // The one before may still be at its end, and a person has one at a time.
    let whole = wait_for("everything is exported", || {
        let whole = std::io::copy(&mut begun(&app), &mut std::io::sink()).unwrap();
        (whole > 40 << 20).then_some(whole)
    });

    let more = app.server.peak_memory() - before;
    assert!(more < 20 << 20, "{more} bytes more for {whole}");
}

/// RS05: a person has one export at a time; one that is cut off halfway leaves nothing behind.
#[test]
fn sec_rs05_an_export_that_is_cut_off_is_over() {
    let app = TestApp::spawn();
    app.insert_tickets(20_000, &[("subject", "repeat('порт ', 100)")]);
    let running = || {
        app.value::<i64>("select count(*) from pg_stat_activity where state <> 'idle' and query ilike '%releases%' and datname = current_database() and pid <> pg_backend_pid()")
    };
    let mut reader = begun(&app);
    let mut begin = [0; 4096];
    reader.read_exact(&mut begin).unwrap();
    assert!(String::from_utf8_lossy(&begin).starts_with("HTTP/1.1 200"));

    let second = export(&app.engineer(), "", "text/csv");
    assert_eq!((second.status, second.code()), (429, "too_many_requests"));
    assert!(second.headers.contains_key("retry-after"));
    drop(reader);

    wait_for("the export is over", || {
        (export(&app.engineer(), "?status=closed", "text/csv").status == 200).then_some(())
    });
    wait_for("nothing of it is left in the database", || (running() == 0).then_some(()));
}

/// Whoever has read an export to its end can begin the next one at once.
#[test]
fn an_export_that_was_read_makes_room_for_the_next() {
    let app = TestApp::spawn();
    app.insert_tickets(20, &[]);
    let engineer = app.engineer();
    for round in 0..30 {
        assert_eq!(export(&engineer, "", "application/x-ndjson").status, 200, "{round}");
    }
}
