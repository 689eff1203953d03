//! Articles among the results.

use serde_json::{Value, json};

use crate::support::{Plans, Response, Server, TestApp, article, exclusive_plans, nodes, with};

fn articles(found: &Response) -> Vec<i64> {
    found.items().iter().filter_map(|it| it["article"]["id"].as_i64()).collect()
}

/// Advantage 4: of the filters of tickets, articles pass only the one by product, with one value or several; any other
/// leaves only tickets.
#[test]
fn a4_articles_pass_a_filter_by_product() {
    let app = TestApp::spawn();
    let about = |product: i64| {
        let products = json!({ "title": "Перегревается тахеометрон", "product_ids": [product] });
        app.article_for_customers(with(article(), &products))
    };
    let (wired, wireless) = (about(app.ids.product), about(app.ids.wifi_product));
    let everything =
        app.article_for_customers(with(article(), &json!({ "title": "Любой тахеометрон" })));
    let subject = json!({ "subject": "Перегревается тахеометрон" });
    let ticket = app.customer().has_filed(app.request_with(&subject));
    app.wait_for_index();
    let (one, other) = (app.ids.product, app.ids.wifi_product);

    for reader in [app.engineer(), app.customer()] {
        let finds = |more: &str| {
            let found = reader.searches_with("тахеометрон", more).expect(200);
            let mut articles = articles(&found);
            articles.sort_unstable();
            let tickets = found.items().iter().filter(|it| it["ticket"]["id"] == ticket).count();
            assert_eq!(found.body["total"]["count"], articles.len() + tickets, "{more}");
            (articles, tickets)
        };

        assert_eq!(finds(""), (vec![wired, wireless, everything], 1));
        assert_eq!(finds(&format!("&product_id={one}")), (vec![wired], 1));
        assert_eq!(finds(&format!("&product_id={other}")), (vec![wireless], 0));
        assert_eq!(finds(&format!("&product_id={one},{other}")), (vec![wired, wireless], 1));
        assert_eq!(finds(&format!("&product_id={one}&solved=false")), (vec![], 1));
        assert_eq!(finds(&format!("&product_id={one}&status=open")), (vec![], 1));
        assert_eq!(finds(&format!("&product_id={one}&in=articles")), (vec![wired], 0));
    }
}

/// Many articles of which none has the word.
const FILL: &str = "
    with article as (
        insert into articles (status, visibility, published_version, published_at, published_by, created_at)
        select 'published', 'customers', 1, now(), {author}, now() from generate_series(1, 20000)
        returning id
    ),
    version as (
        insert into article_versions (article_id, version, language, title, problem, solution, product_ids,
            author_id, created_at)
        select id, 1, 'ru', 'Порт ' || id, 'Порт.', 'Порт.', '{}', {author}, now() from article
    )
    insert into search_of_articles (article_id, is_public, vector, words)
    select id, true, ('''@p'' ''порт'':1A ''' || id || ''':2A')::tsvector, '{}' from article";

/// Advantage 4: a rare word is found by the index, for every reader: no search reads all articles.
#[test]
fn a4_an_article_is_found_by_its_words_alone() {
    let app = TestApp::spawn();
    app.ticket("new");
    app.sql(&FILL.replace("{author}", &app.admin().id.to_string()));
    let rare = json!({ "title": "Перегревается тахеометрон" });
    let rare = app.article_for_customers(with(article(), &rare));
    app.wait_for_index();
    app.sql("vacuum (analyze) articles, article_versions, search_of_articles, search_words");
    let _turn = exclusive_plans();
    let plans = Plans::of(&app);
    let server = Server::start(&app.database_url(), &[("HELPDESK_POOL", "1")]);

    for reader in [app.engineer(), app.customer()] {
        assert_eq!(reader.at(&server).finds_articles("тахеометрон"), [rare]);
    }

    for plan in plans.at_least(&["from hit join articles"], 2) {
        let read: Vec<&Value> = nodes(&plan);
        let uses = |member: &str, name: &str| read.iter().any(|it| it[member] == name);
        assert!(uses("Index Name", "search_of_articles_vector"), "{plan:#}");
        let is_whole = |it: &&Value| {
            it["Node Type"] == "Seq Scan" && it["Relation Name"] == "search_of_articles"
        };
        assert!(!read.iter().any(is_whole), "{plan:#}");
    }
}
