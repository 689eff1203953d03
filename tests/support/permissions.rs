//! Who may call what on whose things: the whole table, as data (AZ01).

use super::things::Thing;
use super::things::Thing::*;

/// The roles in the order of the columns of the table.
pub const ROLES: [&str; 4] = ["customer", "engineer", "commercial", "admin"];

/// The statuses that one role gets on an own, a foreign and a missing thing.
pub type Statuses = [u16; 3];

/// A row of the table.
pub struct Permissions {
    pub thing: Thing,
    /// By role.
    pub statuses: [Statuses; 4],
}

/// The row of an operation.
pub fn permissions(operation: &str) -> Permissions {
    let row = TABLE.iter().find(|(id, ..)| *id == operation);
    let (_, thing, statuses) = row.unwrap_or_else(|| panic!("{operation} has no row"));
    Permissions { thing: *thing, statuses: *statuses }
}

impl Permissions {
    /// The first role that gets such a status on an own thing.
    pub fn first_role(&self, is_wanted: impl Fn(u16) -> bool) -> &'static str {
        let mut roles = ROLES.into_iter().zip(self.statuses);
        roles.find(|(_, statuses)| is_wanted(statuses[0])).unwrap().0
    }
}

/// The role may not, whatever the thing is.
const NO: Statuses = [403, 403, 403];

/// The things of both companies are there.
const fn all(status: u16) -> Statuses {
    [status, status, 404]
}

/// A thing of another company looks like a missing one.
const fn own(status: u16) -> Statuses {
    [status, 404, 404]
}

/// For operations without an id: customer, engineer, commercial, admin.
const fn each(customer: u16, engineer: u16, commercial: u16, admin: u16) -> [Statuses; 4] {
    [[customer; 3], [engineer; 3], [commercial; 3], [admin; 3]]
}

