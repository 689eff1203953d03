//! The report on a company by mail, on the first working day of a month, to those of its people who
//! see all of its projects.

use chrono::{DateTime, Datelike as _, Months, NaiveDate, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use domain::calendar::Calendar;
use domain::reports::Span;
use domain::{Projects, Role, Sees, Viewer};

use crate::BASE;
use crate::db::Db;
use crate::db::clock;
use crate::db::schema::{companies, company_sheets, users};
use crate::db::string_enum::DbEnum;
use crate::events::done::Done;
use crate::http::caller::{Caller, Credential};
use crate::mail::outbox;
use crate::mail::outbox::{Kind, MailRow};
use crate::mail::outgoing::{Composed, Links};
use crate::mail::page::{Block, Fact, Page};
use crate::mail::texts::{CompanyReport, Texts, fill};
use crate::problem::Problem;
use crate::reports::company::{CompanyFigures, sheet};
use crate::reports::query::ReportQuery;
use crate::reports::request::ReportRequest;
use crate::settings;
use crate::users::store::UserRow;
use crate::worker::batch::Progress;

/// Companies in one transaction.
const BATCH_SIZE: i64 = 20;

/// Queues the mails of some companies that have not got theirs this month.
pub fn queue_due(now: DateTime<Utc>, conn: &mut PgConnection) -> Result<Done<Progress>, Problem> {
    let rules = settings::latest(conn)?;
    let today = rules.calendar.day(now);
    let opening = opening(today, &rules.calendar);
    let is_today = opening.is_some_and(|it| it <= now && rules.calendar.day(it) == today);
    if !rules.reports.mails_companies || !is_today {
        return Ok(Done::new(Progress::Idle));
    }
    let month = Span::month_before(today).from;
    let has_got = company_sheets::table
        .filter(company_sheets::company_id.eq(companies::id))
        .filter(company_sheets::month.eq(month));
    let ids: Vec<i64> = companies::table
        .filter(not(exists(has_got)))
        .order(companies::id)
        .limit(BATCH_SIZE)
        .select(companies::id)
        .load(conn)?;
    let sent_at = clock::real_now(conn)?;
    for id in &ids {
        diesel::insert_into(company_sheets::table)
            .values((company_sheets::company_id.eq(id), company_sheets::month.eq(month)))
            .execute(conn)?;
        for reader in readers(*id, conn)? {
            outbox::queue(Kind::CompanyReport, reader, sent_at, conn)?;
        }
    }
    Ok(Done::new(Progress::of(ids.len())))
}

/// The first instant after another at which reports are to be sent.
pub fn next_due(
    after: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<Option<DateTime<Utc>>> {
    let rules = settings::latest(conn)?;
    if !rules.reports.mails_companies {
        return Ok(None);
    }
    let today = rules.calendar.day(after);
    let next_month = today.with_day(1).and_then(|it| it.checked_add_months(Months::new(1)));
    let days = [Some(today), next_month].into_iter().flatten();
    let mut openings = days.filter_map(|it| opening(it, &rules.calendar));
    Ok(openings.find(|it| *it > after))
}

/// When support opens for the first time in the month of a day.
fn opening(day: NaiveDate, calendar: &Calendar) -> Option<DateTime<Utc>> {
    let first = day.with_day(1)?;
    first.iter_days().take(31).find_map(|it| calendar.hours_of(it)).map(|(opens, _)| opens)
}

/// The administrators of the company; where it has none, everybody who sees all of it.
fn readers(company_id: i64, conn: &mut PgConnection) -> QueryResult<Vec<i64>> {
    let people: Vec<(i64, bool)> = users::table
        .filter(users::company_id.eq(company_id))
        .filter(users::is_active)
        .filter(users::sees.eq(DbEnum(Sees::All)))
        .order((users::is_company_admin.desc(), users::id))
        .limit(100)
        .select((users::id, users::is_company_admin))
        .load(conn)?;
    let has_admin = people.iter().any(|(_, is_admin)| *is_admin);
    let readers = people.into_iter().filter(|(_, is_admin)| *is_admin || !has_admin);
    Ok(readers.map(|(id, _)| id).collect())
}

/// The report of the month before, in words.
pub fn compose(mail: &MailRow, user_id: i64, links: &Links, db: &Db) -> Result<Composed, Problem> {
    let work = |conn: &mut PgConnection| {
        let user = UserRow::find(user_id, conn)?;
        let Some(company_id) =
            user.company_id.filter(|_| user.is_active && user.undeliverable_since.is_none())
        else {
            return Ok(None);
        };
        let caller = reader(&user, company_id, conn)?;
        let span = Span::month_before(caller.rules.calendar.day(caller.now));
        let query = ReportQuery {
            from: Some(span.from),
            to: Some(span.to),
            company_id: Some(company_id),
            ..ReportQuery::default()
        };
        let request = ReportRequest::new(query, &caller)?;
        let totals = sheet(&request, &links.public_url, conn)?.totals;
        Ok(Some((user, span, totals)))
    };
    let Some((user, span, totals)) = db.transaction_here(work)? else {
        return Ok(Composed::Dropped("the person left, or is no customer's"));
    };
    let texts = &Texts::of(user.language.0).company_report;
    let month = span.from.format("%m.%Y").to_string();
    let url = format!(
        "{}{BASE}/reports/company?from={}&to={}&format=csv",
        links.public_url, span.from, span.to
    );
    let page = Page {
        language: user.language.0.as_str(),
        title: texts.subject.clone(),
        blocks: vec![
            Block::paragraph(user.greeting()),
            Block::paragraph(fill(&texts.intro, &[("month", &month)])),
            Block::Facts { facts: facts(&totals, texts) },
            Block::link(&texts.table, url),
        ],
        ..Page::default()
    };
    Ok(user.mail_from_page(mail, page, links)?.into())
}

/// The person as somebody who asks for the report.
fn reader(user: &UserRow, company_id: i64, conn: &mut PgConnection) -> QueryResult<Caller> {
    let now = clock::now(conn)?;
    Ok(Caller {
        user_id: user.id,
        credential: Credential::Mail,
        role: Role::Customer,
        is_company_admin: false,
        viewer: Viewer::Company { id: company_id, projects: Projects::All },
        language: user.language.0,
        must_change_password: false,
        now: now.rules,
        real_now: now.real,
        rules: settings::latest(conn)?,
    })
}

fn facts(totals: &CompanyFigures, texts: &CompanyReport) -> Vec<Fact> {
    let percent = |it: Option<f64>| match it {
        Some(share) => format!("{:.0} %", share * 100.0),
        None => NOTHING.to_owned(),
    };
    let hours = |minutes: Option<i64>| match minutes {
        Some(minutes) => format!("{}:{:02}", minutes / 60, minutes % 60),
        None => NOTHING.to_owned(),
    };
    let (flow, deadlines) = (&totals.flow, &totals.deadlines);
    let average = totals.quality.ratings.average;
    vec![
        Fact::new(&texts.filed, flow.filed.to_string()),
        Fact::new(&texts.solved, flow.solved.to_string()),
        Fact::new(&texts.closed, flow.closed.to_string()),
        Fact::new(&texts.open, flow.open_at_end.to_string()),
        Fact::new(&texts.accepted_in_time, percent(deadlines.acceptance.share_met)),
        Fact::new(&texts.answered_in_time, percent(deadlines.response.share_met)),
        Fact::new(&texts.to_solve, hours(totals.times.to_solve.all.median)),
        Fact::new(
            &texts.rating,
            average.map_or_else(|| NOTHING.to_owned(), |it| format!("{it:.1}")),
        ),
    ]
}

/// What stands where there is no figure.
const NOTHING: &str = "—";
