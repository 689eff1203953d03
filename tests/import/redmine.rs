//! `helpdesk import redmine`, against a Redmine that answers as a real one did.

use std::path::PathBuf;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::{
    Person, REDMINE_KEY, Redmine, TRUTH, TestApp, helpdesk, private_folder, with,
};

/// What a command came to: its exit code, and what it said.
struct Told {
    code: i32,
    out: String,
    err: String,
}

fn made_folder() -> PathBuf {
    let folder = private_folder();
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs the import with further options.
fn import(app: &TestApp, redmine: &Redmine, options: &[&str]) -> Told {
    import_with(app, redmine, REDMINE_KEY, include_str!("map.toml"), options)
}

fn import_with(app: &TestApp, redmine: &Redmine, key: &str, map: &str, options: &[&str]) -> Told {
    let (database, storage, url) = (app.database_url(), app.server.storage_url(), redmine.url());
    let file = made_folder().join("map.toml");
    std::fs::write(&file, map).unwrap();
    let settings = [
        ("DATABASE_URL", database.as_str()),
        ("HELPDESK_JWT_KEYS", crate::support::JWT_KEYS),
        ("HELPDESK_STORAGE_URL", storage.as_str()),
        ("HELPDESK_REDMINE_KEY", key),
    ];
    let file = file.display().to_string();
    let fixed = ["import", "redmine", "--url", &url, "--map", &file, "--patience", "0"];
    let done = helpdesk(&[&fixed, options].concat(), &settings);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    Told { code: done.status.code().unwrap(), out: text(&done.stdout), err: text(&done.stderr) }
}

/// The same, which has to succeed.
#[track_caller]
pub fn imported(app: &TestApp, redmine: &Redmine, options: &[&str]) -> String {
    let told = import(app, redmine, options);
    assert_eq!(told.code, 0, "{}{}", told.out, told.err);
    told.out
}

fn sha(text: &str) -> String {
    let hash = Sha256::digest(text.replace("\r\n", "\n"));
    hash.iter().map(|it| format!("{it:02x}")).collect()
}

/// Somebody who came over, signed in here.
fn person(app: &TestApp, login: &str) -> Person {
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
fn c1_everything_comes_over_as_it_was() {
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
    // Nobody is told.
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
    let said = truth["notes"].as_array().unwrap();
    assert_eq!(comments.len(), said.len(), "{tag}");
    for (comment, note) in comments.iter().zip(said) {
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
}

/// Clocks begin with the move, silence in feedback goes on from its day, and what was closed is so for a
/// reason of its own.
#[test]
fn c2_4_nothing_is_late_at_birth() {
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
fn s8_reports_count_what_came_over() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    imported(&app, &redmine, &[]);
    let admin = app.admin();
    let kept = || {
        let facts = app.rows::<String>(
            "select (to_jsonb(it) - 'id')::text from ticket_facts as it order by 1",
        );
        (facts, app.table_text("clock_outcomes"), app.table_text("tickets"))
    };
    let before = kept();

    let url = app.database_url();
    let settings =
        [("DATABASE_URL", url.as_str()), ("HELPDESK_JWT_KEYS", crate::support::JWT_KEYS)];
    let made = helpdesk(&["recount"], &settings);

    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert_eq!(kept(), before);
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

/// People are told of their accounts when an admin says so, a wave at a time, and nobody twice.
#[test]
fn c1_people_are_invited_in_waves() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    imported(&app, &redmine, &[]);
    let open = app.count(
        "select from users join imported on imported.id = users.id and kind = 'person' where is_active",
    );
    let url = app.database_url();
    let settings =
        [("DATABASE_URL", url.as_str()), ("HELPDESK_JWT_KEYS", crate::support::JWT_KEYS)];
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

/// What was changed there as people do comes with the next sweep, and both sides are equal again.
#[test]
fn c1_changes_there_come_over() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    imported(&app, &redmine, &[]);
    let id = Redmine::tagged("private-notes");
    let (gone, other) = (Redmine::tagged("work"), Redmine::tagged("resolved"));
    redmine.change(|it| {
        let issue = it.issue(id);
        issue["journals"][0]["notes"] = json!("Видно заказчику, исправлено.");
        issue["journals"][5]["notes"] = json!("");
        issue["attachments"][0]["filename"] = json!("renamed.txt");
        issue["watchers"] = json!([{ "id": 33, "name": "Анна Попов" }]);
        issue["priority"] = json!({ "id": 4, "name": "Критический" });
        it.issue(other)["attachments"] = json!([]);
        it.issues.retain(|it| it["id"] != gone);
    });

    let delta = imported(&app, &redmine, &["--delta"]);
    let swept = imported(&app, &redmine, &["--sweep"]);
    let compared = imported(&app, &redmine, &["--verify"]);
    let again = imported(&app, &redmine, &["--sweep"]);

    assert!(delta.contains("3 were changed"), "{delta}");
    assert!(swept.contains("0 tickets are new, 0 were changed"), "{swept}");
    assert!(compared.contains("nothing differs"), "{compared}");
    assert!(again.contains("0 were changed"), "{again}");
    let admin = app.admin();
    let comments = admin.all(&format!("/tickets/{id}/comments"));
    assert_eq!(comments[0]["body"], "Видно заказчику, исправлено.");
    assert_eq!(comments[0]["version"], 2);
    assert_eq!(admin.get(&format!("/tickets/{id}")).expect(200).body["priority"], "critical");
    admin.get(&format!("/tickets/{gone}")).expect(404);
    for id in [id, other] {
        let verified = admin.get(&format!("/tickets/{id}/history/verify")).expect(200).body;
        assert_eq!(verified["intact"], true, "{verified}");
    }
}

/// Notes that only single issues show are found by a sweep, and not by a delta.
#[test]
fn c1_a_sweep_sees_what_lists_do_not_show() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    imported(&app, &redmine, &[]);
    let id = Redmine::tagged("private-notes");
    redmine.change(|it| it.issue(id)["journals"][0]["notes"] = json!("Исправлено."));

    let delta = imported(&app, &redmine, &["--delta"]);
    let differs = import(&app, &redmine, &["--verify"]);
    let swept = imported(&app, &redmine, &["--sweep"]);
    let equal = imported(&app, &redmine, &["--verify"]);

    assert!(delta.contains("0 were changed"), "{delta}");
    assert_eq!(differs.code, 1);
    assert!(differs.err.contains(&format!("ticket {id}")), "{}", differs.err);
    assert!(swept.contains("1 were changed"), "{swept}");
    assert!(equal.contains("nothing differs"), "{equal}");
}

/// What people did here is neither overwritten nor lost: new notes come, fields are listed.
#[test]
fn c1_what_people_did_here_stays() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    imported(&app, &redmine, &[]);
    let id = Redmine::tagged("new");
    let engineer = app.engineer();
    let comment = json!({ "body": "Беру в работу." });
    engineer.post(&format!("/tickets/{id}/comments"), comment).expect(201);
    redmine.change(|it| {
        let issue = it.issue(id);
        issue["status"] = json!({ "id": 5, "name": "Закрыта" });
        issue["updated_on"] = json!("2027-01-01T00:00:00Z");
        issue["journals"] = json!([{
            "id": 99_001, "user": { "id": 33, "name": "Анна Попов" }, "notes": "Ещё там.",
            "created_on": "2027-01-01T00:00:00Z", "private_notes": false, "details": [],
        }]);
    });

    let delta = imported(&app, &redmine, &[]);
    let again = imported(&app, &redmine, &["--sweep"]);
    let compared = imported(&app, &redmine, &["--verify"]);

    assert!(delta.contains(&format!("ticket {id}: people worked on it here")), "{delta}");
    assert!(again.contains("0 were changed"), "{again}");
    assert!(compared.contains(&format!("which are not compared: {id}")), "{compared}");
    assert_eq!(engineer.get(&format!("/tickets/{id}")).expect(200).body["status"], "new");
    let bodies: Vec<Value> = engineer
        .all(&format!("/tickets/{id}/comments"))
        .iter()
        .map(|it| it["body"].clone())
        .collect();
    assert_eq!(bodies, ["Беру в работу.", "Ещё там."]);
    let kept = import(&app, &redmine, &["--discard-import"]);
    assert_eq!(kept.code, 1);
    assert!(kept.err.contains("people have worked"), "{}", kept.err);
}

/// A run that a failing Redmine ended leaves whole tickets behind, and the next one goes on from there.
#[test]
fn c1_a_run_that_was_ended_goes_on() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    let all = redmine.change(|it| {
        it.answers = usize::MAX;
        it.asked
    });
    assert_eq!(all, 0);

    // The lists, people and projects, and some of the issues.
    redmine.change(|it| it.answers = 110);
    let failed = import(&app, &redmine, &[]);
    let unfinished = app.count("select from tickets");
    redmine.change(|it| it.answers = usize::MAX);
    imported(&app, &redmine, &[]);
    let compared = imported(&app, &redmine, &["--verify"]);

    assert_eq!(failed.code, 1);
    assert!(failed.err.lines().last().unwrap().contains("answered 500"), "{}", failed.err);
    assert_eq!(unfinished, 0, "the first batch was not whole");
    assert_eq!(app.count("select from tickets"), 71);
    assert!(compared.contains("nothing differs"), "{compared}");
}

