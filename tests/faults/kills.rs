//! The database server and the service are killed under writes: a few times in every run, thirty
//! times each by `make faults`.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::faults::service::Service;
use crate::faults::writer::{Story, Writer};

/// How long the service may be away.
const MAX_OUTAGE: Duration = Duration::from_secs(5);

#[test]
fn sec_sv03_nothing_is_lost_doubled_or_half_done_by_kills() {
    kill_under_writes(2, 1);
}

#[test]
#[ignore = "heavy: make faults"]
fn sec_sv03_nothing_is_lost_doubled_or_half_done_by_sixty_kills() {
    kill_under_writes(30, 30);
}

#[expect(clippy::print_stdout, reason = "the figures are what `make faults` is for")]
fn kill_under_writes(of_database: usize, of_service: usize) {
    let service = Service::start_demo();
    let before = counts(&service.database_url());
    let (acknowledged, absences) = write_and_kill(&service, of_database, of_service);

    let stories = i64::try_from(acknowledged.len()).unwrap();
    println!(
        "{of_database} kills of the database, {of_service} of the service: {} writes done; \
         away for {:.2?} at most, {:.2?} in the middle",
        acknowledged.len() * 4,
        absences.iter().max().unwrap(),
        absences[absences.len() / 2],
    );
    assert!(stories > 5, "{stories}");
    let after = counts(&service.database_url());
    let unused = "select count(*) as count from uploads where is_complete";
    assert_eq!(count(&service.database_url(), unused), 0, "a repeated upload left a second file");
    let added: Vec<i64> = after.iter().zip(&before).map(|(after, before)| after - before).collect();
    assert_eq!(added, [stories; 6], "{COUNTED:?}");
    let admin = service.token("admin@helpdesk.example");
    for story in &acknowledged {
        is_whole(&service, &admin, story);
    }
    assert!(absences.iter().all(|it| *it < MAX_OUTAGE), "{absences:?}");
    service.stop();
}

/// What was confirmed to writers, and how long the service was away after each kill, sorted.
fn write_and_kill(
    service: &Service,
    of_database: usize,
    of_service: usize,
) -> (Vec<Story>, Vec<Duration>) {
    let (is_over, number) = (AtomicBool::new(false), AtomicUsize::new(0));
    let (acknowledged, writer) = (Mutex::new(Vec::new()), Writer::new(service));
    let mut absences = Vec::new();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    let story = writer.files_ticket(number.fetch_add(1, Ordering::Relaxed));
                    acknowledged.lock().unwrap().push(story);
                }
            });
        }
        for kill in 0..of_database.max(of_service) {
            let work = || sleep(Duration::from_millis(300 + 37 * (kill as u64 % 11)));
            if kill < of_database {
                work();
                absences.push(service.restarts_database());
            }
            if kill < of_service {
                work();
                absences.push(service.restart());
            }
        }
        sleep(Duration::from_millis(500));
        is_over.store(true, Ordering::Relaxed);
    });
    absences.sort_unstable();
    (acknowledged.into_inner().unwrap(), absences)
}

/// What there is one more of for each story.
const COUNTED: [&str; 6] = [
    "select count(*) as count from tickets",
    "select count(distinct subject) as count from tickets",
    "select count(*) as count from comments",
    "select count(*) as count from attachments",
    "select count(*) as count from events where type = 'ticket.created'",
    "select count(*) as count from events where type = 'ticket.status_changed'",
];

fn counts(url: &str) -> Vec<i64> {
    COUNTED.iter().map(|it| count(url, it)).collect()
}

fn count(url: &str, query: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }

    let mut conn = PgConnection::establish(url).unwrap();
    diesel::sql_query(query).get_result::<Count>(&mut conn).unwrap().count
}

/// A ticket has what was confirmed to its writer: its status, its comment, its file, and an intact history.
fn is_whole(service: &Service, token: &str, story: &Story) {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    let path = format!("/api/v1/tickets/{}", story.ticket);
    let get = |rest: &str| {
        service.client.send("GET", &format!("{path}{rest}"), &headers, None).expect(200)
    };
    assert_eq!(get("").word("status"), "in_progress", "{story:?}");
    assert_eq!(get("/comments").ids(), [story.comment], "{story:?}");
    assert_eq!(get("/history/verify").body["intact"], true, "{story:?}");
    let files = get("/attachments").ids();
    let content = format!("/api/v1/attachments/{}/content", files[0]);
    let (status, _, bytes) = service.client.download(&content, &headers);
    assert_eq!((status, bytes), (200, story.text.clone().into_bytes()), "{story:?}");
}
