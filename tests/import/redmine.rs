//! `helpdesk import redmine`, against a Redmine that answers as a real one did.

use std::path::PathBuf;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::command::{import, import_with, imported, made_folder};
use crate::support::{Person, REDMINE_KEY, Redmine, TRUTH, TestApp, helpdesk, on_database, with};

fn sha(text: &str) -> String {
    let hash = Sha256::digest(text.replace("\r\n", "\n"));
    hash.iter().map(|it| format!("{it:02x}")).collect()
}

/// Somebody who came over, signed in here.
pub fn person(app: &TestApp, login: &str) -> Person {
    let id = app.value::<i64>(&format!(
        "select id from imported where kind = 'person' and about ->> 'login' = '{login}'"
    ));
    app.sql(&format!(
        "update users set password_hash = (select password_hash from users where id = {}),
         must_change_password = false where id = {id}",
        app.customer().id
    ));
    let email = app.value::<String>(&format!("select email from users where id = {id}"));
    let token = app.sign_in(&email, crate::support::PASSWORD).expect(200).word("access_token");
    app.with_token(&token)
}

/// Numbers, texts, authors, times, files and people are those that were sent to the Redmine, as the
/// truth of its data set has them; both sides compare equal, and another run changes nothing.
#[test]
fn c1_everything_is_imported_as_it_was() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();

    let mails = app.count("select from mails");

    let out = imported(&app, &redmine, &[]);
    let compared = imported(&app, &redmine, &["--verify"]);
    let before = app.value::<i64>("select count(*) from events");
    let again = imported(&app, &redmine, &["--sweep"]);

    assert!(out.contains("71 tickets are new"), "{out}");
    assert!(compared.contains("nothing differs"), "{compared}");
    assert!(again.contains("0 tickets are new, 0 were changed"), "{again}");
    let finished = "select count(*) from events where type = 'import.finished'";
    assert_eq!(app.value::<i64>("select count(*) from events"), before + 1);
    assert_eq!(app.value::<i64>(finished), 2);
    let admin = app.admin();
    for (tag, truth) in TRUTH["issues"].as_object().unwrap() {
        if truth["project"] == "arch" {
            continue;
        }
        check(&admin, tag, truth);
    }
    // An archived project is named, as far as anybody can.
    assert!(out.contains("project №28 is archived"), "{out}");
    // Nobody is notified.
    assert_eq!(app.count("select from mails"), mails);
    assert_eq!(app.count("select from webhook_deliveries"), 0);
    let fed =
        "select from (select event_id from feed union all select event_id from feed_waiting) as fed
               join events on events.id = event_id where ticket_id is not null";
    assert_eq!(app.count(fed), 71);
}

fn check(admin: &Person, tag: &str, truth: &Value) {
    let id = truth["id"].as_i64().unwrap();
    let ticket = admin.get(&format!("/tickets/{id}")).expect(200).body;
    let was = admin.get(&format!("/tickets/{id}/imported")).expect(200).body;
    assert_eq!(was["source_id"], id, "{tag}");
    assert_eq!(ticket["subject"], truth["subject"], "{tag}");
    let description = was["description"].as_str().or(ticket["description"].as_str());
    assert_eq!(sha(description.unwrap()), truth["description_sha256"], "{tag}");
    let comments = admin.all(&format!("/tickets/{id}/comments"));
    let expected_notes = truth["notes"].as_array().unwrap();
    assert_eq!(comments.len(), expected_notes.len(), "{tag}");
    for (comment, note) in comments.iter().zip(expected_notes) {
        let original = was["comments"].as_array().unwrap().iter();
        let original = original.clone().find(|it| it["comment_id"] == comment["id"]);
        let text = original.map_or(&comment["body"], |it| &it["text"]).as_str().unwrap();
        assert_eq!(sha(text), note["sha256"], "{tag}");
        assert_eq!(comment["internal"], note["private"], "{tag}");
    }
    let verified = admin.get(&format!("/tickets/{id}/history/verify")).expect(200).body;
    assert_eq!(verified["intact"], true, "{tag}: {verified}");
}

