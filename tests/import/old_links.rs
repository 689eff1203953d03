//! Old links of people lead to where the thing is now.

use super::old_scripts::{ENGINEER, Scripts};
use crate::support::{Redmine, TRUTH};

/// A ticket's page, a file's content; to what is not there none leads.
#[test]
fn c1_old_links_lead_to_where_the_thing_is_now() {
    let scripts = Scripts::moved();
    let id = Redmine::tagged("new");
    let file = TRUTH["issues"]["resolved"]["files"][0]["id"].as_i64().unwrap();
    let here = scripts.app.value::<i64>(&format!(
        "select id from imported where kind = 'file' and source_id = {file}"
    ));
    let leads_to = |path: &str| {
        let response = scripts.app.server.client.send_unchecked("GET", path, &[], None);
        (response.status, response.header("location").to_owned())
    };

    let (status, page) = leads_to(&format!("/redmine/issues/{id}"));
    let (of_file, content) =
        leads_to(&format!("/redmine/attachments/download/{file}/firmware-notes.txt"));

    assert_eq!((status, page), (302, format!("https://portal.example/tickets/{id}")));
    assert_eq!(of_file, 302);
    assert!(content.ends_with(&format!("/api/v1/attachments/{here}/content")), "{content}");
    assert_eq!(leads_to(&format!("/redmine/attachments/{file}")).1, content);
    assert_eq!(leads_to("/redmine/attachments/download/99999999/x").0, 404);
    let headers = [("x-redmine-api-key", ENGINEER)];
    let path = format!("/redmine/attachments/download/{file}/firmware-notes.txt");
    let bytes = scripts.app.server.client.send_unchecked("GET", &path, &headers, None);
    assert_eq!((bytes.status, bytes.text.len()), (200, 868));
}
