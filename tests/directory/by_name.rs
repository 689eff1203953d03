//! Lists of the directory, found by parts of names.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::support::{Person, TestApp, document};

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

/// The longest names that a member of a schema may have, in the characters that need most space.
fn longest(schema: &str, member: &str) -> [String; 2] {
    let member = &document()["components"]["schemas"][schema]["properties"][member];
    let most = usize::try_from(member["maxLength"].as_u64().unwrap()).unwrap();
    ["𐎀", "𐎁"].map(|last| "𐎀".repeat(most - 1) + last)
}

/// The service takes every cursor that it gives, however long the names are by which a list is sorted.
#[test]
fn a_list_of_the_longest_names_is_walked_to_its_end() {
    let app = TestApp::spawn();
    let admin = app.admin();
    let direction = json!({ "name": &longest("DirectionCreate", "name")[0] });
    let direction = admin.post("/directions", direction).expect(201).id();
    admin
        .post("/directions", json!({ "name": &longest("DirectionCreate", "name")[1] }))
        .expect(201);
    for name in longest("CompanyCreate", "name") {
        let company = admin.post("/companies", json!({ "name": name })).expect(201).id();
        let project = json!({ "company_id": company, "direction_id": direction });
        admin.post("/projects", project).expect(201);
    }
    for name in longest("ProductCreate", "name") {
        admin.post("/products", json!({ "name": name, "direction_id": direction })).expect(201);
    }
    for (number, name) in longest("UserCreate", "last_name").into_iter().enumerate() {
        let person = json!({
            "first_name": &longest("UserCreate", "first_name")[0], "last_name": name,
            "email": format!("long{number}@helpdesk.example"), "role": "engineer",
        });
        admin.post("/users", person).expect(201);
    }

    for list in ["companies", "directions", "products", "projects", "users"] {
        let path = format!("/{list}?sort=name&limit=");
        assert_eq!(names(&admin, &format!("{path}1")), names(&admin, &format!("{path}100")));
    }
}

/// IN02: a forged place of a list has no U+0000, which the database cannot be asked for.
#[test]
fn sec_in02_a_forged_cursor_is_refused() {
    let app = TestApp::spawn();

    for list in ["companies", "directions", "products", "projects", "users"] {
        let path = format!("/{list}?sort=name&limit=1");
        let cursor = app.admin().get(&path).expect(200).word("next_cursor");
        let place = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).unwrap()).unwrap();
        let forged = URL_SAFE_NO_PAD.encode(place.replace("\"after\":[\"", "\"after\":[\"\\u0000"));

        let refused = app.admin().get(&format!("{path}&cursor={forged}")).expect(400);

        assert_eq!(refused.code(), "invalid_cursor", "{list}");
    }
}
