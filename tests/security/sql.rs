//! Whatever is asked for stays a value (IN08).

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::support::{TestApp, make, operations, path_on, payload, permissions};

/// IN08: what is sent in parameters is bound, never part of a statement: nothing fails, and what
/// stands for anything in a pattern of SQL stands for itself.
#[test]
fn sec_in08_parameters_are_bound() {
    let app = TestApp::spawn();
    let ticket = app.ticket("new");
    let hostile = [
        "%27%3B%20drop%20table%20tickets%3B%20--",
        "%27%20or%20%271%27%3D%271",
        "%22%29%20union%20select%20null--",
        "%25",
        "_",
        "%5C",
        "%24%24",
        "%3A%2A%20%26%20%21",
    ];

    let mut tried = 0;
    for operation in operations().iter().filter(|it| it.method == "GET") {
        let texts = operation.parameters().filter(|it| it["in"] == "query");
        for parameter in texts.filter(|it| it["schema"]["type"] == "string") {
            let (path, name) = (operation.path_of("1"), parameter["name"].as_str().unwrap());
            for value in hostile {
                let response = app.admin().get(&format!("{path}?{name}={value}"));
                assert!(response.status < 500, "{path}?{name}={value}: {}", response.text);
                tried += 1;
            }
        }
    }

    assert!(tried > 50, "{tried}");
    app.admin().get(&format!("/tickets/{ticket}")).expect(200);
    assert_eq!(app.count("select from tickets"), 1);
}

/// IN08: nor is what stands in a body: it is kept as it was sent, or refused.
#[test]
fn sec_in08_values_of_bodies_are_bound() {
    const HOSTILE: [&str; 3] =
        ["'; drop table tickets; --", "\\' or 1=1 /* $1 :company {} */", "%_"];
    let app = TestApp::spawn();
    let other = app.ticket("new");
    let tables = || app.count("select from pg_tables where schemaname = 'public'");
    let before = tables();
    let mut tried = 0;

    for operation in operations().into_iter().filter(|it| it.body().is_some()) {
        let rules = permissions(operation.id);
        let role = rules.first_role(|it| it != 403);
        let person = app.with_role(role);
        let members = operation.members().into_iter();
        for member in members.filter(|it| it.has_type("string") && it.schema["enum"].is_null()) {
            for value in HOSTILE {
                let id = make(&app, rules.thing, true, &person);
                let path = path_on(&app, &operation, id, other);
                let body = payload(&app, operation.id, role).unwrap_or_else(|| json!({}));
                let body = member.put(&body, json!(value));
                let response = person.call(&operation.method, &path, Some(&body));
                let what = format!("{} {}: {}", operation.id, member.pointer, response.text);
                assert!(response.status < 500, "{what}");
                let shown = &response.body[member.pointer.trim_start_matches('/')];
                assert!(response.status >= 300 || shown.is_null() || shown == value, "{what}");
                tried += 1;
            }
        }
    }

    assert!(tried > 200, "{tried}");
    assert_eq!(tables(), before);
    app.customer().get(&format!("/tickets/{other}")).expect(200);
}

/// IN08: nor is what old scripts ask a Redmine for.
#[test]
fn sec_in08_filters_of_old_scripts_are_bound() {
    let app = TestApp::spawn_with(&[("HELPDESK_REDMINE_API", "true")]);
    let ticket = app.ticket("new");
    app.sql(&format!(
        "insert into api_tokens (user_id, name, hash, scopes, created_at, expires_at)
         values ({}, 'x', sha256('old'), '{{}}', now(), now() + interval '1 day')",
        app.engineer().id,
    ));
    let ask = |query: &str| {
        let headers = [("x-redmine-api-key", "old")];
        let path = format!("/redmine/{query}");
        app.server.client.send_unchecked("GET", &path, &headers, None)
    };
    assert_eq!(ask("issues.json").body["total_count"], 1);

    for value in [
        "%27%3B%20drop%20table%20tickets%3B--",
        "~%27%25_%5C",
        "%00",
        "~%00",
        "%FF",
        "1%29%20or%20%281",
    ] {
        for name in [
            "subject",
            "description",
            "cf_1",
            "cf_2",
            "project_id",
            "tracker_id",
            "status_id",
            "author_id",
            "assigned_to_id",
            "parent_id",
            "issue_id",
            "created_on",
            "updated_on",
            "is_private",
            "sort",
            "limit",
            "offset",
            "f[]",
            "op[subject]",
            "v[subject][]",
            "include",
        ] {
            let response = ask(&format!("issues.json?{name}={value}"));
            assert!(response.status < 500, "{name}={value}: {}", response.text);
        }
        assert!(ask(&format!("search.json?q={value}")).status < 500, "{value}");
        assert!(ask(&format!("projects/{value}/issues.json")).status < 500, "{value}");
        assert!(ask(&format!("issues/{value}.json")).status < 500, "{value}");
    }
    assert_eq!(app.count("select from tickets"), 1);
    app.customer().get(&format!("/tickets/{ticket}")).expect(200);
}

/// Where a statement is put together of names and numbers that stand in the code.
const OF_OUR_OWN: [&str; 9] = [
    "http/by_name.rs",
    "import/writer/discard.rs",
    "jobs/find_work.rs",
    "redmine/filters.rs",
    "redmine/project_filter.rs",
    "redmine/sorting.rs",
    "tickets/lists/counts.rs",
    "tickets/lists/list.rs",
    "tickets/lists/total.rs",
];

/// IN08: a statement is not put together where it is run, but of what stands in the code.
#[test]
fn sec_in08_no_statement_is_formatted_where_it_is_run() {
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);

    assert!(files.len() > 200, "{}", files.len());
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let flat: String = text.split_whitespace().collect();
        let is_known = OF_OUR_OWN.iter().any(|it| file.ends_with(it));
        for run in ["sql_query(", "sql(", ">(", "batch_execute(", "push_sql("] {
            for formatted in ["format!", "&format!", "&*format!", "concat("] {
                let put_together = format!("{run}{formatted}");
                let places = flat.match_indices(put_together.as_str());
                // A fragment has its type before what it is made of: `sql::<Bool>(…)`.
                let mut runs = places.filter(|(at, _)| {
                    run != ">(" || flat[..*at].rfind("sql::<").is_some_and(|it| at - it < 40)
                });
                let is_put_together = runs.next().is_some();
                assert!(is_known || !is_put_together, "{}: {run}{formatted}", file.display());
            }
        }
    }
}

fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|it| it == "rs") {
            files.push(path);
        }
    }
}
