//! `GET /reports/frequent-questions`: what tickets are about again and again (advantage 4).

use std::collections::BTreeSet;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text};
use domain::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::figures::condition::instant;
use crate::figures::figure::Figure;
use crate::figures::questions::{self, AskedTicket, COMPARED};
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::http::refs::Ref;
use crate::http::request_db::RequestDb;
use crate::http::service::Service;
use crate::problem::Problem;
use crate::reports::answering::name_articles;
use crate::reports::numbers::{median, share};
use crate::reports::open::narrowed_links;
use crate::reports::query::ReportQuery;
use crate::reports::report::Links;
use crate::reports::request::ReportRequest;
use crate::reports::response::{in_snapshot, respond};
use crate::visibility;

/// The maximum number of questions shown, the most frequent first.
const MAX_QUESTIONS: usize = 100;

/// What the tickets of the period are about.
#[derive(Debug, Serialize, ToSchema)]
pub struct FrequentQuestionsReport {
    /// The first date.
    pub from: NaiveDate,
    /// The date before which it ends.
    pub to: NaiveDate,
    /// The time zone in which its days begin.
    pub zone: String,
    /// The instant that the figures show.
    pub generated_at: Timestamp,
    /// The totals of all questions.
    pub totals: QuestionTotals,
    /// The 100 most frequent questions.
    pub rows: Vec<Question>,
}

/// How many questions there are, and how many tickets ask them.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct QuestionTotals {
    /// The number of tickets of these questions that were filed in the period.
    pub tickets: i64,
    /// The number of questions.
    pub questions: i64,
    /// The list behind the figure.
    #[schema(value_type = BTreeMap<String, String>)]
    pub links: Links,
}

/// A question: the tickets filed in the period about one product and topic, or with similar wording.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Question {
    /// The topic, or the subject of the newest of the tickets.
    pub label: String,
    /// The product; null if it is not in the catalogue.
    pub product: Option<Ref>,
    /// The topic; null for tickets that have none and share their wording.
    pub topic_id: Option<i64>,
    /// How many tickets there are.
    pub tickets: i64,
    /// The number of companies that they belong to.
    pub companies: i64,
    /// How many there were in the same number of days before.
    pub previous: i64,
    /// The share of them that is solved now.
    pub solved_share: Option<f64>,
    /// The median number of working minutes until they were solved; null if none was closed.
    pub median_to_solve: Option<i64>,
    /// The newest of them, up to 20.
    pub ticket_ids: Vec<i64>,
    /// The published article that most of these were answered with, or that was made from them;
    /// null if there is none.
    pub article: Option<Ref>,
    /// The list behind the figure.
    #[schema(value_type = BTreeMap<String, String>)]
    pub links: Links,
}

/// Get frequent questions
#[utoipa::path(
    tag = "reports",
    operation_id = "reports_frequent_questions",
    params(ReportQuery),
    responses((status = 200, description = "The report", content(
        (FrequentQuestionsReport = "application/json"), (String = "text/csv"),
    ))),
)]
#[get("/reports/frequent-questions")]
pub async fn get(
    req: HttpRequest,
    db: RequestDb,
    caller: Caller,
    service: Data<Service>,
    Query(query): Query<ReportQuery>,
) -> Result<HttpResponse, Problem> {
    let request = ReportRequest::new(query, &caller)?;
    let format = request.query.format;
    let work = in_snapshot(move |conn| {
        let questions = questions(&request, conn)?;
        Ok(FrequentQuestionsReport {
            from: request.span.from,
            to: request.span.to,
            zone: request.caller.rules.calendar.zone().to_string(),
            generated_at: request.caller.now.into(),
            totals: QuestionTotals {
                tickets: questions.iter().map(|it| it.tickets).sum(),
                questions: i64::try_from(questions.len()).unwrap_or(i64::MAX),
                links: narrowed_links(&request, &service.public_url, ASKED, ""),
            },
            rows: most_frequent(questions, MAX_QUESTIONS, &request, &service.public_url, conn)?,
        })
    });
    respond(&req, format, &caller, db.run_costly(work).await?, Question::default())
}

