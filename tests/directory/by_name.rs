//! Lists of the directory, found by parts of names.

use serde_json::json;

use crate::support::{Person, TestApp};

/// A path whose query is written as it is read.
fn encoded(path: &str) -> String {
    let is_plain = |it: &u8| it.is_ascii() && *it != b' ';
    path.bytes()
        .map(|it| if is_plain(&it) { char::from(it).to_string() } else { format!("%{it:02X}") })
        .collect()
}

fn names(person: &Person, path: &str) -> Vec<String> {
    let name = |it: &serde_json::Value| match it["name"].as_str() {
        Some(name) => name.to_owned(),
        None => {
            format!("{} {}", it["last_name"].as_str().unwrap(), it["first_name"].as_str().unwrap())
        }
    };
    person.all(&encoded(path)).iter().map(name).collect()
}

/// 2.1: what is in the directory is found by parts of its name, in any case, in the order of names.
#[test]
fn c2_1_the_directory_is_found_by_parts_of_names() {
    let app = TestApp::spawn();
    let admin = app.admin();
    let cases = [
        ("/companies?q=ТЕЛЕ", vec!["Сары-Арка Телеком"]),
        ("/companies?q=арка%20сары", vec!["Сары-Арка Телеком"]),
        ("/companies?q=%25", vec![]),
        ("/companies?sort=name", vec!["Жетысу Линк", "Сары-Арка Телеком"]),
        ("/directions?q=wi-f", vec!["Wi-Fi"]),
        ("/products?q=1016m", vec!["SMG-1016M"]),
        ("/projects?q=жетысу%20телеф", vec!["Жетысу Линк - Телефония"]),
        ("/users?q=омар", vec!["Айгуль Омарова"]),
    ];

    for (path, expected) in cases {
        assert_eq!(names(&admin, path), expected, "{path}");
        assert_eq!(names(&admin, &format!("{path}&limit=1")), expected, "{path}");
    }
    let sorted = names(&admin, "/users?sort=name&limit=2");
    let mut again = sorted.clone();
    again.sort_by_key(|it| it.rsplit(' ').next().map(str::to_lowercase));
    assert_eq!(sorted, again);
    assert_eq!(sorted.len(), names(&admin, "/users").len());
    assert_eq!(admin.get("/users?q=%20").errors(), ["q blank"]);
    assert_eq!(admin.get("/companies?sort=-name").errors(), ["sort not_one_of"]);
}

/// AZ05: customers know no addresses, and find nobody by one; support does.
#[test]
fn customers_find_nobody_by_an_address() {
    let app = TestApp::spawn();
    let email = app.colleague().email;
    let local = email.split('@').next().unwrap();
    let path = format!("/users?q={local}");

    assert_eq!(app.engineer().get(&path).expect(200).ids(), [app.colleague().id]);
    assert!(app.customer().get(&path).expect(200).ids().is_empty());
    assert_eq!(
        app.customer().get(&encoded("/users?q=жаксы")).expect(200).ids(),
        [app.colleague().id]
    );
    assert!(app.stranger().get(&encoded("/users?q=жаксы")).expect(200).ids().is_empty());
    app.admin().post("/companies", json!({ "name": "100%_Связь" })).expect(201);
    assert_eq!(names(&app.admin(), "/companies?q=100%25_"), ["100%_Связь"]);
}
