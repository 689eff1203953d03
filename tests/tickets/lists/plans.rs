//! How PostgreSQL reads a page of tickets: along the index of its order, however many there are.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::{Reply, Server, TestApp, wait_until};

const COUNT: i64 = 20_000;

/// Fills a system with tickets of both companies, all times and priorities mixed.
pub fn fill(app: &TestApp) {
    app.sql(&format!(
        "insert into tickets (project_id, company_id, direction_id, product_id, tracker, status,
            priority, complexity, subject, author_id, words, needs_action_from,
            created_at, updated_at, clocks, due_at)
         select case when it % 10 < 3 then {} else {} end, case when it % 10 < 3 then {} else {} end,
            {}, {}, 'bug', case when it % 5 = 0 then 'new' else 'closed' end,
            (array['low', 'medium', 'high', 'critical'])[1 + it % 4], 'normal', 'Тема',
            {}, '{{}}', 'support',
            timestamptz '2026-01-01' + it * 7919 % {COUNT} * interval '1 minute',
            timestamptz '2026-02-01' + it * 104729 % {COUNT} * interval '1 minute',
            '[]', timestamptz '2026-03-01' + it * 5903 % {COUNT} * interval '1 minute'
         from generate_series(1, {COUNT}) as it",
        app.ids.project, app.ids.other_project, app.ids.company, app.ids.other_company,
        app.ids.telephony, app.ids.product, app.customer().id,
    ));
    app.sql("insert into ticket_texts (ticket_id, description) select id, 'Описание' from tickets");
    app.sql("vacuum analyze");
}

/// PostgreSQL explains all databases in one log: of those who read about tickets in it, one at a
/// time.
pub fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());

    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The plans that the server's statements really had, as PostgreSQL logs them.
pub struct Plans {
    log: String,
    from: usize,
}

impl Plans {
    /// From now on every statement on the app's database is explained.
    pub fn of(app: &TestApp) -> Self {
        app.sql(
            "do $$ begin
                execute format('alter database %I set session_preload_libraries = auto_explain', current_database());
                execute format('alter database %I set auto_explain.log_min_duration = 0', current_database());
                execute format('alter database %I set auto_explain.log_format = json', current_database());
            end $$",
        );
        let folder = &app.read("select current_setting('data_directory')")[0];
        let folder = folder.trim_matches(['(', ')', '"']).to_owned();
        let log = Path::new(&folder).with_file_name("postgres.log");
        let from = std::fs::metadata(&log).unwrap().len() as usize;
        Self { log: log.to_str().unwrap().to_owned(), from }
    }

    /// The plans of all pages that were read since by statements with these words, in order, once
    /// there are as many.
    pub fn of_pages(&self, said: &[&str], count: usize) -> Vec<Value> {
        let plans = self.of_any(said, count);
        assert_eq!(plans.len(), count);
        plans
    }

    /// The plans of the statements with these words since, in order, once there are so many.
    pub fn of_any(&self, said: &[&str], count: usize) -> Vec<Value> {
        let mut log = String::new();
        wait_until(&format!("the plans of {said:?} are logged"), || {
            let all = std::fs::read(&self.log).unwrap();
            log = String::from_utf8_lossy(&all[self.from..]).into_owned();
            pages(&log, said).count() >= count
        });
        let plan = |it: &str| -> Value {
            let read: Value = serde_json::from_str(&it.replace("\n\t", "\n")).unwrap();
            read["Plan"].clone()
        };
        pages(&log, said).map(plan).collect()
    }
}

