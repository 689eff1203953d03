//! Who may call which operation, and with which token: the one table behind the checks, the
//! document and the tests.

use domain::Role::{self, Admin, Commercial, Customer, Engineer};

use crate::http::access::Access;
use crate::http::caller::Caller;
use crate::http::rule::Rule;
use crate::http::rule::Token::{self, Any, Fresh, Never, With};
use crate::http::scope::Scope;
use crate::http::scope::Scope::{
    DirectoryRead, DirectoryWrite, EventsRead, PeopleWrite, ReportsRead, SettingsWrite,
    TicketsRead, TicketsWrite, WebhooksWrite,
};
use crate::problem::Code;

const ALL: Access = Access::Roles(&[Customer, Engineer, Commercial, Admin]);
const TICKETS: Access = Access::Roles(&[Customer, Engineer, Admin]);
const SUPPORT: Access = Access::Roles(&[Engineer, Admin]);
const STAFF: Access = Access::Roles(&[Engineer, Commercial, Admin]);
const REGISTRATION: Access = Access::Roles(&[Commercial, Admin]);
const ACCOUNTS: Access = Access::RolesAndCompanyAdmins(&[Commercial, Admin]);
const ADMINS: Access = Access::Roles(&[Admin]);
const CUSTOMERS: Access = Access::Roles(&[Customer]);
const INTEGRATORS: Access = Access::Roles(&[Customer, Admin]);

