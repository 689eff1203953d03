//! Bodies with which operations succeed; those of updates change something, so that the audit log
//! has an entry.

use serde_json::{Value, json};

use super::app::TestApp;
use super::operations::operations;
use super::requests::with;
use super::things::{
    answer_template, api_token, article, bulk, customer_of, free_day, legacy_key, number,
    prepared_macro, release, view, webhook,
};

/// A body that the role could send; none if the operation takes none.
pub fn payload(app: &TestApp, operation: &str, role: &str) -> Option<Value> {
    let name = json!({ "name": format!("Новое {}", number()) });
    let request = || {
        let mut request = app.request();
        if role != "customer" {
            request["author_id"] = json!(app.customer().id);
        }
        request
    };
    Some(match operation {
        "companies_create" | "directions_create" => name,
        "companies_update" | "directions_update" | "products_update" | "topics_update" => name,
        "projects_update" => json!({ "is_active": false }),
        "users_update" => json!({ "last_name": name["name"] }),
        "articles_update" => json!({ "title": name["name"] }),
        "articles_create" => article(),
        "articles_publish" => json!({ "version": 1, "visibility": "staff" }),
        "articles_redact" => json!({ "reason": "Был пароль." }),
        "articles_feedback" => json!({ "helped": true }),
        "settings_articles_update" => json!({ "articles_need_review": true }),
        "answer_templates_update" | "macros_update" => json!({ "title": name["name"] }),
        "macros_create" => prepared_macro(),
        "tickets_presence_update" => json!({ "is_writing": true }),
        "releases_update" => json!({ "notes": name["name"] }),
        "webhooks_update" => json!({ "description": name["name"] }),
        "tickets_bulk" => bulk(app),
        "views_create" => view(),
        "views_update" => json!({ "name": name["name"] }),
        "releases_create" => release(),
        "answer_templates_create" => answer_template(),
        "topics_create" => json!({ "name": name["name"], "direction_id": app.ids.wifi }),
        "tickets_classify" => json!({ "topic_id": null, "root_cause": "defect" }),
        "settings_reports_update" => json!({
            "needs_topic": false, "needs_root_cause": false, "mails_companies": true,
        }),
        "products_create" => json!({ "name": name["name"], "direction_id": app.ids.wifi }),
        "projects_create" => {
            let company = app.admin().post("/companies", name).expect(201).id();
            json!({ "company_id": company, "direction_id": app.ids.wifi })
        }
        "users_create" => customer_of(app.ids.company),
        "inbound_mails_comment" => json!({ "ticket_id": app.ticket("in_progress") }),
        "inbound_mails_file" => json!({
            "author_id": app.customer().id, "project_id": app.ids.project, "tracker": "bug",
            "priority": "high", "product_id": app.ids.product,
        }),
        "refusals_confirm" => json!({ "comment": "Сформулируйте обращение вежливо." }),
        "tickets_create" | "tickets_check" => request(),
        "tickets_transition" if role == "customer" => {
            json!({ "to": "resolved", "comment": "Уже не нужно." })
        }
        "tickets_transition" => json!({ "to": "in_progress" }),
        "tickets_merge" => json!({ "into": app.ticket("in_progress") }),
        "tickets_waive_answer" => json!({ "reason": "Заказчик поблагодарил." }),
        "tickets_assign" => json!({ "assignee_id": app.engineer().id }),
        "me_api_tokens_create" => api_token(),
        "me_legacy_key_create" => legacy_key(),
        "webhooks_create" => webhook(),
        "webhooks_redeliver" => {
            json!({ "from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z" })
        }
        "settings_assignment_update" => json!({ "automatic": [app.ids.wifi] }),
        "settings_calendar_days_create" => free_day(),
        "settings_calendar_calculate" => {
            json!({ "start": "2026-11-20T17:30:00+06:00", "minutes": 60 })
        }
        "settings_calendar_update" => json!({
            "zone": "Asia/Almaty", "opens": "09:00", "closes": "18:00",
            "weekdays": ["monday"], "filled_until": "2027-12-31",
        }),
        "settings_sla_update" => {
            let current = app.admin().get("/settings/sla").expect(200).body;
            with(current, &json!({ "reminder_days": [9] }))
        }
        "tickets_redact" => json!({ "field": "steps", "reason": "Был пароль." }),
        "attachments_redact" => json!({ "reason": "Был пароль." }),
        "comments_redact" => json!({ "reason": "Был пароль." }),
        "comments_create" => json!({ "body": "Есть новости." }),
        "me_notifications_mark_read" => json!({ "all": true }),
        _ => {
            let all = operations();
            let found = all.iter().find(|it| it.id == operation)?;
            return found.described["requestBody"].is_object().then(|| json!({}));
        }
    })
}
