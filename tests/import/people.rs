//! People of the other system: who they become here, and what follows of what happens to them there.

use serde_json::json;

use super::command::{import_with, imported};
use super::old_scripts::{ENGINEER, Scripts};
use crate::support::{REDMINE_KEY, Redmine, TestApp};

const MAP: &str = include_str!("map.toml");

/// Whether somebody's account is open.
fn is_open(app: &TestApp, login: &str) -> bool {
    let account = format!(
        "select from users join imported on imported.id = users.id and kind = 'person'
         where is_active and about ->> 'login' = '{login}'"
    );
    app.count(&account) == 1
}

fn role(app: &TestApp, login: &str) -> String {
    app.value(&format!(
        "select role from users join imported on imported.id = users.id and kind = 'person'
         where about ->> 'login' = '{login}'"
    ))
}

/// A customer who helps out as support in one project there does not become support for all here.
#[test]
fn sec_az01_a_customer_who_is_support_elsewhere_stays_a_customer() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    redmine.change(|it| it.set_roles(24, 38, &[4]));

    let before = imported(&app, &redmine, &["--dry-run"]);
    let out = imported(&app, &redmine, &[]);

    let remark =
        "is a customer, and support in «ТОО «Көкше Телеком» - Телефония»: comes over as a customer";
    assert!(before.contains(remark), "{before}");
    assert!(out.contains(remark), "{out}");
    assert_eq!(role(&app, "r1.cust1"), "customer");
    imported(&app, &redmine, &["--discard-import"]);
    let named = format!("{MAP}\n[people]\n\"r1.cust1\" = {{ role = \"engineer\" }}\n");
    let output = import_with(&app, &redmine, REDMINE_KEY, &named, &[]);
    assert_eq!(output.code, 0, "{}", output.err);
    assert_eq!(role(&app, "r1.cust1"), "engineer");
}

/// An account that an import created is closed with its person there, once, and opened again with them; what an
/// admin did here, and accounts that were here before, stay.
#[test]
fn c1_accounts_follow_their_people() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    let mine = app.customer().id;
    app.set_address(mine, "r1.cust2@rich.test");
    imported(&app, &redmine, &[]);
    let status = |person: i64, status: Option<i64>| {
        redmine.change(|it| it.set_status(person, status));
        imported(&app, &redmine, &["--delta"])
    };
    let open = |login: &str| is_open(&app, login);

    status(38, Some(3));
    let locked = open("r1.cust1");
    status(38, Some(1));
    let unlocked = open("r1.cust1");
    status(38, Some(3));
    app.sql(
        "update users set is_active = true, version = version + 1 from imported
         where kind = 'person' and imported.id = users.id and about ->> 'login' = 'r1.cust1'",
    );
    status(39, Some(3));
    let gone = status(43, None);

    assert!(!locked && unlocked);
    assert!(open("r1.cust1"), "an admin opened it");
    assert!(open("r1.cust2"), "it was here before");
    assert!(!open("r1.twin1"));
    assert!(gone.contains("r1.twin1: was deleted there, and is closed here"), "{gone}");
}

/// Another role there is reported and not followed.
#[test]
fn c1_another_role_in_the_source_is_reported() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    imported(&app, &redmine, &[]);
    redmine.change(|it| (21..=27).for_each(|project| it.set_roles(project, 36, &[5])));

    let out = imported(&app, &redmine, &["--delta"]);

    assert!(out.contains("is customer by what the source says, and engineer here"), "{out}");
    assert_eq!(role(&app, "r1.lead"), "engineer");
}

/// Whoever is an engineer there and a customer here gets no tickets of others, to work on or to watch.
#[test]
fn sec_az01_an_account_has_the_rights_of_its_role_here() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    let mine = app.customer().id;
    app.set_address(mine, "r1.eng1@rich.test");

    imported(&app, &redmine, &[]);
    let compared = imported(&app, &redmine, &["--verify"]);

    for table in [
        "tickets where assignee_id",
        "ticket_watchers where user_id",
        "direction_engineers where user_id",
    ] {
        assert_eq!(app.count(&format!("select from {table} = {mine}")), 0, "{table}");
    }
    let kept = "select from imported where kind = 'ticket' and about -> 'fields' @> '[{\"key\": \"assigned_to\"}]'";
    assert!(app.count(kept) > 0);
    assert!(compared.contains("nothing differs"), "{compared}");
}

/// A customer who is in no project there any more sees none here.
#[test]
fn sec_az01_who_left_all_projects_there_sees_none_here() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    imported(&app, &redmine, &[]);
    let members =
        "select from project_members join imported on imported.id = user_id and kind = 'person'
                   where about ->> 'login' = 'r1.cust1'";
    let before = app.count(members);
    redmine.change(|it| (21..=27).for_each(|project| it.set_roles(project, 38, &[])));

    let out = imported(&app, &redmine, &["--delta"]);

    assert!(before > 0);
    assert_eq!(app.count(members), 0, "{out}");
    assert!(
        out.contains("r1.cust1 (Павел Попов): is a member of no project that is mapped"),
        "{out}"
    );
    assert!(is_open(&app, "r1.cust1"));
}

/// A key that was reset there is no longer good here.
#[test]
fn sec_az01_a_key_that_was_reset_is_revoked() {
    let scripts = Scripts::moved();
    let new = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
    scripts.redmine.change(|it| it.lists["/users/33.json"]["user"]["api_key"] = json!(new));

    imported(&scripts.app, &scripts.redmine, &["--keep-keys"]);

    assert_eq!(scripts.get(ENGINEER, "/redmine/users/current.json").0, 401);
    assert_eq!(scripts.get(new, "/redmine/users/current.json").0, 200);
}

/// A blank behind a name makes no second company, and a closed project does not close the place that it shares
/// with an active one.
#[test]
fn c1_names_of_the_map_are_compared_without_blanks() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    let place = "company = \"ПАО «Волна»\", direction = \"SDN\"";
    let map = MAP.replace("company = \"АО «Горсеть № 5»\", direction = \"Доступ\"", place).replace(
        &format!("\"r1-a\" = {{ {place}"),
        "\"r1-a\" = { company = \"ПАО «Волна» \", direction = \"SDN\"",
    );

    let output = import_with(&app, &redmine, REDMINE_KEY, &map, &[]);

    assert_eq!(output.code, 0, "{}", output.err);
    assert_eq!(app.count("select from companies where name like 'ПАО «Волна»%'"), 1);
    let active = "select from projects join companies on companies.id = company_id
        join directions on directions.id = direction_id
        where companies.name = 'ПАО «Волна»' and directions.name = 'SDN' and is_active";
    assert_eq!(app.count(active), 1);
}
