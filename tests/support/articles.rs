//! Articles.

use serde_json::{Value, json};

use super::app::TestApp;
use super::person::Person;
use super::response::Response;

impl TestApp {
    /// The id of an article that the engineer has written, and the admin published to customers.
    #[track_caller]
    pub fn article_for_customers(&self, article: Value) -> i64 {
        let id = self.engineer().post("/articles", article).expect(201).id();
        self.admin().publishes_article(id, 1, "customers").expect(200);
        id
    }
}

impl Person {
    /// Publishes a version of an article.
    pub fn publishes_article(&self, article: i64, version: i64, visibility: &str) -> Response {
        let body = json!({ "version": version, "visibility": visibility });
        self.post(&format!("/articles/{article}/publish"), body)
    }

    /// The numbers of the articles that are found.
    #[track_caller]
    pub fn finds_articles(&self, q: &str) -> Vec<i64> {
        let page = self.searches_with(q, "").expect(200);
        page.items().iter().filter_map(|it| it["article"]["id"].as_i64()).collect()
    }
}
