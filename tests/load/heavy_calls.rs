//! One customer sends the most expensive requests as fast as possible, while another company reads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::json;

use super::{DEFAULT_LIMITS, beside, report};
use crate::support::{Person, Server, TestApp};

/// How many calls the customer has under way at once.
const AT_ONCE: usize = 32;

/// Comments of the large ticket, and the characters of each.
const COMMENTS: usize = 1000;
const LENGTH: usize = 10_000;

/// One character that becomes eighteen where compatibility forms are taken apart.
const EXPANDING: &str = "\u{fdfa}";

#[test]
#[ignore = "a load: make load"]
fn heavy_calls_of_one_customer_beside_reads_of_another_company() {
    let app = TestApp::spawn();
    let large = large_ticket(&app);
    let server = Server::start(&app.database_url(), &DEFAULT_LIMITS);
    let (customer, stranger) = (app.customer().at(&server), app.stranger().at(&server));
    let expanding = app.request_with(&json!({ "description": EXPANDING.repeat(50_000) }));
    let number = AtomicUsize::new(0);
    let call = |thread: usize| match thread % 3 {
        0 => customer.get(&format!("/tickets/{large}/history/verify")).status,
        1 => customer.post("/tickets/check", expanding.clone()).status,
        _ => files(&app, &customer, number.fetch_add(1, Ordering::Relaxed)),
    };

    let (heavy, reads) = beside(AT_ONCE, call, || stranger.get("/tickets").status);

    report("32 heavy calls of one customer at once", heavy);
    report("  another company reads meanwhile", reads);
}

#[test]
#[ignore = "a load: make load"]
fn a_flood_of_filings_of_one_customer_beside_reads_of_another_company() {
    let app = TestApp::spawn();
    let server = Server::start(&app.database_url(), &DEFAULT_LIMITS);
    let (customer, stranger) = (app.customer().at(&server), app.stranger().at(&server));
    let number = AtomicUsize::new(0);
    let call = |_: usize| files(&app, &customer, number.fetch_add(1, Ordering::Relaxed));

    let (flood, reads) = beside(8, call, || stranger.get("/tickets").status);

    report("a flood of filings of one customer", flood);
    report("  another company reads meanwhile", reads);
}

/// Files a ticket unlike the others.
fn files(app: &TestApp, customer: &Person, number: usize) -> u16 {
    let description = format!("Неисправность {number}: нет питания на порту {number}.");
    customer.files(app.request_with(&json!({ "description": description }))).status
}

/// A ticket of the customer with a long history.
fn large_ticket(app: &TestApp) -> i64 {
    let (id, customer) = (app.ticket("in_progress"), app.customer());
    let body = "Журнал шлюза. ".repeat(LENGTH / 14);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..COMMENTS / 4).for_each(|_| drop(customer.replies(id, &body))));
        }
    });
    id
}