/// Private notes, their files, fields that are hidden and private issues are support's alone; a customer
/// sees the projects that they saw, and the other side of a history that names them.
#[test]
fn sec_az01_rights_do_not_widen() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    imported(&app, &redmine, &[]);
    let (customer, stranger) = (person(&app, "r1.cust1"), person(&app, "r1.cust3"));
    let engineer = app.engineer();
    let of = |tag: &str| format!("/tickets/{}", Redmine::tagged(tag));

    let notes = of("private-notes");
    assert_eq!(engineer.all(&format!("{notes}/comments")).len(), 4);
    assert_eq!(customer.all(&format!("{notes}/comments")).len(), 2);
    assert_eq!(engineer.all(&format!("{notes}/attachments")).len(), 1);
    assert_eq!(customer.all(&format!("{notes}/attachments")).len(), 0);
    let named = |person: &Person| {
        let fields =
            person.get(&format!("{}/imported", of("cf-all"))).expect(200).body["fields"].clone();
        fields.as_array().unwrap().iter().any(|it| it["name"] == "Внутренний код")
    };
    assert!(named(&engineer));
    assert!(!named(&customer));
    let history = |person: &Person| {
        person.get(&format!("{}/history", of("cf-all"))).expect(200).body.to_string()
    };
    assert!(history(&engineer).contains("INT-8"));
    assert!(!history(&customer).contains("INT-8"));
    engineer.get(&of("private")).expect(200);
    customer.get(&of("private")).expect(404);
    for tag in ["new", "private-notes", "cf-all", "moved"] {
        stranger.get(&of(tag)).expect(404);
    }
    stranger.get(&of("resolved")).expect(200);
    // What another system's fields said is found by whoever may see it.
    let fields = engineer.get(&format!("{}/imported", of("cf-all"))).expect(200).body;
    let mut fields = fields["fields"].as_array().unwrap().clone();
    fields.retain(|it| it["name"] == "Внутренний код");
    let code = fields[0]["value"].as_str().unwrap();
    app.wait_for_index();
    assert_eq!(engineer.finds(code), [Redmine::tagged("cf-all")]);
    assert!(customer.finds(code).is_empty());
}

/// Who sees their own issues alone there would see all of a project here: they come over without it.
#[test]
fn sec_az01_who_saw_their_own_alone_sees_no_project() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    redmine.change(|it| {
        it.lists["/roles/5.json"]["role"]["issues_visibility"] = json!("own");
    });

    let out = imported(&app, &redmine, &[]);

    assert!(out.contains("does not see all of «ПАО «Волна» - SDN» there"), "{out}");
    let open = "select from users join imported on imported.id = users.id and kind = 'person'
                where role = 'customer'";
    assert_eq!(app.count(open), 0);
}

/// Clocks begin with the move, silence in feedback goes on from its day, and what was closed is so for a
/// reason of its own.
#[test]
fn c2_4_nothing_is_overdue_on_arrival() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    imported(&app, &redmine, &[]);

    let late = "select from tickets where due_at < now() or alert_at < now()";
    assert_eq!(app.count(late), 0);
    let soon = "select from tickets where closes_at < now() + interval '13 days 23 hours'";
    assert_eq!(app.count(soon), 0);
    let feedback = "select from tickets where status = 'feedback' and (closes_at is null or feedback_since is null)";
    assert_eq!(app.count(feedback), 0);
    let clocks =
        "select from tickets where status in ('new', 'in_progress') and due_at > '9999-01-01'";
    assert_eq!(app.count(clocks), 0);
    let closed = "select from tickets where status = 'closed' and close_reason <> 'imported'";
    assert_eq!(app.count(closed), 0);
}

/// Reports count what came over by the days on which it happened there, as the history tells it, and never
/// how long it took: nobody kept these deadlines.
#[test]
fn s8_reports_count_imported_tickets() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    imported(&app, &redmine, &[]);
    let admin = app.admin();
    let stored_facts = || {
        let facts = app.rows::<String>(
            "select (to_jsonb(it) - 'id')::text from ticket_facts as it order by 1",
        );
        (facts, app.table_text("clock_outcomes"), app.table_text("tickets"))
    };
    let before = stored_facts();

    let url = app.database_url();
    let settings = on_database(&url);
    let output = helpdesk(&["recount"], &settings);

    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(stored_facts(), before);
    let report = |name: &str, from: &str, to: &str| {
        admin.get(&format!("/reports/{name}?from={from}&to={to}")).expect(200).body["totals"]
            .clone()
    };
    let first = app.value::<String>("select min(created_at)::date::text from tickets");
    let today = app.value::<String>("select (now() + interval '1 day')::date::text");
    let day = chrono::NaiveDate::parse_from_str(&first, "%Y-%m-%d").unwrap();
    let year = |count: u64| (day + chrono::Months::new(12 * count as u32)).to_string();
    let mut totals = [0, 0, 0];
    for it in 0.. {
        let (from, to) = (year(it), year(it + 1).min(today.clone()));
        if from >= today {
            break;
        }
        let flow = report("flow", &from, &to);
        for (total, name) in totals.iter_mut().zip(["filed", "solved", "closed"]) {
            *total += flow[name].as_i64().unwrap();
        }
    }
    let closed = app.count("select from tickets where status = 'closed'");
    assert_eq!(totals[0], 71);
    assert!(totals[2] >= closed && totals[1] >= closed && closed > 0, "{totals:?}");
    let times = app.count("select from ticket_facts where minutes is not null");
    assert_eq!((times, app.count("select from clock_outcomes")), (0, 0));
}

