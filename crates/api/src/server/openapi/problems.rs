//! Which problem codes each operation can answer with: those that follow from its shape and its row of permissions,
//! and those of its rules. The tests compare every problem that they see with these.

use actix_web::http::StatusCode;

use crate::http::access::Access;
use crate::http::rule::Token;
use crate::problem::Code;
use crate::problem::Code::{
    AlreadyExists, AlreadyPublished, AlreadyRegistered, CompanyClosed, CompanyNotClosed,
    ConfirmationMissing, ExternalRefTaken, Forbidden, Impolite, InvalidCredentials, InvalidLink,
    InvalidRefreshToken, InvalidResetToken, InvalidTicket, MailSettled, MalformedForm,
    MalformedTable, NoAnswerDue, NoDescription, NoPreview, NobodyPresent, NotResolved,
    OpenChildren, PreconditionFailed, QuotaExceeded, ReauthenticationRequired, Redacted,
    RefusalDecided, ReviewNeeded, TargetFinished, TicketClosed, TicketMerged, TooManyApiTokens,
    TooManyAtOnce, TooManyAttempts, TooManyStreams, TooManyUploads, TooManyWebhooks,
    TransitionNotAllowed, Unauthenticated, ValidationFailed, WebhookInactive,
};
use crate::server::openapi::operation::Shape;

/// What the rules of an operation refuse, beside what follows from its shape.
#[rustfmt::skip]
const OF_RULES: &[(&str, &[Code])] = &[
    ("auth_login",                    &[InvalidCredentials, TooManyAttempts]),
    ("auth_refresh",                  &[InvalidRefreshToken]),
    ("auth_reauthenticate",           &[TooManyAttempts]),
    ("auth_password_change",          &[TooManyAttempts]),
    ("auth_password_reset_request",   &[TooManyAttempts]),
    ("auth_password_reset_confirm",   &[InvalidResetToken, TooManyAttempts]),
    ("me_api_tokens_create",          &[TooManyApiTokens]),
    ("me_legacy_key_create",          &[TooManyApiTokens]),

    ("companies_create",              &[AlreadyExists]),
    ("companies_update",              &[AlreadyExists]),
    ("companies_close",               &[CompanyClosed]),
    ("companies_reopen",              &[CompanyNotClosed]),
    ("users_create",                  &[AlreadyExists]),
    ("users_update",                  &[AlreadyExists, CompanyClosed, ReauthenticationRequired]),
    ("users_import",                  &[MalformedTable]),
    ("users_absence_update",          &[Forbidden]),
    ("users_absence_delete",          &[Forbidden]),
    ("users_invite",                  &[CompanyClosed]),
    ("directions_engineers_add",      &[ValidationFailed]),
    ("projects_members_add",          &[ValidationFailed]),
    ("directions_create",             &[AlreadyExists]),
    ("directions_update",             &[AlreadyExists]),
    ("projects_create",               &[AlreadyExists]),
    ("products_create",               &[AlreadyExists]),
    ("products_update",               &[AlreadyExists]),
    ("topics_create",                 &[AlreadyExists]),
    ("topics_update",                 &[AlreadyExists]),
    ("answer_templates_create",       &[AlreadyExists]),
    ("answer_templates_update",       &[AlreadyExists]),
    ("releases_create",               &[AlreadyExists]),
    ("releases_update",               &[AlreadyExists, AlreadyPublished]),
    ("releases_publish",              &[AlreadyPublished]),
    ("releases_attachments_delete",   &[AlreadyPublished]),
    ("settings_calendar_days_create", &[AlreadyExists]),
    ("webhooks_create",               &[TooManyWebhooks]),
    ("webhooks_test",                 &[WebhookInactive]),

    ("tickets_create",                &[AlreadyRegistered, ExternalRefTaken, Impolite, NoDescription, QuotaExceeded]),
    ("tickets_count",                 &[Forbidden]),
    ("views_update",                  &[Forbidden]),
    ("views_delete",                  &[Forbidden]),
    ("tickets_update",                &[ExternalRefTaken, Impolite, NoDescription, TicketClosed, TicketMerged]),
    ("tickets_transition",            &[ConfirmationMissing, OpenChildren, QuotaExceeded, TicketClosed, TicketMerged, TransitionNotAllowed]),
    ("tickets_confirm",               &[NotResolved, OpenChildren, QuotaExceeded, TicketClosed, TicketMerged]),
    ("tickets_assign",                &[TicketClosed, TicketMerged]),
    ("tickets_assign_auto",           &[NobodyPresent, TicketClosed, TicketMerged]),
    ("tickets_merge",                 &[OpenChildren, QuotaExceeded, TargetFinished, TicketClosed, TicketMerged, TransitionNotAllowed]),
    ("tickets_waive_answer",          &[NoAnswerDue, TicketClosed, TicketMerged]),
    ("tickets_macros_apply",          &[ConfirmationMissing, Impolite, OpenChildren, QuotaExceeded, TicketClosed, TicketMerged, TransitionNotAllowed]),
    ("tickets_links_add",             &[ValidationFailed]),
    ("tickets_watchers_add",          &[ValidationFailed]),
    ("articles_publish",              &[PreconditionFailed, ReviewNeeded]),
    ("comments_create",               &[ConfirmationMissing, Impolite, OpenChildren, QuotaExceeded, TicketClosed, TicketMerged, TransitionNotAllowed]),
    ("comments_update",               &[Forbidden, Impolite, TicketClosed, TicketMerged]),
    ("refusals_register",             &[ExternalRefTaken, RefusalDecided]),
    ("refusals_confirm",              &[RefusalDecided]),
    ("inbound_mails_comment",         &[Forbidden, MailSettled, TicketClosed, TicketMerged]),
    ("inbound_mails_file",            &[MailSettled]),
    ("inbound_mails_dismiss",         &[MailSettled]),
    ("uploads_create",                &[MalformedForm, QuotaExceeded, TooManyAtOnce, TooManyUploads, ValidationFailed]),
    ("attachments_download",          &[InvalidLink]),
    ("attachments_preview",           &[InvalidLink, NoPreview]),
    ("events_stream",                 &[InvalidTicket, TooManyStreams]),
];

