//! What each kind of work is for, what waits for it, and what of it was given up.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use domain::Text;

use crate::db;
use crate::db::schema::{events, mails, releases, tickets, webhook_deliveries};
use crate::events::consumer::untold;
use crate::http::caller::Caller;
use crate::mail::outbox;
use crate::notifications::{fan_out, job};
use crate::tickets::deadlines::{alerts, auto_close, recalculation};
use crate::tickets::store::Condition;
use crate::webhooks::{delivery, sending};

/// A query whose rows are items of work.
pub type Items = Box<dyn QueryFragment<Pg>>;

/// What a kind of work is for.
#[derive(Debug)]
pub struct Kind {
    /// What it is called.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub does: Text,
    /// What waits for it; none: that is not counted.
    pub waiting: Option<fn(&Caller) -> Items>,
    /// What was given up; none: nothing ever is.
    pub dead: Option<fn(&Caller) -> Items>,
}

/// Every kind of work, in the order in which it is listed.
pub const KINDS: &[Kind] = &[
    Kind {
        waiting: Some(|_| Box::new(mails::table.filter(outbox::waits()).select(mails::id))),
        dead: Some(|_| Box::new(mails::table.filter(outbox::is_dead()).select(mails::id))),
        ..kind(
            "mail",
            "Отправляет ожидающие письма.",
            "Күтіп тұрған хаттарды жібереді.",
            "Sends the mail that waits.",
        )
    },
    Kind {
        waiting: Some(|_| unread(fan_out::CONSUMER)),
        ..kind(
            job::NAME,
            "Оповещает о событиях тех, кого они касаются.",
            "Оқиғалар туралы тиісті адамдарға хабарлайды.",
            "Tells people of the events that concern them.",
        )
    },
    Kind {
        waiting: Some(|_| unread(sending::CONSUMER)),
        ..kind(
            "webhook_events",
            "Ставит события в очередь на отправку вебхукам.",
            "Оқиғаларды вебхуктерге жіберу кезегіне қояды.",
            "Queues events for the webhooks that listen to them.",
        )
    },
    Kind {
        waiting: Some(|_| deliveries(delivery::waits())),
        dead: Some(|_| deliveries(delivery::is_given_up())),
        ..kind(
            "webhooks",
            "Отправляет сообщения вебхукам.",
            "Вебхуктерге хабарлама жібереді.",
            "Sends the messages to webhooks.",
        )
    },
    Kind {
        waiting: Some(|it| of_tickets(alerts::is_to_be_told(it.now))),
        ..kind(
            "deadlines",
            "Предупреждает о сроках и сообщает о пропущенных (2.4).",
            "Мерзімдер туралы ескертеді және өткізіп алынғандарын хабарлайды (2.4).",
            "Warns of deadlines that are near and tells of those that were missed (2.4).",
        )
    },
    Kind {
        waiting: Some(|it| of_tickets(recalculation::is_outdated(it.rules.version))),
        ..kind(
            "recalculation",
            "Пересчитывает открытые сроки после изменения календаря или нормативов (2.3, 2.4).",
            "Күнтізбе не нормативтер өзгергеннен кейін ашық мерзімдерді қайта есептейді (2.3, 2.4).",
            "Computes open deadlines anew after a change of calendar or targets (2.3, 2.4).",
        )
    },
    Kind {
        waiting: Some(|it| of_tickets(auto_close::is_to_be_closed(it.now))),
        ..kind(
            "feedback_timeout",
            "Закрывает заявки, которые два месяца ждут ответа Заказчика (2.5).",
            "Тапсырыс берушінің жауабын екі ай күткен өтінімдерді жабады (2.5).",
            "Closes tickets that have waited two months for their customer (2.5).",
        )
    },
    Kind {
        waiting: Some(|it| of_tickets(auto_close::is_to_be_reminded(it.now))),
        ..kind(
            "feedback_reminders",
            "Напоминает Заказчику о скором закрытии заявки (2.5).",
            "Тапсырыс берушіге өтінімнің жақында жабылатынын еске салады (2.5).",
            "Reminds customers of tickets that will be closed (2.5).",
        )
    },
    Kind {
        waiting: Some(|it| {
            of_tickets(auto_close::is_to_be_reviewed(it.rules.calendar.day(it.now)))
        }),
        ..kind(
            "reviews",
            "Напоминает инженеру об отложенной заявке в день пересмотра (2.5).",
            "Кейінге қалдырылған өтінімді қарау күні инженерге еске салады (2.5).",
            "Reminds assignees of waiting tickets on the day of their review (2.5).",
        )
    },
    Kind {
        waiting: Some(|_| {
            let unsettled = releases::table.filter(diesel::dsl::not(releases::is_settled));
            Box::new(unsettled.select(releases::id))
        }),
        ..kind(
            "releases",
            "Сообщает ожидающим заявкам о выпуске или переносе релиза (2.5).",
            "Күтіп тұрған өтінімдерге релиздің шыққанын не кейінге қалғанын хабарлайды (2.5).",
            "Tells waiting tickets that a release is out, or planned anew (2.5).",
        )
    },
    kind(
        "webhook_deliveries",
        "Удаляет старые записи об отправке вебхукам.",
        "Вебхуктерге жіберу туралы ескі жазбаларды жояды.",
        "Throws away old deliveries of webhooks.",
    ),
    kind(
        "idempotent_answers",
        "Удаляет ответы, сохраненные для повторных запросов.",
        "Қайталанған сұрауларға сақталған жауаптарды жояды.",
        "Throws away the answers that were kept for repeated requests.",
    ),
    kind(
        "expired_uploads",
        "Удаляет загруженные файлы, которые никто не использовал.",
        "Ешкім пайдаланбаған жүктелген файлдарды жояды.",
        "Throws away uploads that nobody used.",
    ),
    kind(
        "orphans",
        "Ищет в хранилище файлы без записей и записи без файлов.",
        "Қоймадан жазбасыз файлдарды және файлсыз жазбаларды іздейді.",
        "Looks for files without a row, and for rows without a file.",
    ),
    kind(
        "ended_access",
        "Удаляет истекшие сессии и токены.",
        "Мерзімі өткен сессиялар мен токендерді жояды.",
        "Clears away sessions and tokens that have ended.",
    ),
];

const fn kind(name: &'static str, ru: &'static str, kk: &'static str, en: &'static str) -> Kind {
    Kind { name, does: Text::new(ru, kk, en), waiting: None, dead: None }
}

fn of_tickets(condition: Condition) -> Items {
    Box::new(tickets::table.filter(condition).select(tickets::id))
}

fn deliveries(condition: db::Condition<webhook_deliveries::table>) -> Items {
    Box::new(webhook_deliveries::table.filter(condition).select(webhook_deliveries::id))
}

fn unread(consumer: &'static str) -> Items {
    Box::new(events::table.filter(untold(consumer)).select(events::id))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// A kind of work that nobody has described would be missing in the list.
    #[test]
    fn every_job_is_described_once() {
        let described: Vec<&str> = KINDS.iter().map(|it| it.name).collect();
        let known: Vec<&str> = crate::worker::names().collect();

        assert_eq!(described.len(), known.len());
        let [described, known] = [described, known].map(BTreeSet::from_iter);
        assert_eq!(described, known);
    }
}