/// The first of some questions, with the articles that answer them and the lists behind them.
pub fn most_frequent(
    mut questions: Vec<Question>,
    most: usize,
    request: &ReportRequest,
    public_url: &str,
    conn: &mut PgConnection,
) -> QueryResult<Vec<Question>> {
    questions.truncate(most);
    name_articles(&mut questions, &request.viewer, conn)?;
    for question in &mut questions {
        let further = match (question.topic_id, question.ticket_ids.first()) {
            (Some(topic_id), _) => {
                let product = question.product.as_ref().map(|it| it.id.to_string());
                let product = product.unwrap_or_else(|| "none".to_owned());
                format!("&topic_id={topic_id}&product_id={product}")
            }
            (None, Some(newest)) => format!("&alike_to={newest}"),
            (None, None) => continue,
        };
        question.links = narrowed_links(request, public_url, ASKED, &further);
    }
    Ok(questions)
}

/// Whose list is behind the number of tickets.
const ASKED: [(&str, Figure); 1] = [("tickets", Figure::Questions)];

/// All questions, the most frequent first.
pub fn questions(request: &ReportRequest, conn: &mut PgConnection) -> QueryResult<Vec<Question>> {
    let mut questions = by_topic(request, conn)?;
    questions.extend(by_likeness(request, conn)?);
    questions.sort_by(|one, other| {
        let key = |it: &Question| (-it.tickets, it.label.to_lowercase(), it.topic_id);
        key(one).cmp(&key(other))
    });
    Ok(questions)
}

#[derive(QueryableByName)]
struct TopicLine {
    #[diesel(sql_type = BigInt)]
    topic_id: i64,
    #[diesel(sql_type = Text)]
    topic: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    product_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    product: Option<String>,
    #[diesel(sql_type = BigInt)]
    tickets: i64,
    #[diesel(sql_type = BigInt)]
    previous: i64,
    #[diesel(sql_type = BigInt)]
    companies: i64,
    #[diesel(sql_type = BigInt)]
    solved: i64,
    #[diesel(sql_type = Array<BigInt>)]
    ticket_ids: Vec<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    median_to_solve: Option<i64>,
}

fn by_topic(request: &ReportRequest, conn: &mut PgConnection) -> QueryResult<Vec<Question>> {
    let calendar = &request.caller.rules.calendar;
    let before = instant(request.span.previous().period(calendar).from);
    let (from, to) = (instant(request.period.from), instant(request.period.to));
    let condition = request.condition();
    let is_now = format!("tickets.created_at >= {from}");
    let median = median("last.minutes", "last.minutes is not null");
    let statement = format!(
        "with question as (
             select tickets.topic_id, tickets.product_id, count(*) filter (where {is_now}) as tickets,
                 count(*) filter (where not {is_now}) as previous,
                 count(distinct tickets.company_id) filter (where {is_now}) as companies,
                 count(*) filter (where {is_now} and tickets.status in ('resolved', 'closed')) as solved,
                 (array_agg(tickets.id order by tickets.id desc) filter (where {is_now}))[1:20] as ticket_ids
             from tickets where tickets.topic_id is not null and tickets.created_at >= {before}
                 and tickets.created_at < {to} and {condition}
             group by 1, 2
         ),
         solving as (
             select last.topic_id, last.product_id, {median} as median_to_solve from (
                 select distinct on (fact.ticket_id) tickets.topic_id, tickets.product_id, fact.minutes
                 from ticket_facts as fact join tickets on tickets.id = fact.ticket_id and {condition}
                 where fact.kind = 'closed' and fact.at >= {from} and fact.filed_at >= {from}
                     and fact.filed_at < {to} and tickets.topic_id is not null
                 order by fact.ticket_id, fact.at desc, fact.id desc
             ) as last
             group by 1, 2
         )
         select question.*, topics.name as topic, products.name as product, solving.median_to_solve
         from question join topics on topics.id = question.topic_id
         left join products on products.id = question.product_id
         left join solving on solving.topic_id = question.topic_id
             and solving.product_id is not distinct from question.product_id
         where question.tickets > 0 order by question.tickets desc limit 1000"
    );
    let lines: Vec<TopicLine> = visibility::statement(&statement, &request.viewer).load(conn)?;
    let question = |it: TopicLine| Question {
        label: it.topic,
        product: it.product_id.zip(it.product).map(|(id, name)| Ref::new(id, name)),
        topic_id: Some(it.topic_id),
        tickets: it.tickets,
        companies: it.companies,
        previous: it.previous,
        solved_share: share(it.solved, it.tickets),
        median_to_solve: it.median_to_solve,
        ticket_ids: it.ticket_ids,
        article: None,
        links: Links::new(),
    };
    Ok(lines.into_iter().map(question).collect())
}