/// The codes of an operation's rules.
pub(super) fn of_rules(operation_id: &str) -> &'static [Code] {
    OF_RULES.iter().find(|(id, _)| *id == operation_id).map_or(&[], |(_, codes)| codes)
}

/// The codes with a status that follow from the shape of an operation, if it answers with that status.
pub(super) fn of_shape(shape: &Shape, status: u16) -> Vec<Code> {
    let all: &[(Code, bool)] = match status {
        400 => &[
            (Code::BadRequest, shape.takes_form),
            (Code::BodyNotSupported, !shape.has_body),
            (Code::IdempotencyKeyNotSupported, shape.refuses_key),
            (Code::InvalidCursor, shape.has_cursor),
            (Code::MalformedBody, shape.has_json_body),
            (Code::MalformedHeader, true),
            (Code::MalformedQuery, true),
            (Code::RepeatedParameter, shape.has_query),
            (Code::UnknownParameter, true),
        ],
        401 => &[(Unauthenticated, shape.rule.access != Access::Open)],
        403 => return of_permissions(shape),
        409 => &[(Code::RequestInProgress, shape.takes_key)],
        410 => &[(Redacted, true)],
        416 => &[(Code::RangeNotSatisfiable, true)],
        422 => &[(Code::IdempotencyKeyReused, shape.takes_key), (ValidationFailed, true)],
        _ => return StatusCode::from_u16(status).map(Code::for_status).into_iter().collect(),
    };
    all.iter().filter(|(_, is_possible)| *is_possible).map(|(code, _)| *code).collect()
}

fn of_permissions(shape: &Shape) -> Vec<Code> {
    let mut codes = Vec::new();
    if let Access::Roles(roles) | Access::RolesAndCompanyAdmins(roles) = shape.rule.access {
        codes.push(Code::PasswordChangeRequired);
        let are_all = domain::Role::ALL.iter().all(|it| roles.contains(it));
        codes.extend((!are_all).then_some(Forbidden));
    }
    if shape.rule.access != Access::Open {
        match shape.rule.token {
            Token::Any => {}
            Token::Never | Token::With(_) => codes.push(Code::InsufficientScope),
            Token::Fresh => codes.extend([Code::InsufficientScope, ReauthenticationRequired]),
        }
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::permissions;

    /// The table speaks of operations that there are, each once, and of every code of a rule.
    #[test]
    fn every_code_of_a_rule_is_named_by_an_operation() {
        let mut operations: Vec<&str> = OF_RULES.iter().map(|(id, _)| *id).collect();
        let count = operations.len();
        operations.sort_unstable();
        operations.dedup();
        let named = |code: &Code| OF_RULES.iter().any(|(_, codes)| codes.contains(code));
        let of_no_rule = [Code::RequestInProgress, Code::IdempotencyKeyReused];
        // Support decides so later; the request itself has been registered or refused before.
        let later = [Code::InsufficientKnowledge, Code::OutOfScope];
        let mut unnamed = Code::ALL.iter().filter(|it| it.is_rule_violation() && !named(it));

        assert_eq!(operations.len(), count);
        assert!(operations.iter().all(|it| permissions::rule(it).is_some()));
        let unnamed = unnamed.find(|it| !of_no_rule.contains(it) && !later.contains(it));
        assert_eq!(unnamed, None);
    }
}
