//! A list of people as a table: registered, or refused, as a whole (2.1).

use serde_json::{Value, json};

use crate::support::{Person, Response, TestApp};

fn send(person: &Person, query: &str, headers: &[(&str, &str)], table: &[u8]) -> Response {
    let headers = [&[("content-type", "text/csv")], headers].concat();
    person.send("POST", &format!("/users/import{query}"), &headers, Some(table))
}

fn import(person: &Person, query: &str, table: &str) -> Response {
    send(person, query, &[], table.as_bytes())
}

/// The line, the outcome and the wrong cells of each row.
fn rows(report: &Response) -> Vec<(i64, String, Vec<String>)> {
    let row = |it: &Value| {
        let errors = it["errors"].as_array().unwrap().iter();
        let error = |it: &Value| {
            format!("{} {}", it["pointer"].as_str().unwrap(), it["code"].as_str().unwrap())
        };
        let outcome = it["outcome"].as_str().unwrap().to_owned();
        (it["line"].as_i64().unwrap(), outcome, errors.map(error).collect())
    };
    report.body["rows"].as_array().unwrap().iter().map(row).collect()
}

/// 2.1: a Russian spreadsheet is imported as it is saved; everybody gets their access data, a repetition doubles nobody.
#[test]
fn c2_1_a_list_of_people_is_registered_and_invited() {
    let app = TestApp::spawn();
    let commercial = app.commercial();
    let table = "\u{feff}Фамилия;Имя;E-mail;Компания;Язык\r\n\
        Серикова;Дана;d.serikova@link.example;ЖЕТЫСУ линк;kk\r\n;;;;\r\n\
        Омарова;Айгуль;Customer@helpdesk.example;Жетысу Линк;\r\n\
        \"Ким; младший\";Олег;o.kim@link.example;Жетысу Линк;\r\n";

    let tried = import(&commercial, "?dry_run=true", table).expect(200);
    let before = app.count("select from users");
    let done = import(&commercial, "", table).expect(200);
    let again = import(&commercial, "", table).expect(200);

    let outcomes = |it: &Response| rows(it).into_iter().map(|it| (it.0, it.1)).collect::<Vec<_>>();
    let expected = [(2, "created"), (4, "known"), (5, "created")];
    let expected = expected.map(|(line, outcome)| (line, outcome.to_owned()));
    assert_eq!((outcomes(&tried), outcomes(&done)), (expected.to_vec(), expected.to_vec()));
    assert_eq!(
        (&tried.body["is_dry_run"], &tried.body["rows"][0]["user"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(app.count("select from users"), before + 2);
    assert_eq!((&again.body["created"], &again.body["known"]), (&json!(0), &json!(3)));
    let person = &done.body["rows"][2]["user"];
    assert_eq!(person["name"], "Олег Ким; младший");
    assert_eq!(again.body["rows"][2]["user"], *person);
    assert_eq!(again.body["rows"][1]["user"]["id"], app.customer().id);
    let shown = commercial.get(&format!("/users/{}", person["id"])).expect(200).body;
    assert_eq!(
        (&shown["company"]["id"], &shown["role"]),
        (&json!(app.ids.other_company), &json!("customer"))
    );
    assert_eq!((&shown["sees"], &shown["language"]), (&json!("all"), &json!("ru")));
    let password = app.mail_to("d.serikova@link.example").password();
    app.sign_in("d.serikova@link.example", &password).expect(200);
    let log = app.admin().get("/audit-log?action=users_import").expect(200);
    assert_eq!(log.items().len(), 1);
    assert_eq!(log.items()[0]["changes"]["user_ids"]["to"].as_array().unwrap().len(), 2);
}

/// 2.1: one wrong row keeps everybody out; each wrong cell is named by its line, and nobody is created by somebody who
/// may not create them.
#[test]
fn c2_1_a_list_with_a_wrong_row_registers_nobody() {
    let app = TestApp::spawn();
    let invitations = || app.count("select from mails where kind = 'invitation'");
    let (commercial, people, invited) =
        (app.commercial(), app.count("select from users"), invitations());
    let closed = app.admin().post("/companies", json!({ "name": "Закрытая" })).expect(201).id();
    app.admin().closes_company(closed);
    let own = app.ids.company;
    let table = format!(
        "first_name,last_name,email,role,company_id,sees,is_company_admin,language\n\
         Дана,Серикова,d@link.example,,{own},listed,да,\n\
         Олег,Ким,D@LINK.example,,{own},,,\n\
         Олег,Ким,o.kim,,{own},some,maybe,de\n\
         ,Ким,k@link.example,engineer,,,,\n\
         Олег,Ким,e@link.example,engineer,,,,\n\
         Олег,Ким,f@link.example,,,,,\n\
         Олег,Ким,g@link.example,,4000000,,,\n\
         Олег,Ким,h@link.example,,{closed},,,\n\
         \"=HYPERLINK(\"\"x\"\")\",Ким,i@link.example,,x,,,\n\
         Олег,Ким,l@link.example,,{own},,,,лишнее\n\
         Олег,Ким,m.kim,,4000000,,,\n"
    );
    let expected = [
        (2, "created", &[][..]),
        (3, "invalid", &["/lines/3/email repeated"]),
        (
            4,
            "invalid",
            &[
                "/lines/4/email wrong_format",
                "/lines/4/is_company_admin wrong_type",
                "/lines/4/language not_one_of",
                "/lines/4/sees not_one_of",
            ],
        ),
        (5, "invalid", &["/lines/5/first_name required", "/lines/5/role not_permitted"]),
        (6, "invalid", &["/lines/6/role not_permitted"]),
        (7, "invalid", &["/lines/7/company_id required"]),
        (8, "invalid", &["/lines/8/company_id not_found"]),
        (9, "invalid", &["/lines/9/company_id company_closed"]),
        (
            10,
            "invalid",
            &["/lines/10/company_id wrong_type", "/lines/10/first_name forbidden_character"],
        ),
        (11, "invalid", &["/lines/11 too_long"]),
        (12, "invalid", &["/lines/12/email wrong_format", "/lines/12/company_id not_found"]),
    ];

    let report = import(&commercial, "?dry_run=true", &table).expect(200);
    let refused = import(&commercial, "", &table).expect(422);

    let expected: Vec<_> = expected
        .iter()
        .map(|(line, outcome, errors)| {
            (*line, (*outcome).to_owned(), errors.iter().map(|it| (*it).to_owned()).collect())
        })
        .collect();
    assert_eq!(rows(&report), expected);
    assert_eq!((&report.body["created"], &report.body["invalid"]), (&json!(1), &json!(10)));
    let named: Vec<String> = expected.into_iter().flat_map(|it| it.2).collect();
    assert_eq!(refused.errors(), named);
    assert_eq!(app.count("select from users"), people);
    assert_eq!(invitations(), invited);
    let script = commercial.script(&["people:write"]);
    let staff = "first_name,last_name,email,role\nОлег,Ким,e@link.example,engineer\n";
    assert_eq!(import(&script, "", staff).expect(403).code(), "insufficient_scope");
    assert_eq!(import(&app.admin(), "", staff).expect(200).body["created"], 1);
}

/// IN01, RS01: a table has a header that is known, people and a bound; what is no table is refused.
#[test]
fn sec_in01_what_is_no_list_of_people_is_refused() {
    let app = TestApp::spawn();
    let commercial = app.commercial();
    let header = "first_name;last_name;email;company_id\n";
    let person = |it: usize| format!("Олег;Ким;{it}@link.example;{}\n", app.ids.company);
    let many: String = (0..1001).map(person).collect();

    for (table, errors) in [
        (header.to_owned(), &["/lines too_short"][..]),
        (format!("{header}{many}"), &["/lines too_long"]),
        (
            "Имя;Телефон;имя;Компания;company_id\nОлег;1;2;3;4\n".to_owned(),
            &[
                "/header/Телефон unknown_field",
                "/header/first_name repeated",
                "/header/last_name required",
                "/header/email required",
                "/header/company conflicts",
            ],
        ),
    ] {
        assert_eq!(import(&commercial, "", &table).expect(422).errors(), errors);
    }
    for (table, status, code) in [
        (&b""[..], 400, "malformed_table"),
        (b"\xff\xfe\x00\xd8", 400, "malformed_table"),
        (b"PK\x03\x04\x00", 400, "malformed_table"),
        (&[b'x'; 1_048_577], 413, "too_large"),
    ] {
        assert_eq!(send(&commercial, "", &[], table).expect(status).code(), code);
    }
    assert_eq!(
        import(&commercial, "?dry_run=yes", header).expect(422).errors(),
        ["dry_run wrong_type"]
    );
    let json = commercial.post("/users/import", json!({})).expect(415);
    assert_eq!(json.header("accept-post"), "application/octet-stream, text/csv");
    let bytes = [("content-type", "application/octet-stream")];
    let sent = commercial.send("POST", "/users/import", &bytes, Some(header.as_bytes()));
    assert_eq!(sent.expect(422).errors(), ["/lines too_short"]);
    let old = [
        b"first_name;last_name;email;company_id\n\xc8\xe2\xe0\xed;\xca\xe8\xec;i.kim@link.example;"
            .to_vec(),
        app.ids.company.to_string().into_bytes(),
    ]
    .concat();
    let read = send(&commercial, "", &[], &old).expect(200);
    assert_eq!(read.body["rows"][0]["user"]["name"], "Иван Ким");
}

/// A list that is sent twice with a key is done once; the key is not good for a trial and for the real thing.
#[test]
fn a_list_with_a_key_is_imported_once() {
    let app = TestApp::spawn();
    let commercial = app.commercial();
    let table = format!(
        "Имя;Фамилия;Почта;company_id\nОлег;Ким;o.kim@link.example;{}\n",
        app.ids.other_company
    );
    let sent =
        |query: &str| send(&commercial, query, &[("idempotency-key", "k1")], table.as_bytes());

    let first = sent("").expect(200);
    let second = sent("").expect(200);
    let other = sent("?dry_run=true").expect(422);

    assert_eq!((&first.body["created"], &second.body), (&json!(1), &first.body));
    assert_eq!(second.header("idempotency-replayed"), "true");
    assert_eq!(other.code(), "idempotency_key_reused");
    let invited = "select from mails join users on users.id = user_id where kind = 'invitation' and email like 'o.kim@%'";
    assert_eq!(app.count(invited), 1);
}
