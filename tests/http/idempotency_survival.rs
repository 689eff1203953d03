//! Requests with an `Idempotency-Key` while the service is killed (SV02).

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{Client, Server, TestApp, wait_for, wait_until};

/// SV02: the service is killed three times in the middle of a hundred requests, each of which is
/// repeated until it gets a response: there are exactly a hundred tickets.
#[test]
fn sec_sv02_a_hundred_filings_survive_kills() {
    const COUNT: usize = 100;

    let mut app = TestApp::spawn();
    let token = app.customer().token;
    let requests: Vec<String> = (0..COUNT).map(|_| app.request().to_string()).collect();
    let address = Mutex::new(app.server.client.address.clone());
    let answered = AtomicUsize::new(0);
    let file_all = |worker: usize| -> Vec<i64> {
        let mine = requests.iter().enumerate().skip(worker).step_by(4);
        mine.map(|(number, body)| {
            let filed = wait_for("it is filed", || {
                let client = Client::new(&address.lock().unwrap().clone());
                client.try_file(&token, &format!("filing-{number}"), body)
            });
            answered.fetch_add(1, Ordering::Relaxed);
            filed
        })
        .collect()
    };

    let url = app.database_url();
    let mut ids: Vec<i64> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4).map(|it| scope.spawn(move || file_all(it))).collect();
        for count in [20, 45, 70] {
            wait_until("some are filed", || answered.load(Ordering::Relaxed) >= count);
            app.server.kill();
            app.server = Server::start(&url, &[]);
            *address.lock().unwrap() = app.server.client.address.clone();
        }
        workers.into_iter().flat_map(|it| it.join().unwrap()).collect()
    });

    ids.sort_unstable();
    ids.dedup();
    let stored = app.rows::<i64>("select id from tickets order by id");
    assert_eq!(stored, ids);
    assert_eq!(stored.len(), COUNT);
    let created = "select ticket_id from events where type = 'ticket.created' order by 1";
    assert_eq!(app.rows::<i64>(created), stored);
}

/// SV02: killed between the effect and the response, the service replays the stored response.
#[test]
fn sec_sv02_a_lost_response_is_replayed() {
    let mut app = TestApp::spawn();
    let (customer, body) = (app.customer(), app.request());
    let text = body.to_string();
    let request = format!(
        "POST /api/v1/tickets HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\nidempotency-key: lost\r\ncontent-length: {}\r\n\r\n{text}",
        customer.token,
        text.len(),
    );
    let mut connection = TcpStream::connect(&app.server.client.address).unwrap();
    connection.write_all(request.as_bytes()).unwrap();
    wait_until("it is filed", || app.count("select from tickets") > 0);
    app.server.kill();

    app.server = Server::start(&app.database_url(), &[]);
    let again = app.customer().post_once("lost", "/tickets", Some(&body)).expect(201);

    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(app.rows::<i64>("select id from tickets"), [again.id()]);
}
