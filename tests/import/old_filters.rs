//! The filters of old scripts: each finds what it found there, and its opposite the rest.

use serde_json::{Value, json};

use super::old_scripts::{ENGINEER, Scripts};
use crate::support::Redmine;

const MAP: &str = include_str!("map.toml");

impl Scripts {
    /// How many issues, open or not, match.
    #[track_caller]
    fn total(&self, query: &str) -> i64 {
        let path = format!("/redmine/issues.json?status_id=*&{query}");
        self.read(ENGINEER, &path)["total_count"].as_i64().unwrap()
    }
}

/// A project has what is below it, unless a script says otherwise, and its private issues.
#[test]
fn c1_old_scripts_filter_by_project_as_there() {
    let scripts = Scripts::moved();
    let total = |query: &str| scripts.total(query);

    assert_eq!((total("project_id=21"), total("project_id=r1-sub")), (49, 2));
    assert_eq!(total("project_id=21&subproject_id=!*"), 47);
    assert_eq!(total("project_id=r1-a&subproject_id=23"), 49);
    assert_eq!((total("project_id=21&is_private=1"), total("project_id=21&is_private=0")), (1, 48));
    let private =
        scripts.read(ENGINEER, &format!("/redmine/issues/{}.json", Redmine::tagged("private")));
    assert_eq!(private["issue"]["project"]["id"], 21);
    assert!(total("fixed_version_id=*") > 0);
    assert_eq!(total("fixed_version_id=*") + total("fixed_version_id=!*"), 71);
    let epic = Redmine::tagged("epic");
    let (children, below) =
        (total(&format!("parent_id={epic}")), total(&format!("parent_id=~{epic}")));
    assert!(below > children && children > 0, "{below} {children}");
}

/// The opposite of a filter is what it leaves.
#[test]
fn c1_the_opposite_of_a_filter_finds_the_rest() {
    let scripts = Scripts::moved();
    let total = |query: &str| scripts.total(query);

    for (filter, opposite) in [
        ("author_id=38", "author_id=!38"),
        ("author_id=38", "f[]=author_id&op[author_id]=!&v[author_id][]=38"),
        ("assigned_to_id=34", "assigned_to_id=!34"),
        ("assigned_to_id=*", "assigned_to_id=!*"),
        ("watcher_id=33", "watcher_id=!33"),
        ("issue_id=20020,20021", "issue_id=!20020,20021"),
        ("subject=~%D0%B0", "subject=!~%D0%B0"),
        ("tracker_id=1", "tracker_id=!1"),
        ("cf_1=ESR-200|vSBC", "cf_1=!ESR-200|vSBC"),
        ("cf_4=*", "cf_4=!*"),
        ("cf_2=IPTV", "cf_2=!IPTV"),
    ] {
        assert!(total(filter) > 0, "{filter}");
        assert_eq!(total(filter) + total(opposite), 71, "{filter}");
    }
    assert_eq!(total("cf_1=ESR-200|vSBC"), total("cf_1=ESR-200") + total("cf_1=vSBC"));
}

/// What is no value, or no operator, of a filter is refused in words.
#[test]
fn c1_impossible_filters_are_refused() {
    let scripts = Scripts::moved();
    for query in [
        "created_on=-200000-01-01",
        "created_on=%2B262142-12-31",
        "updated_on=<%3D-5000-01-01",
        "updated_on=>t-99999999",
        "tracker_id=~1",
        "author_id=>%3D1",
        "cf_4=*SN",
        "cf_99=x",
        "subject=",
        "project_id=*",
        "closed_on=>t-x",
        "f[]=subject&op[subject]=ev&v[subject][]=x",
    ] {
        let query = query.replace('<', "%3C").replace('>', "%3E");
        let (status, body) = scripts.get(ENGINEER, &format!("/redmine/issues.json?{query}"));
        assert_eq!(status, 422, "{query}: {body}");
    }
    let far = "/redmine/issues.json?page=9223372036854775807&limit=100";
    assert_eq!(scripts.read(ENGINEER, far)["issues"], json!([]));
}

/// Two projects that became one are still found by the numbers and names that both had.
#[test]
fn c1_projects_that_became_one_keep_their_names() {
    let one = "company = \"ПАО «Волна»\", direction = \"SDN\"";
    let other = "company = \"ПАО «Волна»\", direction = \"Беспроводная сеть\"";
    let scripts = Scripts::moved_with(&MAP.replace(other, one), &[]);

    for (name, id) in [("21", 21), ("r1-a", 21), ("22", 22), ("r1-a2", 22)] {
        let shown = scripts.read(ENGINEER, &format!("/redmine/projects/{name}.json"));
        assert_eq!(shown["project"]["id"], id);
        let query = format!(
            "/redmine/issues.json?status_id=*&project_id={name}&subproject_id=!*&limit=100"
        );
        let issues = scripts.read(ENGINEER, &query)["issues"].clone();
        let issues = issues.as_array().unwrap();
        assert_eq!(issues.len(), if id == 21 { 47 } else { 4 });
        assert!(issues.iter().all(|it| it["project"]["id"] == id), "{name}");
    }
}

