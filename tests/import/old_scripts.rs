//! What old scripts of a Redmine ask for, after a move.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::command::import_with;
use super::redmine::person;
use crate::support::{REDMINE_KEY, Redmine, TestApp};

/// The key that an engineer, or a customer, had there.
pub const ENGINEER: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
pub const CUSTOMER: &str = "cccccccccccccccccccccccccccccccccccccccc";

pub struct Scripts {
    pub app: TestApp,
    pub redmine: Redmine,
}

impl Scripts {
    pub fn moved() -> Self {
        Self::moved_with(include_str!("map.toml"), &[])
    }

    pub fn moved_with(map: &str, options: &[&str]) -> Self {
        let page = ("HELPDESK_TICKET_URL", "https://portal.example/tickets/{id}");
        let app = TestApp::spawn_with(&[("HELPDESK_REDMINE_API", "true"), page]);
        let redmine = Redmine::start();
        redmine.change(|it| {
            for (id, key) in [(33, ENGINEER), (38, CUSTOMER)] {
                it.lists.insert(
                    format!("/users/{id}.json"),
                    json!({ "user": {
                    "id": id, "login": "x", "created_on": "2025-01-01T00:00:00Z", "api_key": key,
                } }),
                );
            }
        });
        let options = [&["--keep-keys"], options].concat();
        let done = import_with(&app, &redmine, REDMINE_KEY, map, &options);
        assert_eq!(done.code, 0, "{}", done.err);
        Self { app, redmine }
    }

    pub fn get(&self, key: &str, path: &str) -> (u16, Value) {
        let headers = [("x-redmine-api-key", key)];
        let response = self.app.server.client.send_unchecked("GET", path, &headers, None);
        (response.status, serde_json::from_str(&response.text).unwrap_or_default())
    }

    /// Sends JSON; returns the status and what came back.
    pub fn send(&self, key: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let headers = [("x-redmine-api-key", key), ("content-type", "application/json")];
        let body = body.to_string();
        let client = &self.app.server.client;
        let response = client.send_unchecked(method, path, &headers, Some(body.as_bytes()));
        (response.status, serde_json::from_str(&response.text).unwrap_or_default())
    }

    #[track_caller]
    pub fn read(&self, key: &str, path: &str) -> Value {
        let (status, body) = self.get(key, path);
        assert_eq!(status, 200, "{path}: {body}");
        body
    }
}

/// Issues are what they were, by the numbers of the Redmine, with what belongs to them.
#[test]
fn c1_old_scripts_read_what_a_redmine_answered() {
    let scripts = Scripts::moved();
    let id = Redmine::tagged("cf-all");
    let was = scripts.redmine.change(|it| it.issue(id).clone());

    let include = "journals,attachments,watchers,relations,children";
    let issue =
        &scripts.read(ENGINEER, &format!("/redmine/issues/{id}.json?include={include}"))["issue"];

    for name in [
        "id",
        "project",
        "tracker",
        "status",
        "priority",
        "author",
        "subject",
        "start_date",
        "due_date",
        "done_ratio",
        "is_private",
        "created_on",
        "updated_on",
        "closed_on",
    ] {
        assert_eq!(issue[name], was[name], "{name}");
    }
    let fields = |it: &Value| -> Vec<(i64, Value)> {
        let all = it["custom_fields"].as_array().unwrap().iter();
        all.map(|it| (it["id"].as_i64().unwrap(), it["value"].clone())).collect()
    };
    assert_eq!(fields(issue), fields(&was));
    assert_eq!(issue["journals"][0]["notes"], "Уточнены поля.");
    assert_eq!(issue["journals"][0]["user"]["id"], 33);
    assert_eq!(issue["watchers"][0]["id"], 33);
    let hidden = &scripts.read(CUSTOMER, &format!("/redmine/issues/{id}.json"))["issue"];
    assert!(!hidden.to_string().contains("INT-8"));
}