/// What is wrong is said in one sentence, before anything is written.
#[test]
fn c1_what_is_wrong_is_said_at_once() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    let map = include_str!("map.toml");
    let told = |key: &str, map: &str| {
        let told = import_with(&app, &redmine, key, map, &[]);
        assert_eq!(told.code, 1, "{}", told.out);
        told.err.lines().filter(|it| it.starts_with("helpdesk: ")).collect::<Vec<_>>().join("\n")
    };

    let key = told("wrong", map);
    let word = told(REDMINE_KEY, &map.replace("\"in_progress\"", "\"progress\""));
    let gap = told(REDMINE_KEY, &map.replace("\"Решена\" = \"resolved\"\n", ""));
    let private = told(REDMINE_KEY, &map.replace("support_only", "stop"));

    assert!(key.contains("does not know the key"), "{key}");
    assert!(word.contains("line 7") && word.contains("progress"), "{word}");
    assert!(gap.contains("the map is not whole"), "{gap}");
    assert!(private.contains("issues are private"), "{private}");
    assert_eq!(app.count("select from tickets"), 0);
    assert_eq!(app.count("select from imported"), 0);
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
    let told = import_with(
        &app,
        &redmine,
        REDMINE_KEY,
        &map.replace("\"stop\"", "\"skip\""),
        &["--dry-run"],
    );
    assert!(!told.out.contains("the map is not whole"), "{}", told.out);
}

/// Numbers go on after a reserve; where one is taken the import stops, or adds to each of its own.
#[test]
fn c1_numbers_are_kept() {
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
fn c1_a_rehearsal_is_thrown_away() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    imported(&app, &redmine, &[]);

    let out = imported(&app, &redmine, &["--discard-import"]);
    assert!(out.contains("71 tickets"), "{out}");
    for table in ["tickets", "comments", "attachments", "imported", "imports"] {
        assert_eq!(app.count(&format!("select from {table}")), 0, "{table}");
    }
    imported(&app, &redmine, &[]);
    imported(&app, &redmine, &["--verify"]);
}