#[derive(QueryableByName)]
struct TicketWithoutTopic {
    #[diesel(embed)]
    asked: AskedTicket,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Nullable<Text>)]
    product: Option<String>,
    #[diesel(sql_type = BigInt)]
    company_id: i64,
    #[diesel(sql_type = Bool)]
    is_solved: bool,
    #[diesel(sql_type = Nullable<Integer>)]
    minutes: Option<i32>,
}

/// The newest tickets without a topic that are alike, at least two of the span at a time.
fn by_likeness(request: &ReportRequest, conn: &mut PgConnection) -> QueryResult<Vec<Question>> {
    let calendar = &request.caller.rules.calendar;
    let before = instant(request.span.previous().period(calendar).from);
    let (from, to) = (instant(request.period.from), instant(request.period.to));
    let statement = format!(
        "select tickets.id, tickets.subject, tickets.product_id, products.name as product,
             tickets.company_id, tickets.words, tickets.created_at >= {from} as is_now,
             tickets.status in ('resolved', 'closed') as is_solved, (
                 select fact.minutes from ticket_facts as fact
                 where fact.ticket_id = tickets.id and fact.kind = 'closed'
                 order by fact.at desc, fact.id desc limit 1) as minutes
         from tickets left join products on products.id = tickets.product_id
         where tickets.topic_id is null and tickets.created_at >= {before} and tickets.created_at < {to}
             and {}
         order by tickets.created_at desc, tickets.id desc limit {COMPARED}",
        request.condition(),
    );
    let untold: Vec<TicketWithoutTopic> =
        visibility::statement(&statement, &request.viewer).load(conn)?;
    let asked: Vec<&AskedTicket> = untold.iter().map(|it| &it.asked).collect();
    let groups = questions::questions(&asked).into_iter();
    let members = |group: Vec<usize>| -> Vec<&TicketWithoutTopic> {
        group.into_iter().filter_map(|place| untold.get(place)).collect()
    };
    Ok(groups.filter_map(|group| question(&members(group))).collect())
}

fn question(members: &[&TicketWithoutTopic]) -> Option<Question> {
    let now: Vec<&&TicketWithoutTopic> = members.iter().filter(|it| it.asked.is_now).collect();
    let newest = now.first()?;
    let companies: BTreeSet<i64> = now.iter().map(|it| it.company_id).collect();
    let mut minutes: Vec<i64> = now.iter().filter_map(|it| it.minutes.map(i64::from)).collect();
    minutes.sort_unstable();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let solved = now.iter().filter(|it| it.is_solved).count();
    Some(Question {
        label: newest.subject.clone(),
        product: newest
            .asked
            .product_id
            .zip(newest.product.clone())
            .map(|(id, name)| Ref::new(id, name)),
        topic_id: None,
        tickets: count(now.len()),
        companies: count(companies.len()),
        previous: count(members.len() - now.len()),
        solved_share: share(count(solved), count(now.len())),
        median_to_solve: minutes.get(minutes.len().saturating_sub(1) / 2).copied(),
        ticket_ids: now.iter().take(20).map(|it| it.asked.id).collect(),
        article: None,
        links: Links::new(),
    })
}