/// Every operation, by its id in the document: who may call it, and with which API tokens.
#[rustfmt::skip]
pub const OPERATIONS: &[(&str, Access, Token)] = &[
    ("auth_login",                      Access::Open,  Never),
    ("auth_refresh",                    Access::Open,  Never),
    ("auth_logout",                     Access::Own,   Never),
    ("auth_reauthenticate",             Access::Own,   Never),
    ("auth_password_change",            Access::Own,   Fresh),
    ("auth_password_reset_request",     Access::Open,  Never),
    ("auth_password_reset_confirm",     Access::Open,  Never),
    ("me_get",                          Access::Own,   Any),
    ("me_update",                       Access::Own,   Never),
    ("me_tickets_list",                 TICKETS,       With(TicketsRead)),
    ("me_sessions_list",                ALL,           Never),
    ("me_sessions_delete",              ALL,           Never),
    ("me_api_tokens_list",              ALL,           Never),
    ("me_api_tokens_get",               ALL,           Never),
    ("me_api_tokens_create",            ALL,           Fresh),
    ("me_api_tokens_delete",            ALL,           Never),
    ("me_legacy_key_create",            TICKETS,       Fresh),
    ("me_notification_settings_get",    ALL,           With(TicketsRead)),
    ("me_notification_settings_update", ALL,         Never),
    ("me_notifications_list",           ALL,           With(TicketsRead)),
    ("me_notifications_mark_read",      ALL,           With(TicketsWrite)),
    ("audit_log_list",                  ADMINS,        With(Scope::Admin)),
    ("jobs_list",                       ADMINS,        With(Scope::Admin)),
    ("reference_get",                   Access::Open,  Any),
    ("service_hours_get",               ALL,           Any),

    ("companies_list",                  STAFF,         With(DirectoryRead)),
    ("companies_create",                REGISTRATION,  With(DirectoryWrite)),
    ("companies_get",                   STAFF,         With(DirectoryRead)),
    ("companies_update",                REGISTRATION,  With(DirectoryWrite)),
    ("companies_close",                 REGISTRATION,  With(PeopleWrite)),
    ("companies_reopen",                REGISTRATION,  With(PeopleWrite)),
    ("users_list",                      ALL,           With(DirectoryRead)),
    ("users_create",                    REGISTRATION,  With(PeopleWrite)),
    ("users_import",                    REGISTRATION,  With(PeopleWrite)),
    ("users_get",                       ALL,           With(DirectoryRead)),
    ("users_update",                    REGISTRATION,  With(PeopleWrite)),
    ("users_deactivate",                ACCOUNTS,      With(PeopleWrite)),
    ("users_reactivate",                ACCOUNTS,      With(PeopleWrite)),
    ("users_absence_update",            SUPPORT,       With(DirectoryWrite)),
    ("users_absence_delete",            SUPPORT,       With(DirectoryWrite)),
    ("users_invite",                    REGISTRATION,  With(PeopleWrite)),
    ("directions_list",                 ALL,           With(DirectoryRead)),
    ("directions_get",                  ALL,           With(DirectoryRead)),
    ("directions_create",               ADMINS,        With(DirectoryWrite)),
    ("directions_update",               ADMINS,        With(DirectoryWrite)),
    ("directions_engineers_add",        ADMINS,        With(DirectoryWrite)),
    ("directions_engineers_delete",     ADMINS,        With(DirectoryWrite)),
    ("projects_list",                   ALL,           With(DirectoryRead)),
    ("projects_create",                 REGISTRATION,  With(DirectoryWrite)),
    ("projects_get",                    ALL,           With(DirectoryRead)),
    ("projects_update",                 REGISTRATION,  With(DirectoryWrite)),
    ("projects_engineers_list",         TICKETS,       With(DirectoryRead)),
    ("projects_members_add",            REGISTRATION,  With(PeopleWrite)),
    ("projects_members_delete",         REGISTRATION,  With(PeopleWrite)),
    ("products_list",                   ALL,           With(DirectoryRead)),
    ("products_create",                 ADMINS,        With(DirectoryWrite)),
    ("products_get",                    ALL,           With(DirectoryRead)),
    ("products_update",                 ADMINS,        With(DirectoryWrite)),
    ("topics_list",                     ALL,           With(DirectoryRead)),
    ("topics_create",                   ADMINS,        With(DirectoryWrite)),
    ("topics_get",                      ALL,           With(DirectoryRead)),
    ("topics_update",                   ADMINS,        With(DirectoryWrite)),
    ("answer_templates_list",           SUPPORT,       With(DirectoryRead)),
    ("answer_templates_create",         SUPPORT,       With(DirectoryWrite)),
    ("answer_templates_get",            SUPPORT,       With(DirectoryRead)),
    ("answer_templates_update",         SUPPORT,       With(DirectoryWrite)),
    ("answer_templates_delete",         SUPPORT,       With(DirectoryWrite)),
    ("tickets_answer_templates_get",    SUPPORT,       With(TicketsRead)),
    ("macros_list",                     SUPPORT,       With(DirectoryRead)),
    ("macros_create",                   SUPPORT,       With(DirectoryWrite)),
    ("macros_get",                      SUPPORT,       With(DirectoryRead)),
    ("macros_update",                   SUPPORT,       With(DirectoryWrite)),
    ("macros_delete",                   SUPPORT,       With(DirectoryWrite)),
    ("tickets_macros_apply",            SUPPORT,       With(TicketsWrite)),
    ("releases_list",                   ALL,           With(DirectoryRead)),
    ("releases_create",                 SUPPORT,       With(DirectoryWrite)),
    ("releases_get",                    ALL,           With(DirectoryRead)),
    ("releases_update",                 SUPPORT,       With(DirectoryWrite)),
    ("releases_publish",                SUPPORT,       With(DirectoryWrite)),
    ("releases_attachments_delete",     SUPPORT,       With(DirectoryWrite)),

    ("tickets_create",                  TICKETS,       With(TicketsWrite)),
    ("tickets_check",                   TICKETS,       With(TicketsWrite)),
    ("tickets_list",                    TICKETS,       With(TicketsRead)),
    ("tickets_count",                   TICKETS,       With(TicketsRead)),
    ("tickets_export",                  TICKETS,       With(TicketsRead)),
    ("tickets_bulk",                    SUPPORT,       With(TicketsWrite)),
    ("bulk_get",                        SUPPORT,       With(TicketsRead)),
    ("views_list",                      TICKETS,       With(TicketsRead)),
    ("views_create",                    TICKETS,       With(TicketsWrite)),
    ("views_get",                       TICKETS,       With(TicketsRead)),
    ("views_update",                    TICKETS,       With(TicketsWrite)),
    ("views_delete",                    TICKETS,       With(TicketsWrite)),
    ("search",                          TICKETS,       With(TicketsRead)),
    ("search_suggestions",              TICKETS,       With(TicketsRead)),
    ("tickets_similar_list",            TICKETS,       With(TicketsRead)),
    ("articles_list",                   TICKETS,       With(TicketsRead)),
    ("articles_create",                 SUPPORT,       With(DirectoryWrite)),
    ("articles_get",                    TICKETS,       With(TicketsRead)),
    ("articles_update",                 SUPPORT,       With(DirectoryWrite)),
    ("articles_versions_list",          SUPPORT,       With(TicketsRead)),
    ("articles_publish",                SUPPORT,       With(DirectoryWrite)),
    ("articles_archive",                SUPPORT,       With(DirectoryWrite)),
    ("articles_redact",                 ADMINS,        With(DirectoryWrite)),
    ("articles_feedback",               TICKETS,       With(TicketsWrite)),
    ("tickets_article_create",          SUPPORT,       With(TicketsWrite)),
    ("tickets_get",                     TICKETS,       With(TicketsRead)),
    ("tickets_sla_get",                 TICKETS,       With(TicketsRead)),
    ("queue_list",                      SUPPORT,       With(TicketsRead)),
    ("queue_take_next",                 SUPPORT,       With(TicketsWrite)),
    ("tickets_update",                  TICKETS,       With(TicketsWrite)),
    ("tickets_transitions_list",        TICKETS,       With(TicketsRead)),
    ("tickets_transition",              TICKETS,       With(TicketsWrite)),
    ("tickets_confirm",                 CUSTOMERS,     With(TicketsWrite)),
    ("tickets_history_list",            TICKETS,       With(TicketsRead)),
    ("tickets_history_verify",          TICKETS,       With(TicketsRead)),
    ("tickets_imported_get",            TICKETS,       With(TicketsRead)),
    ("tickets_redact",                  ADMINS,        With(TicketsWrite)),
    ("tickets_assign",                  SUPPORT,       With(TicketsWrite)),
    ("tickets_assign_auto",             SUPPORT,       With(TicketsWrite)),
    ("tickets_classify",                SUPPORT,       With(TicketsWrite)),
    ("tickets_presence_list",           SUPPORT,       With(TicketsRead)),
    ("tickets_presence_update",         SUPPORT,       With(TicketsWrite)),
    ("tickets_merge",                   SUPPORT,       With(TicketsWrite)),
    ("tickets_waive_answer",            SUPPORT,       With(TicketsWrite)),
    ("tickets_watchers_add",            TICKETS,       With(TicketsWrite)),
    ("tickets_watchers_delete",         TICKETS,       With(TicketsWrite)),
    ("tickets_links_add",               TICKETS,       With(TicketsWrite)),
    ("tickets_links_delete",            TICKETS,       With(TicketsWrite)),
    ("uploads_create",                  TICKETS,       With(TicketsWrite)),
    ("uploads_get",                     TICKETS,       With(TicketsWrite)),
    ("tickets_get_mail",                TICKETS,       With(TicketsRead)),
    ("attachments_list",                TICKETS,       With(TicketsRead)),
    ("attachments_get",                 TICKETS,       With(TicketsRead)),
    ("attachments_download",            TICKETS,       With(TicketsRead)),
    ("attachments_link_create",         TICKETS,       With(TicketsRead)),
    ("attachments_preview",             TICKETS,       With(TicketsRead)),
    ("attachments_redact",              ADMINS,        With(TicketsWrite)),
    ("comments_list",                   TICKETS,       With(TicketsRead)),
    ("comments_get",                    TICKETS,       With(TicketsRead)),
    ("comments_get_mail",               TICKETS,       With(TicketsRead)),
    ("comments_create",                 TICKETS,       With(TicketsWrite)),
    ("comments_mark_read",              TICKETS,       With(TicketsWrite)),
    ("comments_update",                 TICKETS,       With(TicketsWrite)),
    ("comments_versions_list",          SUPPORT,       With(TicketsRead)),
    ("comments_redact",                 ADMINS,        With(TicketsWrite)),
    ("mail_templates_preview",          ADMINS,        With(DirectoryRead)),
    ("inbound_mails_list",              SUPPORT,       With(TicketsRead)),
    ("inbound_mails_get",               SUPPORT,       With(TicketsRead)),
    ("inbound_mails_comment",           SUPPORT,       With(TicketsWrite)),
    ("inbound_mails_file",              SUPPORT,       With(TicketsWrite)),
    ("inbound_mails_dismiss",           SUPPORT,       With(TicketsWrite)),
    ("refusals_list",                   TICKETS,       With(TicketsRead)),
    ("refusals_get",                    TICKETS,       With(TicketsRead)),
    ("refusals_register",               SUPPORT,       With(TicketsWrite)),
    ("refusals_confirm",                SUPPORT,       With(TicketsWrite)),

    ("reports_flow",                     TICKETS,       With(ReportsRead)),
    ("reports_deadlines",                TICKETS,       With(ReportsRead)),
    ("reports_times",                    TICKETS,       With(ReportsRead)),
    ("reports_workload",                 SUPPORT,       With(ReportsRead)),
    ("reports_frequent_questions",       TICKETS,       With(ReportsRead)),
    ("reports_quality",                  TICKETS,       With(ReportsRead)),
    ("reports_waits",                    SUPPORT,       With(ReportsRead)),
    ("reports_activity",                 SUPPORT,       With(ReportsRead)),
    ("reports_arrivals",                 SUPPORT,       With(ReportsRead)),
    ("reports_company",                  ALL,           With(ReportsRead)),
    ("reports_dashboard",                SUPPORT,       With(ReportsRead)),

    ("settings_auto_close_preview",     ADMINS,        With(ReportsRead)),
    ("settings_articles_get",           SUPPORT,       With(DirectoryRead)),
    ("settings_articles_update",        ADMINS,        With(SettingsWrite)),
    ("settings_assignment_get",         SUPPORT,       With(DirectoryRead)),
    ("settings_assignment_update",      ADMINS,        With(SettingsWrite)),
    ("settings_calendar_get",           SUPPORT,       With(DirectoryRead)),
    ("settings_calendar_update",        ADMINS,        With(SettingsWrite)),
    ("settings_calendar_days_list",     SUPPORT,       With(DirectoryRead)),
    ("settings_calendar_days_get",      SUPPORT,       With(DirectoryRead)),
    ("settings_calendar_days_create",   ADMINS,        With(SettingsWrite)),
    ("settings_calendar_days_delete",   ADMINS,        With(SettingsWrite)),
    ("settings_calendar_calculate",     SUPPORT,       With(TicketsWrite)),
    ("settings_reports_get",            SUPPORT,       With(DirectoryRead)),
    ("settings_reports_update",         ADMINS,        With(SettingsWrite)),
    ("settings_sla_get",                SUPPORT,       With(DirectoryRead)),
    ("settings_sla_update",             ADMINS,        With(SettingsWrite)),
    ("events_list",                     TICKETS,       With(EventsRead)),
    ("events_stream",                   TICKETS,       With(EventsRead)),
    ("events_stream_ticket_create",     TICKETS,       With(EventsRead)),
    ("events_get",                      TICKETS,       With(EventsRead)),
    ("webhooks_list",                   INTEGRATORS,   With(WebhooksWrite)),
    ("webhooks_create",                 INTEGRATORS,   With(WebhooksWrite)),
    ("webhooks_get",                    INTEGRATORS,   With(WebhooksWrite)),
    ("webhooks_update",                 INTEGRATORS,   With(WebhooksWrite)),
    ("webhooks_delete",                 INTEGRATORS,   With(WebhooksWrite)),
    ("webhooks_secret_rotate",          INTEGRATORS,   With(WebhooksWrite)),
    ("webhooks_test",                   INTEGRATORS,   With(WebhooksWrite)),
    ("webhooks_deliveries_list",        INTEGRATORS,   With(WebhooksWrite)),
    ("webhooks_deliveries_redeliver",   INTEGRATORS,   With(WebhooksWrite)),
    ("webhooks_redeliver",              INTEGRATORS,   With(WebhooksWrite)),

    ("sandbox_clock_get",               ADMINS,        With(SettingsWrite)),
    ("sandbox_clock_update",            ADMINS,        With(SettingsWrite)),
];

