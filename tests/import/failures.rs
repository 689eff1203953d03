//! Failures are reported in one sentence, and leave nothing half done.

use super::command::{import, import_with, imported, made_folder};
use crate::support::{Failing, REDMINE_KEY, Redmine, TestApp};

/// However a Redmine fails in the middle: one sentence says so, whole tickets or none are there, and the same
/// command goes on from there.
#[test]
fn c1_an_interrupted_run_resumes() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    let failed = |failing: Failing| {
        // The lists, people and projects, and some of the issues.
        redmine.change(|it| (it.answers, it.failing) = (it.asked + 130, failing));
        let options: &[&str] = if failing == Failing::Silent { &["--timeout", "2"] } else { &[] };
        let failed = import(&app, &redmine, options);
        assert_eq!(failed.code, 1, "{failing:?}: {}", failed.out);
        assert_eq!(app.count("select from tickets"), 0, "part of the first batch is written");
        failed.err.lines().last().unwrap().to_owned()
    };

    let error = failed(Failing::With500);
    let away = failed(Failing::HangingUp);
    let slow = failed(Failing::Silent);
    let broken = failed(Failing::BreakingOff);
    redmine.change(|it| it.answers = usize::MAX);
    imported(&app, &redmine, &[]);
    let compared = imported(&app, &redmine, &["--verify"]);

    assert!(error.contains("answered 500"), "{error}");
    assert!(away.contains("does not answer"), "{away}");
    assert!(slow.contains("did not answer within 2 s"), "{slow}");
    for sentence in [error, away, slow, broken] {
        assert!(sentence.ends_with("the same command goes on from there"), "{sentence}");
    }
    assert_eq!(app.count("select from tickets"), 71);
    assert!(compared.contains("nothing differs"), "{compared}");
}

/// Mistakes are reported in one sentence, before anything is written.
#[test]
fn c1_errors_are_reported_before_anything_is_written() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    let map = include_str!("map.toml");
    let error = |key: &str, map: &str| {
        let error = import_with(&app, &redmine, key, map, &[]);
        assert_eq!(error.code, 1, "{}", error.out);
        let lines = error.err.lines().skip_while(|it| !it.starts_with("helpdesk: "));
        lines.collect::<Vec<_>>().join("\n")
    };

    let key = error("wrong", map);
    let word = error(REDMINE_KEY, &map.replace("\"in_progress\"", "\"progress\""));
    let gap = error(REDMINE_KEY, &map.replace("\"Решена\" = \"resolved\"\n", ""));
    let stopped = error(REDMINE_KEY, &map.replace("support_only", "stop"));
    let member = error(REDMINE_KEY, &map.replace("[projects]", "[project]"));
    let place = error(REDMINE_KEY, &map.replace("direction = \"Голос\"", "direction = \"\""));
    let twice = error(REDMINE_KEY, &map.replace("\"serial_number\"", "\"product\""));

    let field = error(REDMINE_KEY, &map.replace("\"Серийный номер\"", "\"Серийный номр\""));
    let people = |entry: &str| error(REDMINE_KEY, &format!("{map}\n[people]\n{entry}"));
    let login = people("\"nobody\" = { role = \"customer\" }");
    let company = people("\"r1.cust1\" = { company = \"Волна\" }");

    let address = people("\"r1.cust1\" = { email = \"nobody\" }");
    let private = "company = \"техподдержка (Частные задачи)\", direction = \"Голос\"";
    let private_company = error(
        REDMINE_KEY,
        &map.replace("company = \"ТОО «Көкше Телеком»\", direction = \"Голос\"", private),
    );
    let only = import(&app, &redmine, &["--only", "r1-a, nowhere"]);

    assert!(address.contains("«nobody» is not an address"), "{address}");
    assert!(private_company.contains("company of private issues"), "{private_company}");
    assert!(only.err.contains("there is no project nowhere"), "{}", only.err);
    assert!(field.contains("there is no field «Серийный номр»"), "{field}");
    assert!(login.contains("there is no person with the login «nobody»"), "{login}");
    assert!(company.contains("no project belongs to the company «Волна»"), "{company}");
    assert!(key.contains("does not know the key"), "{key}");
    assert!(word.contains("line 7") && word.contains("progress"), "{word}");
    assert!(gap.contains("the map is incomplete"), "{gap}");
    assert!(stopped.contains("issues are private"), "{stopped}");
    assert!(member.contains("unknown field `project`"), "{member}");
    assert!(place.contains("(r1-b) needs a company and a direction"), "{place}");
    assert!(twice.contains("two fields are mapped to product"), "{twice}");
    assert_eq!(app.count("select from tickets"), 0);
    assert_eq!(app.count("select from imported"), 0);
}

/// Bytes of another length than was recorded come over as they are, and the report and the comparison say so.
#[test]
fn c1_a_damaged_file_does_not_stop_an_import() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    redmine.change(|it| it.files.insert(10_003, b"x".to_vec()));

    let out = imported(&app, &redmine, &[]);
    let compared = imported(&app, &redmine, &["--verify"]);

    assert!(out.contains("the bytes of 1 files are others than recorded there"), "{out}");
    assert!(out.contains("«firmware-notes.txt» (№10003)"), "{out}");
    assert!(compared.contains("1 files whose bytes are others than recorded there"), "{compared}");
    assert_eq!(app.count("select from attachments where size = 1"), 1);
}

/// A map that somebody has corrected is not overwritten by proposals.
#[test]
fn c1_a_map_that_is_there_stays() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    let file = made_folder().join("mine.toml");
    std::fs::write(&file, "mine").unwrap();

    let output = import(&app, &redmine, &["--write-map", &file.display().to_string()]);

    assert_eq!(output.code, 1, "{}", output.out);
    assert!(output.err.contains("is there already"), "{}", output.err);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
}