/// People are invited to their accounts when an admin says so, a wave at a time, and nobody twice.
#[test]
fn c1_people_are_invited_in_waves() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    imported(&app, &redmine, &[]);
    let open = app.count(
        "select from users join imported on imported.id = users.id and kind = 'person' where is_active",
    );
    let url = app.database_url();
    let settings = on_database(&url);
    let invited = || app.count("select distinct user_id from mails where kind = 'invitation'");
    let wave = |options: &[&str]| {
        let done = helpdesk(&[&["import", "invite"], options].concat(), &settings);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        invited()
    };

    let before = invited();
    let first = wave(&["--most", "2"]);
    let of_nobody = wave(&["--direction", "Нет такого"]);
    let of_direction = wave(&["--direction", "Голос"]);
    let all = wave(&[]);
    let again = wave(&[]);

    assert_eq!((first, of_nobody), (before + 2, before + 2));
    assert!(of_direction > first && of_direction < all, "{of_direction} of {all}");
    assert_eq!((all, again), (before + open, before + open));
}

/// The report of a dry run, and the map with proposals, which needs one word of a person here.
#[test]
fn c1_a_dry_run_reports_and_writes_nothing() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    let file = made_folder().join("proposed.toml");
    let name = file.display().to_string();

    let report = imported(&app, &redmine, &["--dry-run"]);
    imported(&app, &redmine, &["--write-map", &name]);

    assert!(report.contains("71 issues, the highest №20092"), "{report}");
    assert!(report.contains("Внутренний код -> imported, support only"), "{report}");
    let map = std::fs::read_to_string(PathBuf::from(&name)).unwrap();
    assert!(map.contains("\"r1-a\" = { company = \"ПАО «Волна»\", direction = \"SDN\" }"), "{map}");
    assert!(map.contains("private_issues = \"stop\""), "{map}");
    assert_eq!(app.count("select from imported"), 0);
    let output = import_with(
        &app,
        &redmine,
        REDMINE_KEY,
        &map.replace("\"stop\"", "\"skip\""),
        &["--dry-run"],
    );
    assert!(!output.out.contains("the map is incomplete"), "{}", output.out);
}

/// Numbers go on after a reserve; where one is taken the import stops, or adds to each of its own.
#[test]
fn c1_ticket_numbers_are_preserved() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    let mine = app.customer().post("/tickets", app.request()).expect(201).id();

    let refused = import(&app, &redmine, &[]);
    let out = imported(&app, &redmine, &["--shift", "100000"]);
    let other =
        json!({ "subject": "Другая проблема", "description": "Порт не поднимается после грозы." });
    let next = app.customer().post("/tickets", with(app.request(), &other)).expect(201).id();

    assert_eq!(refused.code, 1);
    assert!(refused.err.contains(&format!("the number {mine}")), "{}", refused.err);
    assert!(out.contains("71 tickets are new"), "{out}");
    app.admin().get(&format!("/tickets/{}", 100_000 + Redmine::tagged("new"))).expect(200);
    assert!(next > 130_000, "{next}");
    imported(&app, &redmine, &["--verify"]);
}

/// A rehearsal is thrown away whole, and begins anew.
#[test]
fn c1_a_rehearsal_is_discarded() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    // A company, a direction and their project that were here before.
    app.sql("update companies set name = 'ПАО «Волна»' where id = (select min(company_id) from projects)");
    app.sql(
        "update directions set name = 'SDN' where id = (
             select direction_id from projects where company_id = (select min(company_id) from projects) order by id limit 1)",
    );
    let directory = || {
        [
            "companies",
            "directions",
            "projects",
            "users",
            "products",
            "releases",
            "project_members",
            "direction_engineers",
        ]
        .map(|table| (table, app.table_text(table)))
    };
    let before = directory();
    imported(&app, &redmine, &[]);

    let out = imported(&app, &redmine, &["--discard-import"]);
    assert_eq!(directory(), before);
    assert!(out.contains("71 tickets"), "{out}");
    for table in ["tickets", "comments", "attachments", "articles", "imported", "imports"] {
        assert_eq!(app.count(&format!("select from {table}")), 0, "{table}");
    }
    imported(&app, &redmine, &[]);
    imported(&app, &redmine, &["--verify"]);
}
