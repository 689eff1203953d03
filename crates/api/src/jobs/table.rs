//! Everything that runs without a request: one table, read by the workers, the list of jobs
//! and the sandbox clock.

use std::time::Duration;

use diesel::prelude::*;
use domain::Text;

use crate::accounts::planned_absence;
use crate::attachments::sweep;
use crate::audit::minutes;
use crate::auth::{expiry, reset_requests};
use crate::bulk;
use crate::db::clock;
use crate::db::schema::{attachments, bulk_items, feed_waiting, mails, refusals, releases, users};
use crate::events::sequence;
use crate::jobs::items::{deliveries, of_tickets, unread};
use crate::jobs::job::{EVERY_MINUTE, EVERY_TEN_SECONDS, Job, Run, When, job};
use crate::mail::outbox;
use crate::notifications::{digest, fan_out, refusal_notices};
use crate::problem::Problem;
use crate::reports::company_mail;
use crate::search::index;
use crate::tickets::deadlines::{alerts, auto_close, recalculation};
use crate::tickets::lifecycle::settle_release;
use crate::users::absences;
use crate::webhooks::{delivery, sending};
use crate::worker::batch::Progress;
use crate::{idempotency, inbound, mail};

/// The events that a consumer has not dealt with yet.
macro_rules! unread_by {
    ($consumer:literal) => {
        concat!(
            "select 1 from feed where position > (select last_position from event_consumers where name = '",
            $consumer,
            "') order by position"
        )
    };
}

