//! Whatever is asked for stays a value (IN08).

use std::fs;
use std::path::Path;

use crate::support::{TestApp, operations};

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
                let told = app.admin().get(&format!("{path}?{name}={value}"));
                assert!(told.status < 500, "{path}?{name}={value}: {}", told.text);
                tried += 1;
            }
        }
    }

    assert!(tried > 50, "{tried}");
    app.admin().get(&format!("/tickets/{ticket}")).expect(200);
    assert_eq!(app.count("select from tickets"), 1);
}

/// IN08: a statement is not put together where it is run.
#[test]
fn sec_in08_no_statement_is_formatted_where_it_is_run() {
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);

    assert!(files.len() > 200, "{}", files.len());
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let flat: String = text.split_whitespace().collect();
        for formatted in
            ["sql_query(format!", "sql_query(&format!", "sql::<format!", ".sql(&format!"]
        {
            assert!(!flat.contains(formatted), "{}: {formatted}", file.display());
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
