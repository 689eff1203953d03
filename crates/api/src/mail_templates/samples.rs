//! Made-up contents of each kind of mail.

use chrono::{TimeDelta, Utc};
use domain::worktime::NEVER;
use domain::{
    ClockKind, DisabledReason, EventType, InboundReason, Language, NotificationKind, Priority,
    RefusalReason, RefusalState, Role, Sees, Status,
};
use serde_json::json;

use crate::db::string_enum::DbEnum;
use crate::http::caller::Caller;
use crate::http::local_time;
use crate::inbound::rejection_mail::{RefusedMail, Why};
use crate::mail::outbox::Kind;
use crate::mail::outgoing::Links;
use crate::mail::page::{Block, Fact, Page};
use crate::mail::reply_address::ReplyKey;
use crate::mail::texts::{Texts, fill};
use crate::notifications::mail::digest::Section;
use crate::notifications::mail::event::{EventMail, NewsOfRelease};
use crate::notifications::mail::refusal::Refusal;
use crate::notifications::mail::required::Standing;
use crate::notifications::mail::{Reader, digest, webhook};
use crate::users::store::UserRow;

/// The ticket of all samples.
const TICKET: i64 = 1042;

const CUSTOMER: &str = "Айгуль Омарова";

const ENGINEER: &str = "Ерлан Абдрахманов";

const SUBJECT: &str = "Нет звука на транке SMG-1016M";

/// A customer who reads.
pub fn reader<'a>(language: Language, caller: &Caller, links: &'a Links) -> Reader<'a> {
    let user = UserRow {
        id: 17,
        version: 1,
        role: DbEnum(Role::Customer),
        company_id: Some(1),
        sees: DbEnum(Sees::All),
        email: "a.omarova@sary-arka.example".to_owned(),
        email_folded: "a.omarova@sary-arka.example".to_owned(),
        first_name: "Айгуль".to_owned(),
        last_name: "Омарова".to_owned(),
        language: DbEnum(language),
        is_active: true,
        is_suspended: false,
        is_deactivated_by_company: false,
        is_company_admin: false,
        must_change_password: false,
        invited_at: None,
        last_signed_in_at: None,
        mail_failures: 0,
        created_at: caller.now,
        absent_since: None,
        absent_until: None,
        planned_since: None,
        planned_until: None,
        undeliverable_since: None,
        undeliverable_reason: None,
    };
    Reader {
        user,
        viewer: caller.viewer.clone(),
        rules: caller.rules.clone(),
        links,
        texts: Texts::of(language),
        // A sample, which takes nothing.
        key: links.reply_domain.as_ref().map(|_| ReplyKey::sample()),
    }
}

/// The subject and the page of a kind of mail; none where there is no such kind.
pub fn of_kind(kind: &str, status: Status, reader: &Reader<'_>) -> Option<(String, Page)> {
    let notification = kind.parse::<NotificationKind>().ok();
    if let Some(kind) = notification {
        return Some(of_notification(kind, status, reader));
    }
    let page = of_mail(kind.parse().ok()?, reader)?;
    Some((page.title.clone(), page))
}

fn of_notification(kind: NotificationKind, status: Status, reader: &Reader<'_>) -> (String, Page) {
    let comment = match kind {
        NotificationKind::RequestRefused => refusal().pending(reader),
        NotificationKind::RefusalDecided => refusal().decided(reader),
        NotificationKind::WebhookDisabled => {
            let url = "https://noc.sary-arka.example/hook".to_owned();
            webhook::page(7, url, Utc::now(), DisabledReason::Failing, reader)
        }
        NotificationKind::TicketCreated
        | NotificationKind::NewInDirection
        | NotificationKind::StatusChanged
        | NotificationKind::Commented
        | NotificationKind::Assigned
        | NotificationKind::Edited
        | NotificationKind::Watched
        | NotificationKind::Deadline
        | NotificationKind::Reminder
        | NotificationKind::Release => event(kind, status, reader).render(reader),
    };
    (comment.subject, comment.page)
}

