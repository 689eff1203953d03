//! Who finds what (AZ04): rights are part of the index.

use serde_json::json;

use crate::support::{Plans, Server, TestApp, nodes};

/// A ticket of the customer with a note, and one of another company.
fn fill(app: &TestApp) -> (i64, i64) {
    let own = app.customer().has_filed(app.request_with(&json!({
        "subject": "Пропадает регистрация телефона", "description": "Раз в час аппарат Кварцит теряет связь.",
    })));
    let foreign = app.stranger().has_filed(app.request_with(&json!({
        "project_id": app.ids.other_project, "subject": "Перегревается гранитоид",
        "description": "В шкафу жарко, вентилятор XQZ-7788 не крутится.",
    })));
    app.engineer().writes_note(own, "Похоже на брак партии, в лаборатории стоит малахитник.");
    app.wait_for_index();
    (own, foreign)
}

/// AZ04: support finds notes; the customer finds nothing of them in results, counts, corrections,
/// suggestions and excerpts.
#[test]
fn sec_az04_a_customer_finds_nothing_of_notes() {
    let app = TestApp::spawn();
    let (own, _) = fill(&app);
    let (customer, engineer) = (app.customer(), app.engineer());

    assert_eq!(engineer.finds("малахитник"), [own]);
    let note = engineer.searches_with("малахитник", "&in=notes").expect(200);
    assert_eq!(note.items()[0]["found_in"][0]["place"], "notes");
    assert_eq!(engineer.is_suggested("малах"), ["малахитник"]);

    for (q, more) in
        [("малахитник", ""), ("малахитнек", ""), ("малахитник", "&in=notes"), ("vfkf[bnybr", "")]
    {
        let found = customer.searches_with(q, more).expect(200);
        assert_eq!(found.items().len(), 0, "{q}");
        assert_eq!(found.body["total"], json!({ "count": 0, "is_exact": true }), "{q}");
        assert_eq!(found.body["interpreted_as"], json!(null), "{q}");
    }
    assert_eq!(customer.is_suggested("малах"), Vec::<String>::new());
    let own_words = customer.searches_with("кварцит малахитник", "").expect(200);
    assert!(!own_words.text.contains("лаборатории"), "{}", own_words.text);
}

/// AZ04: a customer finds nothing of another company, whose words correct none of theirs.
#[test]
fn sec_az04_a_customer_finds_nothing_of_another_company() {
    let app = TestApp::spawn();
    let (own, foreign) = fill(&app);
    let (customer, stranger) = (app.customer(), app.stranger());

    assert_eq!(stranger.finds("гранитоид"), [foreign]);
    assert_eq!(app.engineer().finds("гранитоида"), [foreign]);
    assert_eq!(customer.finds("кварциты"), [own]);
    assert_eq!(stranger.is_suggested("xqz"), ["xqz", "xqz-7788"]);
    for q in ["гранитоид", "гранитойд", "XQZ-7788", "xqz7", &foreign.to_string()]
    {
        let found = customer.searches_with(q, "").expect(200);
        assert_eq!(found.items().len(), 0, "{q}");
        assert_eq!(found.body["total"]["count"], 0, "{q}");
        assert_eq!(found.body["interpreted_as"], json!(null), "{q}");
    }
    assert_eq!(customer.is_suggested("xqz"), Vec::<String>::new());
    let asked = format!("&company_id={}", app.ids.other_company);
    assert_eq!(customer.searches_with("гранитоид", &asked).expect(200).items().len(), 0);
}

/// AZ04: the plan of a customer's search reads no row of what support finds.
#[test]
fn sec_az04_a_customers_search_reads_no_row_of_notes() {
    let app = TestApp::spawn();
    fill(&app);
    let plans = Plans::of(&app);
    let server = Server::start(&app.database_url(), &[("HELPDESK_POOL", "1")]);

    app.customer().at(&server).finds("малахитник кварцит");

    for plan in plans.at_least(&["as closeness"], 1) {
        let tables: Vec<_> = nodes(&plan)
            .iter()
            .filter_map(|it| it["Relation Name"].as_str().map(str::to_owned))
            .collect();
        assert!(tables.iter().any(|it| it == "search_of_customers"), "{tables:?}");
        assert!(
            tables.iter().all(|it| it != "search_of_support" && it != "comments"),
            "{tables:?}"
        );
    }
}

/// AZ04: members of listed projects find nothing of the others, not even that a word occurs.
#[test]
fn sec_az04_a_member_finds_nothing_of_unlisted_projects() {
    let app = TestApp::spawn();
    let (own, _) = fill(&app);
    let colleague = app.colleague();
    assert_eq!(colleague.finds("кварцит"), [own]);
    app.commercial().narrows(&colleague, app.ids.wifi_project);

    for q in ["кварцит", "кварцыт", "rdfhwbn", "\"аппарат кварцит\""] {
        let found = colleague.searches_with(q, "").expect(200);
        assert_eq!(found.body["total"]["count"], 0, "{q}");
        assert_eq!(found.body["interpreted_as"], json!(null), "{q}");
    }
    assert_eq!(colleague.is_suggested("кварц"), Vec::<String>::new());
    assert_eq!(
        colleague.get("/tickets?q=%D0%BA%D0%B2%D0%B0%D1%80%D1%86%D0%B8%D1%82").ids(),
        Vec::<i64>::new()
    );
}