/// The operations, and what customer, engineer, commercial and admin get.
#[rustfmt::skip]
pub const TABLE: &[(&str, Thing, [Statuses; 4])] = &[
    ("auth_login",            Nothing,              each(422, 422, 422, 422)),
    ("auth_refresh",          Nothing,              each(422, 422, 422, 422)),
    ("auth_reauthenticate",          Nothing,              each(422, 422, 422, 422)),
    ("auth_password_change",         Nothing,              each(422, 422, 422, 422)),
    ("auth_password_reset_request",   Nothing,              each(422, 422, 422, 422)),
    ("auth_password_reset_confirm",    Nothing,              each(422, 422, 422, 422)),
    ("reference_get",        Nothing,              each(200, 200, 200, 200)),
    ("service_hours_get",    Nothing,              each(200, 200, 200, 200)),
    ("me_get",               Nothing,              each(200, 200, 200, 200)),
    ("me_update",               Nothing,              each(200, 200, 200, 200)),
    ("me_tickets_list",            Nothing,              each(200, 200, 403, 200)),
    ("me_sessions_list",           Nothing,              each(200, 200, 200, 200)),
    ("me_sessions_delete",        Session,              [own(204), own(204), own(204), own(204)]),
    ("me_api_tokens_list",         Nothing,              each(200, 200, 200, 200)),
    ("me_api_tokens_get",      ApiToken,             [own(200), own(200), own(200), own(200)]),
    ("me_api_tokens_create",   Nothing,              each(201, 201, 201, 201)),
    ("me_legacy_key_create",   Nothing,              each(201, 201, 403, 201)),
    ("me_api_tokens_delete",   ApiToken,             [own(204), own(204), own(204), own(204)]),
    ("me_notification_settings_get", Nothing,           each(200, 200, 200, 200)),
    ("me_notification_settings_update", Nothing,       each(200, 200, 200, 200)),
    ("me_notifications_list",      Nothing,              each(200, 200, 200, 200)),
    ("me_notifications_mark_read", Nothing,              each(200, 200, 200, 200)),
    ("audit_log_list",            Nothing,              each(403, 403, 403, 200)),
    ("jobs_list",             Nothing,              each(403, 403, 403, 200)),
    ("companies_list",        Nothing,              each(403, 200, 200, 200)),
    ("companies_create",      Nothing,              each(403, 403, 201, 201)),
    ("companies_get",        Company,              [NO, all(200), all(200), all(200)]),
    ("companies_update",        Company,              [NO, NO, all(200), all(200)]),
    ("companies_close",      NewCompany,           [NO, NO, all(200), all(200)]),
    ("companies_reopen",     ClosedCompany,        [NO, NO, all(200), all(200)]),
    ("users_list",            Nothing,              each(200, 200, 200, 200)),
    ("users_create",          Nothing,              each(403, 403, 201, 201)),
    ("users_import",          Nothing,              each(403, 403, 415, 415)),
    ("users_get",            Customer,             [own(200), all(200), all(200), all(200)]),
    ("users_update",            Customer,             [NO, NO, all(200), all(200)]),
    ("users_deactivate",      Customer,             [NO, NO, all(204), all(204)]),
    ("users_reactivate",      Customer,             [NO, NO, all(200), all(200)]),
    ("users_invite",          Customer,             [NO, NO, all(202), all(202)]),
    ("users_absence_update",     Engineer,             [NO, [403, 403, 404], NO, all(200)]),
    ("users_absence_delete",     Engineer,             [NO, [403, 403, 404], NO, all(204)]),
    ("directions_list",       Nothing,              each(200, 200, 200, 200)),
    ("directions_get",        Direction,            [all(200), all(200), all(200), all(200)]),
    ("directions_create",     Nothing,              each(403, 403, 403, 201)),
    ("directions_update",       Direction,            [NO, NO, NO, all(200)]),
    ("directions_engineers_add", Direction,          [NO, NO, NO, all(204)]),
    ("directions_engineers_delete", Direction,       [NO, NO, NO, all(204)]),
    ("projects_list",         Nothing,              each(200, 200, 200, 200)),
    ("projects_create",       Nothing,              each(403, 403, 201, 201)),
    ("projects_get",         Project,              [own(200), all(200), all(200), all(200)]),
    ("projects_update",         Project,              [NO, NO, all(200), all(200)]),
    ("projects_engineers_list",    Project,              [own(200), all(200), NO, all(200)]),
    ("projects_members_add",  Project,              [NO, NO, all(204), all(204)]),
    ("projects_members_delete", Project,            [NO, NO, all(204), all(204)]),
    ("products_list",         Nothing,              each(200, 200, 200, 200)),
    ("products_create",       Nothing,              each(403, 403, 403, 201)),
    ("products_get",         Product,              [all(200), all(200), all(200), all(200)]),
    ("products_update",         Product,              [NO, NO, NO, all(200)]),
    ("settings_auto_close_preview", Nothing,        each(403, 403, 403, 200)),
    ("settings_articles_get", Nothing,              each(403, 200, 403, 200)),
    ("settings_articles_update", Nothing,           each(403, 403, 403, 200)),
    ("settings_assignment_get", Nothing,           each(403, 200, 403, 200)),
    ("settings_assignment_update", Nothing,            each(403, 403, 403, 200)),
    ("settings_calendar_get", Nothing,             each(403, 200, 403, 200)),
    ("settings_calendar_update", Nothing,              each(403, 403, 403, 200)),
    ("settings_calendar_days_list",    Nothing,              each(403, 200, 403, 200)),
    ("settings_calendar_days_get",     Day,                  [NO, all(200), NO, all(200)]),
    ("settings_calendar_days_create",  Nothing,              each(403, 403, 403, 201)),
    ("settings_calendar_days_delete",  Day,                  [NO, NO, NO, all(204)]),
    ("settings_calendar_calculate", Nothing,              each(403, 200, 403, 200)),
    ("settings_reports_get", Nothing,              each(403, 200, 403, 200)),
    ("settings_reports_update", Nothing,           each(403, 403, 403, 200)),
    ("mail_templates_preview",     Nothing,              each(403, 403, 403, 200)),
    ("settings_sla_get",     Nothing,              each(403, 200, 403, 200)),
    ("settings_sla_update",      Nothing,              each(403, 403, 403, 200)),
    ("topics_list",           Nothing,              each(200, 200, 200, 200)),
    ("topics_create",         Nothing,              each(403, 403, 403, 201)),
    ("topics_get",            Topic,                [all(200), all(200), all(200), all(200)]),
    ("topics_update",         Topic,                [NO, NO, NO, all(200)]),
    ("reports_flow", Nothing, each(200, 200, 403, 200)),
    ("reports_deadlines", Nothing, each(200, 200, 403, 200)),
    ("reports_times", Nothing, each(200, 200, 403, 200)),
    ("reports_workload", Nothing, each(403, 200, 403, 200)),
    ("reports_frequent_questions", Nothing, each(200, 200, 403, 200)),
    ("reports_quality", Nothing, each(200, 200, 403, 200)),
    ("reports_waits", Nothing, each(403, 200, 403, 200)),
    ("reports_activity", Nothing, each(403, 200, 403, 200)),
    ("reports_arrivals", Nothing, each(403, 200, 403, 200)),
    ("reports_company", Nothing, each(200, 422, 422, 422)),
    ("reports_dashboard", Nothing, each(403, 200, 403, 200)),
    ("answer_templates_list", Nothing,              each(403, 200, 403, 200)),
    ("answer_templates_create", Nothing,            each(403, 201, 403, 201)),
    ("answer_templates_get", AnswerTemplate,       [NO, all(200), NO, all(200)]),
    ("answer_templates_update", AnswerTemplate,       [NO, all(200), NO, all(200)]),
    ("answer_templates_delete", AnswerTemplate,     [NO, all(204), NO, all(204)]),
    ("tickets_answer_templates_get", Ticket("new"), [NO, all(200), NO, all(200)]),
    ("macros_list",           Nothing,              each(403, 200, 403, 200)),
    ("macros_create",         Nothing,              each(403, 201, 403, 201)),
    ("macros_get",            Macro,                [NO, all(200), NO, all(200)]),
    ("macros_update",         Macro,                [NO, all(200), NO, all(200)]),
    ("macros_delete",         Macro,                [NO, all(204), NO, all(204)]),
    ("tickets_macros_apply",  Ticket("new"),        [NO, all(200), NO, all(200)]),
    ("tickets_presence_list", Ticket("new"),        [NO, all(200), NO, all(200)]),
    ("tickets_presence_update", Ticket("new"),      [NO, all(200), NO, all(200)]),
    ("releases_list",         Product,              [all(200), all(200), all(200), all(200)]),
    ("releases_create",       Product,              [NO, all(201), NO, all(201)]),
    ("releases_get",         Release,              [all(200), all(200), all(200), all(200)]),
    ("releases_update",         Release,              [NO, all(200), NO, all(200)]),
    ("releases_publish",      Release,              [NO, all(200), NO, all(200)]),
    ("releases_attachments_delete",  ReleaseFile,          [NO, all(204), NO, all(204)]),
    ("tickets_create",        Nothing,              each(201, 201, 403, 201)),
    ("tickets_check",         Nothing,              each(200, 200, 403, 200)),
    ("tickets_list",          Nothing,              each(200, 200, 403, 200)),
    ("tickets_count",         Nothing,              each(200, 200, 403, 200)),
    ("tickets_export",        Nothing,              each(200, 200, 403, 200)),
    ("tickets_bulk",          Nothing,              each(403, 200, 403, 200)),
    ("bulk_get",              Bulk,                 [NO, own(200), NO, all(200)]),
    ("views_list",            Nothing,              each(200, 200, 403, 200)),
    ("views_create",          Nothing,              each(201, 201, 403, 201)),
    ("views_get",             View,                 [own(200), own(200), NO, own(200)]),
    ("views_update",          View,                 [own(200), own(200), NO, own(200)]),
    ("views_delete",          View,                 [own(204), own(204), NO, own(204)]),
    ("search",                Nothing,              each(200, 200, 403, 200)),
    ("search_suggestions",    Nothing,              each(200, 200, 403, 200)),
    ("articles_list",         Nothing,              each(200, 200, 403, 200)),
    ("articles_create",       Nothing,              each(403, 201, 403, 201)),
    ("articles_get",          Article,              [all(200), all(200), NO, all(200)]),
    ("articles_update",       Article,              [NO, all(200), NO, all(200)]),
    ("articles_versions_list", Article,             [NO, all(200), NO, all(200)]),
    ("articles_publish",      Article,              [NO, all(200), NO, all(200)]),
    ("articles_archive",      Article,              [NO, all(200), NO, all(200)]),
    ("articles_redact",       Article,              [NO, NO, NO, all(200)]),
    ("articles_feedback",     Article,              [all(204), all(204), NO, all(204)]),
    ("tickets_article_create", Ticket("new"),       [NO, all(201), NO, all(201)]),
    ("tickets_similar_list",  Ticket("new"),        [own(200), all(200), NO, all(200)]),
    ("tickets_get",          Ticket("new"),        [own(200), all(200), NO, all(200)]),
    ("tickets_sla_get",           Ticket("new"),        [own(200), all(200), NO, all(200)]),
    ("queue_list",            Nothing,              each(403, 200, 403, 200)),
    ("queue_take_next",            Nothing,              each(403, 200, 403, 204)),
    ("tickets_update",          Ticket("new"),        [own(200), all(200), NO, all(200)]),
    ("tickets_transitions_list",   Ticket("new"),        [own(200), all(200), NO, all(200)]),
    ("tickets_transition",    Ticket("new"),        [own(200), all(200), NO, all(200)]),
    ("tickets_confirm",       Ticket("resolved"),   [own(200), NO, NO, NO]),
    ("tickets_history_list",       Ticket("new"),        [own(200), all(200), NO, all(200)]),
    ("tickets_history_verify", Ticket("new"),       [own(200), all(200), NO, all(200)]),
    ("tickets_imported_get",   Ticket("new"),       [own(200), all(200), NO, all(200)]),
    ("tickets_redact",        Ticket("new"),        [NO, NO, NO, all(200)]),
    ("tickets_assign",        Ticket("new"),        [NO, all(200), NO, all(200)]),
    ("tickets_classify",      Ticket("new"),        [NO, all(200), NO, all(200)]),
    // Into a ticket of the own company.
    ("tickets_merge",         Ticket("new"),        [NO, [200, 422, 404], NO, [200, 422, 404]]),
    // The foreign one has no comment.
    ("tickets_waive_answer",  Ticket("thanked"),    [NO, [200, 409, 404], NO, [200, 409, 404]]),
    ("tickets_assign_auto",   Ticket("new"),        [NO, all(200), NO, all(200)]),
    ("tickets_watchers_add",         Ticket("new"),        [own(204), all(204), NO, all(204)]),
    ("tickets_watchers_delete",       Ticket("new"),        [own(204), all(204), NO, all(204)]),
    ("tickets_links_add",          Ticket("new"),        [own(204), all(204), NO, all(204)]),
    ("tickets_links_delete",        Ticket("new"),        [own(204), all(204), NO, all(204)]),
    ("uploads_create",        Nothing,              each(415, 415, 403, 415)),
    ("uploads_get",           Upload,               [own(200), own(200), NO, own(200)]),
    ("attachments_list",      Ticket("new"),        [own(200), all(200), NO, all(200)]),
    ("attachments_redact",    File,                 [NO, NO, NO, all(200)]),
    ("attachments_get",      File,                 [own(200), all(200), NO, all(200)]),
    ("attachments_download",   File,                 [own(200), all(200), NO, all(200)]),
    ("attachments_link_create", File,                [own(200), all(200), NO, all(200)]),
    ("attachments_preview",    Picture,              [own(200), all(200), NO, all(200)]),
    ("comments_list",         Ticket("new"),        [own(200), all(200), NO, all(200)]),
    ("comments_get",          Comment,              [own(200), all(200), NO, all(200)]),
    ("comments_get_mail",     MailedComment,        [own(200), all(200), NO, all(200)]),
    ("tickets_get_mail",      MailedTicket,         [own(200), all(200), NO, all(200)]),
    ("comments_create",       Ticket("new"),        [own(201), all(201), NO, all(201)]),
    ("comments_mark_read",    Ticket("new"),        [own(204), all(204), NO, all(204)]),
    ("comments_update",         Comment,              [own(200), all(200), NO, all(200)]),
    ("comments_versions_list",     Comment,              [NO, all(200), NO, all(200)]),
    ("comments_redact",       Comment,              [NO, NO, NO, all(200)]),
    ("inbound_mails_list",         Nothing,              each(403, 200, 403, 200)),
    ("inbound_mails_get",         UnusedMail,              [NO, all(200), NO, all(200)]),
    ("inbound_mails_comment",         UnusedMail,              [NO, all(200), NO, all(200)]),
    ("inbound_mails_file",         UnusedMail,              [NO, all(201), NO, all(201)]),
    ("inbound_mails_dismiss",         UnusedMail,              [NO, all(200), NO, all(200)]),
    ("refusals_list",         Nothing,              each(200, 200, 403, 200)),
    ("refusals_get",         Refusal,              [own(200), all(200), NO, all(200)]),
    ("refusals_register",     Refusal,              [NO, all(201), NO, all(201)]),
    ("refusals_confirm",      Refusal,              [NO, all(200), NO, all(200)]),
    ("events_list",           Nothing,              each(200, 200, 403, 200)),
    ("events_stream",         Nothing,              each(200, 200, 403, 200)),
    ("events_stream_ticket_create", Nothing,        each(200, 200, 403, 200)),
    ("events_get",            Event,                [own(200), all(200), NO, all(200)]),
    ("webhooks_list",         Nothing,              each(200, 403, 403, 200)),
    ("webhooks_create",       Nothing,              each(201, 403, 403, 201)),
    ("webhooks_get",         Webhook,              [own(200), NO, NO, all(200)]),
    ("webhooks_update",         Webhook,              [own(200), NO, NO, all(200)]),
    ("webhooks_secret_rotate", Webhook,             [own(200), NO, NO, all(200)]),
    ("webhooks_test",         Webhook,              [own(200), NO, NO, all(200)]),
    ("webhooks_deliveries_list",   Webhook,              [own(200), NO, NO, all(200)]),
    ("webhooks_deliveries_redeliver",    Webhook,              [own(200), NO, NO, all(200)]),
    ("webhooks_redeliver", Webhook,            [own(200), NO, NO, all(200)]),
    ("webhooks_delete",       Webhook,              [own(204), NO, NO, all(204)]),
    // Last, since it ends the session.
    ("auth_logout",           Nothing,              each(204, 204, 204, 204)),
];