/// What happened to the sample's ticket, where the kind says so much.
fn sample_change(
    kind: NotificationKind,
    status: Status,
    reader: &Reader<'_>,
) -> (EventType, Vec<Fact>) {
    let language = reader.user.language.0;
    let label = |field: &str| domain::ticket::label(field).map_or("", |it| it.text_in(language));
    let fact = |field: &str, from: &str, to: &str| Fact {
        from: from.to_owned(),
        ..Fact::new(label(field), to)
    };
    match kind {
        NotificationKind::StatusChanged => {
            let is_accepted = status == Status::InProgress;
            let from = if is_accepted { Status::New } else { Status::InProgress };
            let from = from.label().text_in(language);
            (EventType::StatusChanged, vec![fact("status", from, status.label().text_in(language))])
        }
        NotificationKind::Assigned => {
            (EventType::Assigned, vec![fact("assignee_id", "", "Ерлан Абдрахманов")])
        }
        NotificationKind::Edited => {
            let [medium, high] =
                [Priority::Medium, Priority::High].map(|it| it.label().text_in(language));
            let reason = Fact::new(&reader.texts.notification.reason, "Затронуты все абоненты.");
            (EventType::Edited, vec![fact("priority", medium, high), reason])
        }
        NotificationKind::Watched => (EventType::Watched, Vec::new()),
        NotificationKind::Reminder => (EventType::ClosingNear, Vec::new()),
        NotificationKind::Deadline => {
            let due_at =
                local_time::render(Utc::now() + TimeDelta::hours(1), reader.rules.calendar.zone());
            let clock = ClockKind::Response.label().text_in(language);
            (EventType::DeadlineNear, vec![fact("clock", "", clock), fact("due_at", "", &due_at)])
        }
        NotificationKind::Release => (EventType::StatusChanged, Vec::new()),
        NotificationKind::Commented => (EventType::Commented, Vec::new()),
        NotificationKind::TicketCreated
        | NotificationKind::NewInDirection
        | NotificationKind::RequestRefused
        | NotificationKind::RefusalDecided
        | NotificationKind::WebhookDisabled => (EventType::Created, Vec::new()),
    }
}

fn event(kind: NotificationKind, status: Status, reader: &Reader<'_>) -> EventMail {
    use NotificationKind as It;

    let language = reader.user.language.0;
    let is = |kinds: &[NotificationKind]| kinds.contains(&kind);
    let if_is = |kinds: &[NotificationKind], text: &str| {
        if is(kinds) { text.to_owned() } else { String::new() }
    };
    let is_of_customer = is(&[It::TicketCreated, It::NewInDirection]);
    let actor = if is_of_customer { CUSTOMER } else { ENGINEER };
    let now = Utc::now();
    let day = reader.rules.calendar.day(now + TimeDelta::days(7));
    let (event, facts) = sample_change(kind, status, reader);
    let status = if is(&[It::StatusChanged]) {
        status
    } else if is(&[It::Reminder, It::Release]) {
        Status::Feedback
    } else {
        Status::New
    };
    let is_receipt = kind == It::TicketCreated;
    let all = domain::ticket::Details::default();
    let hints = domain::registration::hints(&all).filter(|_| is_receipt);
    let speaks =
        [It::TicketCreated, It::NewInDirection, It::StatusChanged, It::Commented, It::Release];
    let files = if_is(&[It::Commented], "smg-3.410.bin (12 МБ): обновление");
    EventMail {
        kind,
        event,
        subject: SUBJECT.to_owned(),
        is_internal: false,
        is_receipt,
        is_from_mail: false,
        actor: actor.to_owned(),
        at: now,
        facts,
        edited: Vec::new(),
        text: if_is(&speaks, words(kind, status)),
        question: if_is(&[It::Reminder], "Пришлите журнал шлюза за последние сутки."),
        files: Some(files).filter(|it| !it.is_empty()).into_iter().collect(),
        hints: hints.map(|it| it.meaning.text_in(language)).collect(),
        standing: Standing {
            ticket_id: TICKET,
            status,
            due_at: if status.is_final() { NEVER } else { now + TimeDelta::hours(1) },
            closes_at: Some(now + TimeDelta::days(60)),
            review_on: Some(day),
            version: Some(("3.21.0".to_owned(), Some(day))),
            is_confirmed: false,
            is_merged: false,
        },
        release: (kind == It::Release).then(|| NewsOfRelease {
            version: "3.21.0".to_owned(),
            is_out: true,
            planned_on: None,
        }),
        others: Vec::new(),
    }
}

