//! Two processes write at the same time: nothing in the feed is lost, doubled or out of order.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde_json::json;

use crate::support::{Person, Server, TestApp, wait_until};

/// How many events are written; HELPDESK_FEED_EVENTS raises the number.
fn count() -> usize {
    std::env::var("HELPDESK_FEED_EVENTS").ok().and_then(|it| it.parse().ok()).unwrap_or(1_200)
}

/// How many write comments at each process.
const WRITERS: usize = 4;

/// Follows the feed at both processes in turn, coming back after every `batch` events and whenever
/// a process goes away, until there is an event of the ticket `last`.
fn follow(person: &Person, servers: [&Server; 2], batch: usize, last: &AtomicUsize) -> Vec<i64> {
    let mut read: Vec<i64> = vec![0];
    for server in servers.iter().cycle() {
        let after = read.last().unwrap().to_string();
        let headers = [("last-event-id", after.as_str())];
        let Some(stream) = person.try_follow(server, "", &headers) else { continue };
        for sent in stream.take(batch) {
            read.push(sent.id);
            if sent.data["ticket_id"] == json!(last.load(Ordering::Acquire)) {
                return read.split_off(1);
            }
        }
    }
    unreachable!("the servers are asked in turn, without an end")
}

/// The acceptance test of the feed: a reader of each kind gets everything once and in order,
/// although it reconnects and one of the processes is killed.
#[test]
fn every_event_is_delivered_once_and_in_order_while_two_processes_write() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let tickets: Vec<i64> = (0..2 * WRITERS).map(|_| app.ticket("in_progress")).collect();
    let mut doomed = Server::start(&app.database_url(), &[]);
    let (written, last) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let restart = AtomicBool::new(false);
    let write = |server: &Server, id: i64, is_doomed: bool| {
        let path = format!("/tickets/{id}/comments");
        while written.fetch_add(1, Ordering::Relaxed) < count() {
            let number = written.load(Ordering::Relaxed);
            let body = json!({ "body": format!("Замер {number}."), "internal": number % 3 == 0 });
            match engineer.at(server).try_post(&path, &body) {
                Some(response) => drop(response.expect(201)),
                None => assert!(is_doomed && restart.load(Ordering::Acquire)),
            }
            if is_doomed && restart.load(Ordering::Acquire) {
                return;
            }
        }
    };

    let (seen_by_staff, seen_by_customer) = std::thread::scope(|scope| {
        let (here, there) = (&app.server, &doomed);
        let staff = scope.spawn(|| follow(&engineer, [here, there], 97, &last));
        let customers = scope.spawn(|| follow(&customer, [there, here], 61, &last));
        let writers: Vec<_> = tickets
            .iter()
            .enumerate()
            .map(|(place, id)| {
                let server = if place < WRITERS { here } else { there };
                scope.spawn(move || write(server, *id, place >= WRITERS))
            })
            .collect();
        wait_until("some are written", || {
            written.load(Ordering::Relaxed) > (count() / 2).min(1_000)
        });
        restart.store(true, Ordering::Release);
        there.signal("KILL");
        writers.into_iter().for_each(|it| it.join().unwrap());
        let request = customer.has_filed(app.request());
        last.store(request as usize, Ordering::Release);
        customer.replies(request, "Конец.");
        (staff.join().unwrap(), customers.join().unwrap())
    });
    doomed.kill();

    let all = app.rows::<i64>("select position from feed order by position");
    let public = app.rows::<i64>(
        "select position from feed join events on events.id = event_id where not is_internal
         order by position",
    );
    assert!(all.len() >= count(), "{}", all.len());
    assert_eq!(seen_by_staff, all[..seen_by_staff.len()]);
    assert_eq!(seen_by_customer, public[..seen_by_customer.len()]);
    assert!(all.len() - seen_by_staff.len() <= 1 && public.len() - seen_by_customer.len() <= 1);
    assert_eq!(seen_by_staff.iter().collect::<BTreeSet<_>>().len(), seen_by_staff.len());
}