/// Where numbers were shifted, scripts and old links find a ticket by the number it had, and what we answer with
/// is not shifted again.
#[test]
fn c1_shifted_numbers_are_found_by_scripts() {
    let scripts = Scripts::moved_with(MAP, &["--shift", "100000"]);
    let page = |address: &Value| {
        let (_, path) = address.as_str().unwrap().split_once("/redmine").unwrap();
        let client = &scripts.app.server.client;
        let response = client.send_unchecked("GET", &format!("/redmine{path}"), &[], None);
        response.header("location").to_owned()
    };

    let old = scripts.read(ENGINEER, "/redmine/issues/20020.json");
    let new = scripts.read(ENGINEER, "/redmine/issues/120020.json");
    let found = scripts.read(ENGINEER, "/redmine/search.json?q=20020")["results"].clone();
    let found = found.as_array().unwrap().iter().find(|it| it["id"] == 120_020).unwrap();

    assert_eq!((&old["issue"]["id"], &old), (&json!(120_020), &new));
    assert_eq!(scripts.total("issue_id=20020"), 1);
    assert_eq!(page(&found["url"]), "https://portal.example/tickets/120020");
    assert_eq!(page(&json!("/redmine/issues/20020")), "https://portal.example/tickets/120020");
}

/// Notes are searched, too, as far as the caller may read them.
#[test]
fn c1_old_scripts_search_notes() {
    let scripts = Scripts::moved();
    let found = |key: &str| {
        let results =
            scripts.read(
                key,
                "/redmine/search.json?q=%D0%A3%D1%82%D0%BE%D1%87%D0%BD%D0%B5%D0%BD%D1%8B",
            )["results"]
                .clone();
        results.as_array().unwrap().iter().map(|it| it["id"].as_i64().unwrap()).collect::<Vec<_>>()
    };

    assert!(found(ENGINEER).contains(&Redmine::tagged("cf-all")));
}

/// Times are filtered by periods, too; of a name that is given twice the last counts, as in Rails.
#[test]
fn c1_old_scripts_filter_by_periods() {
    let scripts = Scripts::moved();
    let total = |query: &str| scripts.total(query);

    assert_eq!((total("closed_on=*"), total("closed_on=!*")), (13, 58));
    assert_eq!(total("closed_on=%3E%3D2026-11-20T00:00"), 3);
    assert_eq!(total("created_on=t"), total("created_on=%3Et-0"));
    assert_eq!(total("created_on=!*"), 0);
    assert_eq!(total("created_on=%3Ct-0"), 71);
    assert_eq!(total("f[]=updated_on&op[updated_on]=lw"), total("updated_on=lw"));
    assert_eq!(total("tracker_id=1&tracker_id=2"), total("tracker_id=2"));
    assert_eq!(total("is_private=true"), total("is_private=1"));
}

/// Lists are sorted by what has no column of its own here, too.
#[test]
fn c1_old_scripts_sort_by_fields() {
    let scripts = Scripts::moved();
    let sorted = |sort: &str, member: &str| {
        let path = format!("/redmine/issues.json?status_id=*&limit=100&sort={sort}");
        let issues = scripts.read(ENGINEER, &path)["issues"].clone();
        issues.as_array().unwrap().iter().map(|it| it[member].clone()).collect::<Vec<_>>()
    };

    let days: Vec<String> =
        sorted("start_date", "start_date").iter().map(Value::to_string).collect();
    assert!(days.is_sorted(), "{days:?}");
    let shares = sorted("done_ratio:desc", "done_ratio");
    assert!(shares.iter().map(|it| it.as_i64().unwrap()).is_sorted_by(|one, other| one >= other));
    assert!(shares[0].as_i64() > Some(0));
    let first = sorted("fixed_version", "fixed_version");
    assert_eq!((&first[0]["name"], &first[1]["name"]), (&json!("3.17"), &json!("3.18")));
    let projects: Vec<Value> = sorted("project,id", "project");
    let changes = projects.windows(2).filter(|it| it[0] != it[1]).count();
    assert_eq!(changes, 6, "each project in one piece");
}