/// What the statements say that read a page of tickets: the jobs read tickets, too, but not what
/// they are called by.
const OF_TICKETS: [&str; 3] =
    [r#"\"tickets\".\"subject\""#, r#"\"companies\".\"name\""#, " LIMIT "];

/// The entries of a log that explain how a page was read by statements with these words.
fn pages<'a>(log: &'a str, said: &'a [&str]) -> impl Iterator<Item = &'a str> {
    let explained = log.split("  plan:\n").skip(1).map(|it| {
        let lines = it.split_inclusive('\n').take_while(|it| it.starts_with('\t'));
        &it[..lines.map(str::len).sum()]
    });
    explained.filter(move |it| said.iter().all(|word| it.contains(word)))
}

/// The steps of a plan.
pub fn nodes(plan: &Value) -> Vec<&Value> {
    let below = plan["Plans"].as_array().into_iter().flatten();
    std::iter::once(plan).chain(below.flat_map(nodes)).collect()
}

/// The page comes from the index in its order, and no more of the table is read than it has.
#[track_caller]
fn check(plan: &Value, index: &str) {
    let nodes = nodes(plan);
    let types: Vec<&str> = nodes.iter().filter_map(|it| it["Node Type"].as_str()).collect();
    let of_tickets = || nodes.iter().filter(|it| it["Relation Name"] == "tickets");
    assert!(nodes.iter().any(|it| it["Index Name"] == index), "{index}: {plan:#}");
    assert!(!types.contains(&"Sort") && !types.contains(&"Incremental Sort"), "{plan:#}");
    assert!(of_tickets().all(|it| it["Node Type"] != "Seq Scan"), "{plan:#}");
}

/// A place in the middle of a list, spelled as its cursor is.
fn deep(first: &str, place: &Value) -> String {
    let cursor = URL_SAFE_NO_PAD.decode(first).unwrap();
    let mut cursor: Value = serde_json::from_slice(&cursor).unwrap();
    cursor["after"] = place.clone();
    URL_SAFE_NO_PAD.encode(cursor.to_string())
}

/// The first page and one in the middle, in each order, alone and within
/// a company, come from the index that is made for it.
#[test]
fn pages_are_read_along_their_index() {
    let _turn = turn();
    let app = TestApp::spawn();
    fill(&app);
    let plans = Plans::of(&app);
    let server = Server::start(&app.database_url(), &[("HELPDESK_POOL", "1")]);
    let orders = [
        ("-created_at", "by_creation", json!(["2026-01-07T12:00:00.000Z", 10_000])),
        ("created_at", "by_creation", json!(["2026-01-07T12:00:00.000Z", 10_000])),
        ("-updated_at", "by_update", json!(["2026-02-07T12:00:00.000Z", 10_000])),
        ("updated_at", "by_update", json!(["2026-02-07T12:00:00.000Z", 10_000])),
        ("priority", "by_priority", json!([3, 10_000])),
        ("due_at", "by_due", json!(["2026-03-07T12:00:00.000Z", 10_000])),
    ];
    let readers = [
        (app.engineer(), "tickets_", String::new()),
        (app.engineer(), "tickets_of_company_", format!("&company_id={}", app.ids.company)),
        (app.customer(), "tickets_of_company_", String::new()),
    ];

    let mut expected = Vec::new();
    for (reader, prefix, filter) in &readers {
        let bearer = format!("Bearer {}", reader.token);
        let get = |path: &str| -> Reply {
            let headers = [("authorization", bearer.as_str())];
            server.client.send("GET", &format!("/api/v1{path}"), &headers, None).expect(200)
        };
        for (sort, order, place) in &orders {
            let path = format!("/tickets?sort={sort}{filter}");
            // After some calls PostgreSQL may take a plan that fits all places.
            for _ in 0..7 {
                let first = get(&path).body;
                let cursor = deep(first["next_cursor"].as_str().unwrap(), place);
                assert_eq!(get(&format!("{path}&cursor={cursor}")).items().len(), 25);
                expected.extend([format!("{prefix}{order}"), format!("{prefix}{order}")]);
            }
        }
    }

    for (plan, index) in plans.of_pages(&OF_TICKETS, expected.len()).iter().zip(&expected) {
        check(plan, index);
    }
}