/// All jobs, in the order of the list.
pub const JOBS: &[Job] = &[
    Job {
        workers: 4,
        waiting: Some(|_| Box::new(mails::table.filter(outbox::waits()).select(mails::id))),
        dead: Some(|_| Box::new(mails::table.filter(outbox::is_dead()).select(mails::id))),
        ..job(
            "mail",
            When::Found(outbox::DUE),
            Run::Batch(|it| {
                it.outgoing.unless_copy(&it.db, || mail::sending::send_next(&it.post, &it.db))
            }),
            Text::new(
                "Отправляет ожидающие письма.",
                "Күтіп тұрған хаттарды жібереді.",
                "Sends pending mail.",
            ),
        )
    },
    job(
        "imap",
        EVERY_TEN_SECONDS,
        Run::Batch(|it| match &it.imap {
            Some(imap) => it.outgoing.unless_copy(&it.db, || imap.fetch_batch(&it.db, &it.storage)),
            None => Ok(Progress::Idle),
        }),
        Text::new(
            "Забирает письма из почтового ящика.",
            "Пошта жәшігінен хаттарды алады.",
            "Fetches mail from the mailbox.",
        ),
    ),
    Job {
        waiting: Some(|_| Box::new(feed_waiting::table.select(feed_waiting::event_id))),
        ..job(
            "feed",
            When::Found("select from feed_waiting"),
            Run::Exclusive { run: sequence::append, is_following: true },
            Text::new(
                "Ставит события в общий порядок ленты.",
                "Оқиғаларды таспаның ортақ ретіне қояды.",
                "Gives events their position in the feed.",
            ),
        )
    },
    Job {
        rest: Duration::from_millis(200),
        waiting: Some(|_| unread(fan_out::CONSUMER)),
        ..job(
            "notifications",
            When::Found(unread_by!("notifications")),
            Run::Exclusive { run: fan_out::fan_out, is_following: true },
            Text::new(
                "Оповещает о событиях тех, кого они касаются.",
                "Оқиғалар туралы тиісті адамдарға хабарлайды.",
                "Notifies people of the events that concern them.",
            ),
        )
    },
    Job {
        waiting: Some(|_| unread(sending::CONSUMER)),
        ..job(
            "webhook_events",
            When::Found(unread_by!("webhooks")),
            Run::Exclusive { run: sending::fan_out, is_following: true },
            Text::new(
                "Ставит события в очередь на отправку вебхукам.",
                "Оқиғаларды вебхуктарға жіберу кезегіне қояды.",
                "Queues events for the webhooks that subscribe to them.",
            ),
        )
    },
    Job {
        // A ticket that is written to often is reindexed each time.
        rest: Duration::from_millis(300),
        waiting: Some(|_| unread(index::job::CONSUMER)),
        ..job(
            index::JOB,
            // In `exists` its order would not keep to the index.
            When::Found(concat!(
                "(",
                unread_by!("search"),
                " limit 1) union all select 1 from search_renamed"
            )),
            Run::Exclusive { run: index::job::follow, is_following: true },
            Text::new(
                "Вносит новое в указатель поиска.",
                "Жаңаны іздеу көрсеткішіне енгізеді.",
                "Indexes new texts for search.",
            ),
        )
    },
    Job {
        waiting: Some(|_| {
            Box::new(attachments::table.filter(index::files::unread()).select(attachments::id))
        }),
        ..job(
            index::files::JOB,
            When::Found(index::files::UNREAD),
            Run::Batch(|it| index::files::read_next(&it.db, &it.storage)),
            Text::new(
                "Читает небольшие текстовые файлы, чтобы находить их по содержимому.",
                "Шағын мәтіндік файлдарды мазмұны бойынша табу үшін оқиды.",
                "Reads small text files so that search finds their contents.",
            ),
        )
    },
    Job {
        workers: 8,
        waiting: Some(|_| deliveries(delivery::waits())),
        dead: Some(|_| deliveries(delivery::is_given_up())),
        ..job(
            "webhooks",
            When::Found(delivery::DUE),
            Run::Batch(|it| {
                it.outgoing.unless_copy(&it.db, || sending::deliver_next(&it.webhooks, &it.db))
            }),
            Text::new(
                "Отправляет сообщения вебхукам.",
                "Вебхуктарға хабарлама жібереді.",
                "Sends messages to webhooks.",
            ),
        )
    },
    Job {
        waiting: Some(|it| {
            let due = refusals::notify_at.assume_not_null().le(it.now);
            Box::new(refusals::table.filter(due).select(refusals::id))
        }),
        ..job(
            "refusals",
            When::Found(refusal_notices::DUE),
            Run::Due { run: refusal_notices::notify_due, next_due: refusal_notices::next_due },
            Text::new(
                "Сообщает инженерам об отказах в регистрации, которые ждут решения (3.4).",
                "Шешімді күткен тіркеуден бас тартулар туралы инженерлерге хабарлайды (3.4).",
                "Notifies engineers of refused requests that wait for a decision (3.4).",
            ),
        )
    },
    Job {
        waiting: Some(|it| of_tickets(alerts::has_alert_due(it.now))),
        ..job(
            "deadlines",
            When::Found(alerts::DUE),
            Run::Due { run: alerts::raise_due, next_due: alerts::next_due },
            Text::new(
                "Предупреждает о сроках и сообщает о пропущенных (2.4).",
                "Мерзімдер туралы ескертеді және өткендерін хабарлайды (2.4).",
                "Warns of approaching deadlines and reports missed ones (2.4).",
            ),
        )
    },
    Job {
        waiting: Some(|it| of_tickets(recalculation::is_outdated(it.rules.version))),
        ..job(
            "recalculation",
            When::Found(recalculation::DUE),
            Run::Due { run: recalculation::run, next_due: alerts::never },
            Text::new(
                "Пересчитывает открытые сроки после изменения календаря или нормативов (2.3, 2.4).",
                "Күнтізбе не нормативтер өзгергеннен кейін ашық мерзімдерді қайта есептейді (2.3, 2.4).",
                "Recalculates open deadlines after a change of the calendar or the targets (2.3, 2.4).",
            ),
        )
    },
    Job {
        waiting: Some(|it| of_tickets(auto_close::is_to_be_closed(it.now))),
        ..job(
            "feedback_timeout",
            When::Found(auto_close::CLOSING_DUE),
            Run::Due { run: auto_close::close, next_due: auto_close::next_closing },
            Text::new(
                "Закрывает заявки, которые два месяца ждут ответа заказчика (2.5).",
                "Тапсырыс берушінің жауабын екі ай күткен өтінімдерді жабады (2.5).",
                "Closes tickets that have waited for their customer for two months (2.5).",
            ),
        )
    },
    Job {
        waiting: Some(|it| of_tickets(auto_close::is_to_be_reminded(it.now))),
        ..job(
            "feedback_reminders",
            When::Found(auto_close::REMINDING_DUE),
            Run::Due { run: auto_close::remind, next_due: auto_close::next_reminding },
            Text::new(
                "Напоминает заказчику о скором закрытии заявки (2.5).",
                "Тапсырыс берушіге өтінімнің жақында жабылатынын еске салады (2.5).",
                "Reminds customers of tickets that are about to be closed (2.5).",
            ),
        )
    },
    Job {
        waiting: Some(|it| {
            of_tickets(auto_close::is_to_be_reviewed(it.rules.calendar.day(it.now)))
        }),
        ..job(
            "reviews",
            EVERY_TEN_SECONDS,
            Run::Due { run: auto_close::review, next_due: auto_close::next_review },
            Text::new(
                "Напоминает инженеру об отложенной заявке в день пересмотра (2.5).",
                "Кейінге қалдырылған өтінімді қарау күні инженерге еске салады (2.5).",
                "Reminds assignees of waiting tickets on the day of their review (2.5).",
            ),
        )
    },
    Job {
        waiting: Some(|it| {
            let due = users::planned_since.assume_not_null().le(it.now);
            Box::new(users::table.filter(due).select(users::id))
        }),
        ..job(
            "absences",
            When::Found(absences::DUE),
            Run::Due { run: planned_absence::begin_next, next_due: absences::next_due },
            Text::new(
                "Начинает запланированные отсутствия инженеров и передает их заявки.",
                "Инженерлердің жоспарланған болмау уақытын бастап, өтінімдерін басқаларға береді.",
                "Begins the planned absences of engineers, and hands their tickets over.",
            ),
        )
    },
    job(
        "company_reports",
        EVERY_MINUTE,
        Run::Due { run: company_mail::queue_due, next_due: company_mail::next_due },
        Text::new(
            "Отправляет компаниям отчет за прошлый месяц в его первый рабочий день.",
            "Компанияларға өткен айдың есебін айдың бірінші жұмыс күні жібереді.",
            "Mails companies last month's report on the first working day of a month.",
        ),
    ),
    job(
        "digests",
        EVERY_MINUTE,
        Run::Due { run: digest::queue_due, next_due: digest::next_due },
        Text::new(
            "Собирает в начале рабочего дня сводки для тех, кто выбрал их вместо отдельных писем.",
            "Жеке хаттардың орнына жиынтықты таңдағандарға оны жұмыс күнінің басында дайындайды.",
            "Compiles the digests that people chose instead of single mails, as each working day begins.",
        ),
    ),
    Job {
        waiting: Some(|_| {
            let unsettled = releases::table.filter(diesel::dsl::not(releases::is_settled));
            Box::new(unsettled.select(releases::id))
        }),
        ..job(
            "releases",
            When::Found("select from releases where not is_settled"),
            Run::Due { run: settle_release::run, next_due: settle_release::next_due },
            Text::new(
                "Сообщает ожидающим заявкам о выпуске или переносе релиза (2.5).",
                "Күтіп тұрған өтінімдерге релиздің шыққанын не кейінге қалғанын хабарлайды (2.5).",
                "Updates tickets that wait for a release that was published or rescheduled (2.5).",
            ),
        )
    },
    Job {
        waiting: Some(|_| {
            Box::new(bulk_items::table.filter(bulk::store::waits()).select(bulk_items::ticket_id))
        }),
        ..job(
            "bulk",
            When::Found(bulk::store::DUE),
            Run::Batch(|it| bulk::job::work(&it.post.links.public_url, &it.db)),
            Text::new(
                "Выполняет действие над многими заявками, по одной.",
                "Көп өтінімдерге қатысты әрекетті бір-бірлеп орындайды.",
                "Applies an action to many tickets, one after another.",
            ),
        )
    },
    job(
        "old_bulks",
        EVERY_MINUTE,
        Run::Exclusive { run: bulk::job::purge, is_following: false },
        Text::new(
            "Удаляет результаты массовых действий, которым больше 90 дней.",
            "90 күннен асқан жаппай әрекеттердің нәтижелерін жояды.",
            "Deletes the results of bulk operations that ended more than 90 days ago.",
        ),
    ),
    job(
        "webhook_deliveries",
        EVERY_MINUTE,
        Run::Exclusive { run: sending::purge_old, is_following: false },
        Text::new(
            "Удаляет старые записи об отправке вебхукам.",
            "Вебхуктарға жіберу туралы ескі жазбаларды жояды.",
            "Deletes old webhook deliveries.",
        ),
    ),
    job(
        "idempotent_answers",
        EVERY_MINUTE,
        Run::Exclusive { run: purge_stored_responses, is_following: false },
        Text::new(
            "Удаляет ответы, сохраненные для повторных запросов.",
            "Қайталанған сұрауларға сақталған жауаптарды жояды.",
            "Deletes the responses stored for repeated requests.",
        ),
    ),
    job(
        "old_mails",
        EVERY_MINUTE,
        Run::Batch(|it| {
            let purge = |conn: &mut PgConnection| {
                let before = clock::real_now(conn)? - it.mails_kept_for;
                Ok(inbound::store::purge(before, conn)?)
            };
            it.db.transaction_here(purge).map(Progress::of)
        }),
        Text::new(
            "Удаляет исходные письма, срок хранения которых истек.",
            "Сақтау мерзімі біткен бастапқы хаттарды жояды.",
            "Deletes incoming mails that have been stored for long enough.",
        ),
    ),
    job(
        "expired_uploads",
        EVERY_MINUTE,
        Run::Batch(|it| sweep::expired(&it.db, &it.storage)),
        Text::new(
            "Удаляет загруженные файлы, которые никто не использовал.",
            "Ешкім пайдаланбаған жүктелген файлдарды жояды.",
            "Deletes uploads that nobody used.",
        ),
    ),
    job(
        "orphans",
        When::Every(Duration::from_secs(24 * 3600)),
        Run::Batch(|it| sweep::orphans(&it.db, &it.storage)),
        Text::new(
            "Ищет в хранилище файлы без записей и записи без файлов.",
            "Қоймадан жазбасыз файлдарды және файлсыз жазбаларды іздейді.",
            "Looks for files without a row, and for rows without a file.",
        ),
    ),
    job(
        "password_resets",
        When::Found("select from password_reset_requests"),
        Run::Exclusive { run: reset_requests::handle, is_following: false },
        Text::new(
            "Ставит в очередь письма тем, кто забыл пароль.",
            "Құпиясөзді ұмытқандарға хаттарды кезекке қояды.",
            "Queues mail for those who have forgotten their password.",
        ),
    ),
    job(
        "audit_minutes",
        When::Found(minutes::DUE),
        Run::Exclusive { run: minutes::flush, is_following: false },
        Text::new(
            "Записывает в журнал аудита неудачные входы прошедших минут.",
            "Өткен минуттардағы сәтсіз кірулерді аудит журналына жазады.",
            "Records the failed sign-ins of each past minute in the audit log.",
        ),
    ),
    job(
        "ended_access",
        When::Every(Duration::from_secs(600)),
        Run::Exclusive { run: expiry::clear, is_following: false },
        Text::new(
            "Удаляет истекшие сеансы и токены.",
            "Мерзімі өткен сеанстар мен токендерді жояды.",
            "Deletes sessions and tokens that have ended.",
        ),
    ),
];

fn purge_stored_responses(conn: &mut PgConnection) -> Result<Progress, Problem> {
    Ok(Progress::of(idempotency::store::purge(clock::real_now(conn)?, conn)?))
}
