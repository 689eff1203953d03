//! Checks that the literals in schemas and texts are the constants that the code enforces.

use domain::search::MAX_QUERY;
use serde_json::Value;

use super::document;
use crate::attachments::attach::MAX_AT_ONCE;
use crate::credentials::secret::PASSWORD_LENGTH;
use crate::http::egress::MAX_URL;
use crate::http::maxima::{MAX_IN_LIST, MAX_REASON, MAX_SUBJECT, MAX_TEXT};
use crate::http::page::{DEFAULT_LIMIT, MAX_CURSOR, MAX_LIMIT};
use crate::notifications::read::MAX_UNREAD;
use crate::tickets::people::{link, watch};
use crate::{api_tokens, bulk, feed, jobs, me, uploads, users, webhooks};

#[test]
fn the_maxima_of_schemas_are_those_of_the_code() {
    let document = document();
    let texts = |schemas: &[&'static str], name: &'static str| -> Vec<(String, usize)> {
        schemas.iter().map(|it| (format!("{it}/properties/{name}/maxLength"), MAX_TEXT)).collect()
    };
    let lists = |schemas: &[&'static str], name: &'static str, most: usize| -> Vec<_> {
        schemas.iter().map(|it| (format!("{it}/properties/{name}/maxItems"), most)).collect()
    };
    let with_files = ["TicketCreate", "CommentCreate", "Confirmation", "TransitionCreate"];
    let others = [
        ("TicketCreate/properties/subject/maxLength", MAX_SUBJECT),
        ("TicketPatch/properties/subject/maxLength", MAX_SUBJECT),
        ("InboundMailTicket/properties/subject/maxLength", MAX_SUBJECT),
        ("TicketPatch/properties/reason/maxLength", MAX_REASON),
        ("Assignment/properties/reason/maxLength", MAX_REASON),
        ("TicketList/properties/q/maxLength", MAX_QUERY),
        ("WebhookCreate/properties/url/maxLength", MAX_URL),
        ("WebhookPatch/properties/url/maxLength", MAX_URL),
        ("PasswordChange/properties/new_password/minLength", *PASSWORD_LENGTH.start()),
        ("PasswordChange/properties/new_password/maxLength", *PASSWORD_LENGTH.end()),
        ("PasswordResetConfirm/properties/new_password/minLength", *PASSWORD_LENGTH.start()),
        ("PasswordResetConfirm/properties/new_password/maxLength", *PASSWORD_LENGTH.end()),
        ("NotificationPage/properties/unread_count/maximum", MAX_UNREAD as usize),
        ("NotificationsUnread/properties/unread_count/maximum", MAX_UNREAD as usize),
        ("MyCounts/properties/unread_comments/maximum", me::tickets::MAX_UNREAD as usize),
        ("Job/properties/last_error/maxLength", jobs::list::ERROR_LENGTH),
        ("Job/properties/waiting/maximum", jobs::backlog::MAX_COUNTED as usize),
        ("Job/properties/dead/maximum", jobs::backlog::MAX_COUNTED as usize),
        ("BulkCreate/properties/ids/maxItems", bulk::create::MAX_TICKETS as usize),
        ("BulkCreate/properties/expected_count/maximum", bulk::create::MAX_TICKETS as usize),
    ];
    let maxima = [
        texts(&["TicketCreate", "TicketPatch", "InboundMailTicket"], "description"),
        texts(&["CommentCreate", "CommentPatch"], "body"),
        texts(&["Confirmation", "TransitionCreate", "TicketMerge"], "comment"),
        lists(&["TicketCreate"], "watcher_ids", MAX_IN_LIST),
        lists(&["TicketCreate"], "not_duplicate_of", MAX_IN_LIST),
        lists(&with_files, "attachments", MAX_AT_ONCE),
        others.map(|(schema, most)| (schema.to_owned(), most)).to_vec(),
    ];

    for (schema, most) in maxima.concat() {
        let published = document.pointer(&format!("/components/schemas/{schema}"));
        assert_eq!(published, Some(&Value::from(most)), "{schema}");
    }
}

#[test]
fn the_maxima_of_parameters_are_those_of_the_code() {
    let (mut pages, mut cursors, mut queries) = (0, 0, 0);
    for (id, operation) in operations(&document()) {
        for it in operation["parameters"].as_array().into_iter().flatten() {
            let schema = &it["schema"];
            match it["name"].as_str() {
                Some("limit") => {
                    pages += 1;
                    assert_eq!(schema["maximum"], MAX_LIMIT, "{id}");
                    assert_eq!(schema["default"], DEFAULT_LIMIT, "{id}");
                }
                Some("cursor") => {
                    cursors += 1;
                    assert_eq!(schema["maxLength"], MAX_CURSOR, "{id}");
                }
                Some("q") if operation["tags"][0] == "search" || id.starts_with("tickets_") => {
                    queries += 1;
                    assert_eq!(schema["maxLength"], MAX_QUERY, "{id}");
                }
                _ => {}
            }
        }
    }

    assert!(pages > 20 && cursors > 20 && queries > 3, "{pages} {cursors} {queries}");
}

#[test]
fn the_numbers_in_texts_are_those_of_the_code() {
    let document = document();
    let operations = operations(&document);
    let texts: [(&str, i64); 9] = [
        ("tickets_bulk", bulk::create::MAX_TICKETS),
        ("tickets_bulk", i64::from(bulk::store::AT_ONCE)),
        ("me_api_tokens_create", api_tokens::store::MAX_API_TOKENS),
        ("tickets_watchers_add", watch::MAX_WATCHERS),
        ("tickets_links_add", link::MAX_LINKS),
        ("webhooks_redeliver", webhooks::redeliver::MAX_EVENTS),
        ("uploads_create", uploads::create::MAX_OF_PERSON as i64),
        ("users_import", users::import_rows::MAX_PEOPLE as i64),
        ("events_stream", feed::streams::MAX_OF_USER as i64),
    ];

    for (id, number) in texts {
        let written = match number {
            5 => "five".to_owned(),
            10 => "ten".to_owned(),
            1000.. => format!("{},{:03}", number / 1000, number % 1000),
            _ => number.to_string(),
        };
        let said = operations
            .iter()
            .find(|(it, _)| *it == id)
            .and_then(|(_, it)| it["description"].as_str());
        assert!(said.is_some_and(|it| it.contains(&written)), "{id}: {written}");
    }
}

fn operations(document: &Value) -> Vec<(&str, &Value)> {
    let items = document["paths"].as_object().into_iter().flatten();
    let operations = items.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    operations.filter_map(|(_, it)| Some((it["operationId"].as_str()?, it))).collect()
}