/// What is said with it.
const fn words(kind: NotificationKind, status: Status) -> &'static str {
    match kind {
        NotificationKind::TicketCreated | NotificationKind::NewInDirection => {
            "После обновления на транке с оператором нет звука в обе стороны."
        }
        NotificationKind::Release => "Вышла версия, которую ждала эта заявка. Установите ее.",
        NotificationKind::StatusChanged => match status {
            Status::New | Status::InProgress => "Приняли заявку, смотрим журнал.",
            Status::Feedback => "Пришлите, пожалуйста, журнал шлюза за последние сутки.",
            Status::Resolved | Status::Closed => "Исправили маршрут, звук есть.",
            Status::AwaitingRelease => "Исправление войдет в следующую версию.",
            Status::OnHold => "Ждем поставку платы.",
            Status::Rejected => "Такая настройка противоречит стандарту.",
        },
        NotificationKind::RequestRefused
        | NotificationKind::RefusalDecided
        | NotificationKind::Commented
        | NotificationKind::Assigned
        | NotificationKind::Edited
        | NotificationKind::Watched
        | NotificationKind::Deadline
        | NotificationKind::Reminder
        | NotificationKind::WebhookDisabled => {
            "Пришлите, пожалуйста, журнал шлюза за последние сутки.\nКоманда: show log buffered"
        }
    }
}

fn refusal() -> Refusal {
    Refusal {
        author_id: 17,
        reason: DbEnum(RefusalReason::NoDescription),
        state: DbEnum(RefusalState::Pending),
        subject: "Не работает".to_owned(),
        request: json!({ "description": "Не работает" }),
        created_at: Utc::now(),
        author: ("Айгуль".to_owned(), "Омарова".to_owned()),
        company: "Сары-Арка Телеком".to_owned(),
        direction: "Телефония".to_owned(),
        decided_at: Some(Utc::now()),
        words: Some("Опишите, что именно не работает и после каких действий.".to_owned()),
    }
}

fn of_mail(kind: Kind, reader: &Reader<'_>) -> Option<Page> {
    let (texts, links) = (reader.texts, reader.links);
    let language = reader.user.language.0;
    let plain = |subject: &str, body: &str, values: &[(&str, &str)]| {
        Page::of_text(language, (subject, body), reader.user.greeting(), values)
    };
    Some(match kind {
        Kind::Invitation => {
            let values = [
                ("email", reader.user.email.as_str()),
                ("password", "kZ4mQ8xT2vB6nW9cR3hY7pLdFs"),
                ("link", links.invite()),
                ("until", "02.12.2026"),
            ];
            plain(&texts.invitation.subject, &texts.invitation.body, &values)
        }
        Kind::PasswordReset => {
            let token = "hd_reset_8Zt5SNgkqLw0Xh3mYb7RvCeKdPj2UaFo9sQi6Tn1Wz4";
            let link = links.reset(token);
            let values = [("token", token), ("link", link.as_str())];
            plain(&texts.password_reset.subject, &texts.password_reset.body, &values)
        }
        Kind::PasswordChanged => {
            let values = [("link", links.portal())];
            plain(&texts.password_changed.subject, &texts.password_changed.body, &values)
        }
        Kind::AddressChanged => {
            plain(&texts.address_changed.subject, &texts.address_changed.body, &[])
        }
        Kind::CompanyReport => {
            let report = &texts.company_report;
            let intro = fill(&report.intro, &[("month", "11.2026")]);
            let facts = vec![
                Fact::new(&report.filed, "42"),
                Fact::new(&report.solved, "40"),
                Fact::new(&report.to_solve, "6:30"),
            ];
            Page {
                language: language.as_str(),
                title: report.subject.clone(),
                blocks: vec![
                    Block::paragraph(reader.user.greeting()),
                    Block::paragraph(intro),
                    Block::Facts { facts },
                    Block::link(&report.table, links.public_url.clone()),
                ],
                ..Page::default()
            }
        }
        Kind::MailRefused => {
            let why = Why::All(InboundReason::TicketClosed);
            RefusedMail { language, ticket_id: Some(TICKET), status: None, why }.page(links)
        }
        Kind::Digest => {
            let section =
                Section { title: format!("№{TICKET} {SUBJECT}"), lines: digest_lines(reader) };
            digest::page(vec![section], false, Utc::now(), reader)
        }
        Kind::Notification => return None,
    })
}

fn digest_lines(reader: &Reader<'_>) -> Vec<String> {
    let at = local_time::render(Utc::now(), reader.rules.calendar.zone());
    let kinds = [NotificationKind::NewInDirection, NotificationKind::Commented];
    let line = |it: NotificationKind| {
        format!(
            "{at}, Ерлан Абдрахманов: {}",
            it.label().text_in(reader.user.language.0).to_lowercase()
        )
    };
    kinds.map(line).to_vec()
}