/// The rule of an operation; none for one that the table does not have.
pub fn rule(operation_id: &str) -> Option<Rule> {
    let row = OPERATIONS.iter().find(|(id, ..)| *id == operation_id);
    row.map(|(_, access, token)| Rule { access: *access, token: *token })
}

/// The tag of the operations that a system has only with `--sandbox`.
pub const SANDBOX: &str = "sandbox";

/// The operations that this caller may call; those of the sandbox where there is one.
pub fn of(caller: &Caller, is_sandbox: bool) -> Vec<&'static str> {
    let may = |access: Access, token: Token| match (Rule { access, token }).check(caller) {
        Ok(()) => true,
        // They may, once they have entered their password again.
        Err(refused) => refused.code == Code::ReauthenticationRequired,
    };
    let permitted = OPERATIONS.iter().filter(|(_, access, token)| may(*access, *token));
    let served = permitted.filter(|(id, ..)| is_sandbox || !id.starts_with(SANDBOX));
    served.map(|(id, ..)| *id).collect()
}

/// Whether a scope permits any operation to a role.
pub fn permits_any(scope: Scope, role: Role) -> bool {
    OPERATIONS.iter().any(|(_, access, token)| {
        let has_role = matches!(access, Access::Roles(roles) if roles.contains(&role));
        has_role && *token == With(scope)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::openapi;

    /// POST, so that no cache has the secret that they return; they change nothing.
    const READS: [&str; 2] = ["attachments_link_create", "events_stream_ticket_create"];

    /// A token that reads changes nothing: whatever is no GET needs a writing scope, or is not
    /// for tokens at all.
    #[test]
    fn sec_tk06_every_writing_operation_needs_a_writing_scope() {
        let document = openapi::document();
        let items = document["paths"].as_object().into_iter().flatten();
        let operations = items.flat_map(|(_, item)| item.as_object().into_iter().flatten());
        let mut writing = 0;
        for (method, operation) in operations.filter(|(method, _)| *method != "get") {
            let id = operation["operationId"].as_str().expect("an id");
            let rule = rule(id).expect("a row");
            let is_safe = match rule.token {
                Never | Fresh => true,
                Any => false,
                With(scope) => scope.is_writing() || READS.contains(&id),
            };
            assert!(is_safe, "{method} {id}: {:?}", rule.token);
            writing += 1;
        }
        assert!(writing > 20, "{writing}");
    }

    /// The document names the scope that an operation needs.
    #[test]
    fn the_document_names_the_scope_of_each_operation() {
        let sentences = |id: &str| rule(id).expect("a row").sentences();

        assert_eq!(
            sentences("tickets_assign"),
            "Roles: engineer, admin. API tokens: scope `tickets:write`."
        );
        assert_eq!(sentences("auth_login"), "No authentication required.");
        assert!(sentences("auth_logout").ends_with("Not for API tokens."));
        assert!(sentences("auth_password_change").ends_with("403 `reauthentication_required`."));
    }
}