/// Filters, sorting, paging and totals.
#[test]
fn c1_old_scripts_filter_as_they_did() {
    let scripts = Scripts::moved();
    let total = |query: &str| {
        scripts.read(ENGINEER, &format!("/redmine/issues.json?{query}"))["total_count"]
            .as_i64()
            .unwrap()
    };

    let (open, closed, all) = (total(""), total("status_id=closed"), total("status_id=*"));
    assert_eq!(open + closed, all);
    assert_eq!(all, 71);
    assert_eq!(total("f[]=status_id&op[status_id]=c"), closed);
    assert_eq!(total("status_id=*&project_id=r1-a"), total("status_id=*&project_id=21"));
    assert!(total("status_id=1|2") > 0);
    assert_eq!(total("status_id=*&cf_1=~ESR-200"), total("status_id=*&cf_1=ESR-200"));
    assert_eq!(total("status_id=*&cf_2=IPTV"), 1);
    assert_eq!(total("status_id=*&issue_id=20020,20021"), 2);
    assert_eq!(total("status_id=*&is_private=1"), 1);
    assert_eq!(total("status_id=*&updated_on=%3E%3D2020-01-01T00:00:00Z"), 71);
    let page = scripts.read(ENGINEER, "/redmine/issues.json?status_id=*&sort=id&limit=3&offset=2");
    let ids: Vec<i64> =
        page["issues"].as_array().unwrap().iter().map(|it| it["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, [20_022, 20_023, 20_024]);
    // Words are sorted by their places in their lists, and not by what they are called here.
    let sorted =
        scripts.read(ENGINEER, "/redmine/issues.json?status_id=*&sort=status,tracker&limit=100");
    let places: Vec<(i64, i64)> = sorted["issues"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["status"]["id"].as_i64().unwrap(), it["tracker"]["id"].as_i64().unwrap()))
        .collect();
    let statuses = scripts.read(ENGINEER, "/redmine/issue_statuses.json")["issue_statuses"].clone();
    let place =
        |id: i64| statuses.as_array().unwrap().iter().position(|it| it["id"] == id).unwrap();
    assert!(places.is_sorted_by_key(|it| (place(it.0), it.1)), "{places:?}");
    assert_eq!(scripts.get(ENGINEER, "/redmine/issues.json?unknown=1").0, 422);
    assert_eq!(scripts.get(ENGINEER, "/redmine/issues.json?updated_on=yesterday").0, 422);
}

/// Relations are those that a Redmine stored, from whichever side they are seen.
#[test]
fn c1_old_scripts_read_relations_as_they_were() {
    let scripts = Scripts::moved();
    let mut kinds = BTreeSet::new();
    for tag in ["rel-main", "rel-other", "rel-orig", "rel-dup", "rel-first", "rel-second"] {
        let id = Redmine::tagged(tag);
        let was = scripts.redmine.change(|it| it.issue(id)["relations"].clone());
        let issue = scripts.read(ENGINEER, &format!("/redmine/issues/{id}.json?include=relations"));
        for relation in issue["issue"]["relations"].as_array().unwrap() {
            assert!(was.as_array().unwrap().contains(relation), "{tag}: {relation} of {was}");
            kinds.insert(relation["relation_type"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(
        kinds.into_iter().collect::<Vec<_>>(),
        ["blocks", "copied_to", "duplicates", "precedes", "relates"]
    );
    let path = format!("/tickets/{}/imported", Redmine::tagged("rel-orig"));
    let shown = scripts.app.engineer().get(&path).expect(200).body["relations"].clone();
    let labels: Vec<&str> =
        shown.as_array().unwrap().iter().map(|it| it["label"].as_str().unwrap()).collect();
    assert!(labels.contains(&"дублируется"), "{labels:?}");
}

/// Subtasks are a tree.
#[test]
fn c1_old_scripts_read_subtasks_of_subtasks() {
    let scripts = Scripts::moved();
    let ids = ["new", "private-notes", "cf-all"].map(Redmine::tagged);
    let moved = format!("update tickets set parent_id = {} where id = {}", ids[0], ids[1]);
    scripts.app.sql(&moved);
    scripts.app.sql(&format!("update tickets set parent_id = {} where id = {}", ids[1], ids[2]));

    let path = format!("/redmine/issues/{}.json?include=children", ids[0]);
    let children = scripts.read(ENGINEER, &path)["issue"]["children"].clone();

    assert_eq!(
        (&children[0]["id"], &children[0]["children"][0]["id"]),
        (&json!(ids[1]), &json!(ids[2]))
    );
    assert_eq!(children[0]["children"][0]["children"], Value::Null);
}

/// Queries that every Redmine begins with are there, and views of ours; others are named.
#[test]
fn c1_old_scripts_ask_by_saved_queries() {
    let scripts = Scripts::moved();
    let view = json!({ "name": "Закрытые", "filters": { "status": ["closed"] } });
    let view = person(&scripts.app, "r1.eng1").post("/views", view).expect(201).id();
    let all = scripts.read(ENGINEER, "/redmine/queries.json")["queries"].clone();
    let names: Vec<&str> =
        all.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Мои задачи", "Созданные задачи", "Отслеживаемые задачи", "Закрытые"]);
    assert_eq!(all[3]["id"], view + 1_000_000_000);
    let total = |query: &str| {
        scripts.read(ENGINEER, &format!("/redmine/issues.json?{query}"))["total_count"].clone()
    };
    assert_eq!(total("query_id=1"), total("assigned_to_id=me"));
    assert_eq!(total("query_id=4"), total("watcher_id=me"));
    assert_eq!(total(&format!("query_id={}", all[3]["id"])), total("status_id=5"));
    assert_eq!(scripts.get(ENGINEER, "/redmine/issues.json?query_id=99").0, 404);
    let (status, problem) = scripts.get(ENGINEER, "/redmine/issues.json?query_id=3");
    assert_eq!(status, 422, "{problem}");
    assert!(problem.to_string().contains("Обновленные задачи"), "{problem}");
}

/// Keys are good here alone, and for what their people may read.
#[test]
fn sec_az01_a_key_of_a_redmine_opens_nothing_else() {
    let scripts = Scripts::moved();
    let resolved = Redmine::tagged("resolved");

    assert_eq!(scripts.get("wrong", "/redmine/users/current.json").0, 401);
    assert_eq!(scripts.get(ENGINEER, "/redmine/users/current.json").1["user"]["login"], "r1.eng1");
    assert!(!scripts.read(ENGINEER, "/redmine/users/current.json").to_string().contains(ENGINEER));
    scripts.app.with_token(ENGINEER).get("/tickets").expect(401);
    assert_eq!(scripts.get(CUSTOMER, &format!("/redmine/issues/{resolved}.json")).0, 404);
    assert_eq!(scripts.get(CUSTOMER, "/redmine/projects/r1-b.json").0, 404);
    assert_eq!(scripts.get(CUSTOMER, "/redmine/projects/r1-b/versions.json").0, 404);
    let versions = |project: &str| {
        let path = format!("/redmine/projects/{project}/versions.json");
        let found = scripts.read(ENGINEER, &path)["versions"].clone();
        let names =
            found.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned());
        names.collect::<BTreeSet<_>>()
    };
    assert!(versions("r1-a").contains("3.17"));
    // What is shared with the projects below is theirs, what is not is not.
    assert!(versions("r1-sub").contains("3.19") && !versions("r1-sub").contains("3.17"));
    assert_eq!(scripts.get(CUSTOMER, "/redmine/custom_fields.json").0, 403);
    assert_eq!(scripts.get(ENGINEER, "/redmine/issues.xml").0, 406);
    let query = scripts.app.server.client.send_unchecked(
        "GET",
        &format!("/redmine/issue_statuses.json?key={ENGINEER}"),
        &[],
        None,
    );
    assert_eq!(query.status, 200);
    assert!(!scripts.app.server.log().contains(ENGINEER));
}

/// Without the setting there is no such thing.
#[test]
fn c1_the_compatible_api_is_off_unless_it_is_asked_for() {
    let app = TestApp::spawn();
    assert_eq!(
        app.server.client.send_unchecked("GET", "/redmine/issues.json", &[], None).status,
        404
    );
}

/// What changed in fields that are not stored here is in the journals as it was, and the fields are as imported.
#[test]
fn c1_old_scripts_read_fields_without_a_place_here() {
    let scripts = Scripts::moved();
    let names = [
        "done_ratio",
        "fixed_version_id",
        "category_id",
        "estimated_hours",
        "start_date",
        "due_date",
        "is_private",
        "child_id",
        "project_id",
        "relates",
        "blocks",
        "blocked",
        "duplicates",
        "duplicated",
        "precedes",
        "follows",
        "copied_to",
        "copied_from",
    ];
    let changed = |issue: &Value| -> BTreeSet<String> {
        let journals = issue["journals"].as_array().unwrap().iter();
        let details = journals.flat_map(|it| it["details"].as_array().unwrap());
        let details = details.filter(|it| names.contains(&it["name"].as_str().unwrap()));
        details
            .map(|it| format!("{} {} {}", it["name"], it["old_value"], it["new_value"]))
            .collect()
    };
    for was in scripts.redmine.change(|it| it.issues.clone()) {
        let path = format!("/redmine/issues/{}.json?include=journals", was["id"]);
        let issue = scripts.read(ENGINEER, &path)["issue"].clone();
        assert_eq!(changed(&issue), changed(&was), "{}", was["id"]);
        for name in ["fixed_version", "start_date", "due_date", "done_ratio"] {
            assert_eq!(issue[name], was[name], "{} {name}", was["id"]);
        }
        if was["status"]["is_closed"] == true {
            assert_eq!(issue["closed_on"], was["closed_on"], "{}", was["id"]);
        }
    }
    let version = scripts.read(ENGINEER, "/redmine/versions/1.json")["version"].clone();
    assert_eq!((&version["name"], &version["project"]["id"]), (&json!("3.17"), &json!(21)));
    assert_eq!(scripts.get(ENGINEER, "/redmine/versions/99.json").0, 404);
    let categories = scripts.read(ENGINEER, "/redmine/projects/r1-a/issue_categories.json");
    assert_eq!(categories["issue_categories"][1]["name"], "Прошивка");
}

/// Scripts save a file under the last part of its address, ask for lists by `include[]`, and for people of a group.
#[test]
fn c1_old_scripts_ask_in_every_form() {
    let scripts = Scripts::moved();
    let file = scripts.read(ENGINEER, "/redmine/attachments/10003.json")["attachment"].clone();
    let issue =
        scripts.read(ENGINEER, "/redmine/issues/20021.json?include[]=journals&include[]=watchers");
    let admin = scripts.app.admin();
    let key = "dddddddddddddddddddddddddddddddddddddddd";
    admin.post("/me/legacy-key", json!({ "key": key })).expect(201);

    let address = file["content_url"].as_str().unwrap();
    assert!(address.ends_with("/firmware-notes.txt"), "{address}");
    assert!(issue["issue"]["journals"].is_array() && issue["issue"]["watchers"].is_array());
    assert_eq!(scripts.read(key, "/redmine/users.json?group_id=49")["total_count"], 0);
    let person = scripts.read(key, "/redmine/users/38.json?include=memberships")["user"].clone();
    let projects: Vec<&Value> =
        person["memberships"].as_array().unwrap().iter().map(|it| &it["project"]["id"]).collect();
    assert!(projects.contains(&&json!(21)), "{person}");
}
