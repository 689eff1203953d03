//! Failures are reported in one sentence, and leave nothing half done.

use super::command::{import, import_with, imported};
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
    redmine.change(|it| it.answers = usize::MAX);
    imported(&app, &redmine, &[]);
    let compared = imported(&app, &redmine, &["--verify"]);

    assert!(error.contains("answered 500"), "{error}");
    assert!(away.contains("does not answer"), "{away}");
    assert!(slow.contains("did not answer within 2 s"), "{slow}");
    for sentence in [error, away, slow] {
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
    let private = error(REDMINE_KEY, &map.replace("support_only", "stop"));
    let member = error(REDMINE_KEY, &map.replace("[projects]", "[project]"));
    let place = error(REDMINE_KEY, &map.replace("direction = \"Голос\"", "direction = \"\""));
    let twice = error(REDMINE_KEY, &map.replace("\"serial_number\"", "\"product\""));

    let field = error(REDMINE_KEY, &map.replace("\"Серийный номер\"", "\"Серийный номр\""));
    let people = |entry: &str| error(REDMINE_KEY, &format!("{map}\n[people]\n{entry}"));
    let login = people("\"nobody\" = { role = \"customer\" }");
    let company = people("\"r1.cust1\" = { company = \"Волна\" }");

    assert!(field.contains("there is no field «Серийный номр»"), "{field}");
    assert!(login.contains("there is no person with the login «nobody»"), "{login}");
    assert!(company.contains("no project belongs to the company «Волна»"), "{company}");
    assert!(key.contains("does not know the key"), "{key}");
    assert!(word.contains("line 7") && word.contains("progress"), "{word}");
    assert!(gap.contains("the map is incomplete"), "{gap}");
    assert!(private.contains("issues are private"), "{private}");
    assert!(member.contains("unknown field `project`"), "{member}");
    assert!(place.contains("(r1-b) needs a company and a direction"), "{place}");
    assert!(twice.contains("two fields are mapped to product"), "{twice}");
    assert_eq!(app.count("select from tickets"), 0);
    assert_eq!(app.count("select from imported"), 0);
}
