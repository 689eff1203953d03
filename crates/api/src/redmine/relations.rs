//! Relations: links between tickets, each with its imported kind.

use std::collections::HashMap;

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Jsonb};
use serde_json::{Value, json};

use crate::db::schema::{imported, ticket_links, tickets};
use crate::events::done::{Done, recorded};
use crate::http::caller::Caller;
use crate::problem::{Code, Problem};
use crate::redmine::body::{Body, members, number};
use crate::redmine::caller::Reader;
use crate::redmine::error::{RedmineError, RedmineResult, json as respond};
use crate::redmine::numbers::{Numbers, ticket_id};
use crate::tickets::people::link;
use crate::tickets::store::TicketRow;
use crate::visibility;

/// The kinds of relations that exist here. A relation to a duplicate does not close it: its rejection does.
const KINDS: &[&str] = &[RELATES, DUPLICATES];
const RELATES: &str = "relates";
const DUPLICATES: &str = "duplicates";

/// The factor that combines both tickets into the number of a link that was not imported.
const PAIR_FACTOR: i64 = 1 << 26;

/// The maximum number of links for one page of issues.
const MAX_RELATIONS: i64 = 10_000;

fn number_of(one: i64, other: i64) -> i64 {
    one.min(other) * PAIR_FACTOR + one.max(other)
}

/// The links of tickets to others that the caller may see, by ticket.
pub fn links(
    ids: &[i64],
    numbers: &Numbers,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<HashMap<i64, Vec<Value>>> {
    let pairs: Vec<(i64, i64, Option<String>)> = ticket_links::table
        .inner_join(tickets::table.on(tickets::id.eq(ticket_links::other_id)))
        .filter(ticket_links::ticket_id.eq_any(ids))
        .filter(visibility::tickets(&caller.viewer))
        .order((ticket_links::ticket_id, ticket_links::other_id))
        .limit(MAX_RELATIONS)
        .select((ticket_links::ticket_id, ticket_links::other_id, ticket_links::kind))
        .load(conn)?;
    let about: Vec<(Option<i64>, Value)> = imported::table
        .filter(imported::kind.eq("ticket"))
        .filter(imported::id.eq_any(ids))
        .select((imported::id, imported::about))
        .load(conn)?;
    let about: HashMap<i64, Value> =
        about.into_iter().filter_map(|(id, it)| Some((id?, it["relations"].clone()))).collect();
    let mut found = HashMap::<i64, Vec<Value>>::new();
    for (id, other, kind) in pairs {
        let known = about.get(&id).and_then(Value::as_array).into_iter().flatten();
        let was = known.clone().find(|it| it["other"] == other - numbers.shift);
        let kind = was.and_then(|it| it["kind"].as_str()).or(kind.as_deref());
        found.entry(id).or_default().push(relation(id, other, kind, was));
    }
    Ok(found)
}

/// A relation as a Redmine stores it, from whichever of its tickets it is seen.
fn relation(id: i64, other: i64, kind: Option<&str>, was: Option<&Value>) -> Value {
    let (from, to, kind) = match kind.unwrap_or(RELATES) {
        RELATES => (id.min(other), id.max(other), RELATES),
        "duplicated" => (other, id, DUPLICATES),
        "blocked" => (other, id, "blocks"),
        "follows" => (other, id, "precedes"),
        "copied_from" => (other, id, "copied_to"),
        kind => (id, other, kind),
    };
    json!({
        "id": was.map_or(json!(number_of(id, other)), |it| it["id"].clone()),
        "issue_id": from,
        "issue_to_id": to,
        "relation_type": kind,
        "delay": was.map_or(Value::Null, |it| it["delay"].clone()),
    })
}

pub async fn list(reader: Reader, id: Path<String>) -> RedmineResult {
    let Reader { caller, db } = reader;
    let id = db.run(move |conn| Ok(ticket_id(&id, conn))).await??;
    let found = db.run(move |conn| {
        TicketRow::check_visible(id, &caller, conn)?;
        Ok(links(&[id], &Numbers::load(conn)?, &caller, conn)?.remove(&id).unwrap_or_default())
    });
    respond(&json!({ "relations": found.await? }))
}

pub async fn show(reader: Reader, number: Path<String>) -> RedmineResult {
    let number: i64 = number.parse().map_err(|_| RedmineError::Missing)?;
    let Reader { caller, db } = reader;
    let found = db.run(move |conn| Ok(find(number, &caller, conn)));
    respond(&json!({ "relation": found.await?? }))
}

/// A relation by its number, if the caller may see both tickets.
fn find(number: i64, caller: &Caller, conn: &mut PgConnection) -> Result<Value, RedmineError> {
    let numbers = Numbers::load(conn)?;
    let id = match number / PAIR_FACTOR {
        0 => ticket_of(number, conn)?,
        one => one,
    };
    TicketRow::check_visible(id, caller, conn)?;
    let all = links(&[id], &numbers, caller, conn)?.remove(&id).unwrap_or_default();
    all.into_iter().find(|it| it["id"] == number).ok_or(RedmineError::Missing)
}

/// The ticket of an imported relation. Their number does not grow, so there is no index.
fn ticket_of(number: i64, conn: &mut PgConnection) -> QueryResult<i64> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = BigInt)]
        id: i64,
    }
    let sql = "select id from imported where kind = 'ticket' and id is not null
               and about -> 'relations' @> $1 order by id limit 1";
    let wanted = json!([{ "id": number }]);
    let found: Found = diesel::sql_query(sql).bind::<Jsonb, _>(wanted).get_result(conn)?;
    Ok(found.id)
}

pub async fn create(
    req: HttpRequest,
    reader: Reader,
    id: Path<String>,
    body: Body,
) -> RedmineResult {
    let sent = members(&req, body, "relation")?;
    let kind = sent.get("relation_type").and_then(Value::as_str).unwrap_or(RELATES);
    let Some(kind) = KINDS.iter().find(|it| **it == kind) else {
        let why = format!("relation_type: \"{kind}\" is not offered, but {}", KINDS.join(", "));
        return Err(RedmineError::Wrong(why));
    };
    let other = sent.get("issue_to_id").and_then(number);
    let other = other.ok_or_else(|| RedmineError::Wrong("issue_to_id is missing".to_owned()))?;
    reader.may("tickets_links_add")?;
    let Reader { caller, db } = reader;
    let pair = db.run(move |conn| {
        let other = ticket_id(&other.to_string(), conn);
        Ok(ticket_id(&id, conn).and_then(|id| Ok((id, other?))))
    });
    let (id, other) = pair.await??;
    let language = caller.language;
    let work = move |conn: &mut _| create_relation(id, other, kind, &caller, conn);
    let shown = db.transaction(recorded(db.history_key(), work)).await;
    let shown = shown.map_err(|it| RedmineError::of_rule(it, language))??;
    Ok(HttpResponse::Created().json(json!({ "relation": shown })))
}

fn create_relation(
    id: i64,
    other: i64,
    kind: &str,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Done<Result<Value, RedmineError>>, Problem> {
    let refused = |sentence: &str| Ok(Done::new(Err(RedmineError::Wrong(sentence.to_owned()))));
    TicketRow::check_visible(id, caller, conn)?;
    let pair = match link::lock_both(id, other, caller, conn) {
        Err(problem) if problem.code == Code::NotFound => {
            return refused("issue_to_id: there is no such issue");
        }
        pair => pair?,
    };
    let [one, two] = &pair;
    if one.parent_id == Some(two.id) || two.parent_id == Some(one.id) {
        return refused("issue_to_id: an issue is not related to its own subtask");
    }
    if link::is_linked(id, other, conn)? {
        return refused("issue_to_id: they are related already");
    }
    let done = link::add(&pair, caller, conn)?;
    if kind == DUPLICATES {
        for (one, other, kind) in [(id, other, kind), (other, id, "duplicated")] {
            let context = ticket_links::table.find((one, other));
            diesel::update(context).set(ticket_links::kind.eq(kind)).execute(conn)?;
        }
    }
    done.try_map(|()| Ok(Ok(relation(id, other, Some(kind), None))))
}

pub async fn delete(reader: Reader, number: Path<String>) -> RedmineResult {
    let number: i64 = number.parse().map_err(|_| RedmineError::Missing)?;
    reader.may("tickets_links_delete")?;
    let Reader { caller, db } = reader;
    let seeker = caller.clone();
    let found = db.run(move |conn| Ok(find(number, &seeker, conn))).await??;
    let id = |name: &str| found[name].as_i64().unwrap_or(0);
    let (one, other) = (id("issue_id"), id("issue_to_id"));
    let work = move |conn: &mut _| {
        let pair = link::lock_both(one, other, &caller, conn)?;
        link::remove(&pair, &caller, conn)
    };
    db.transaction(recorded(db.history_key(), work)).await?;
    Ok(HttpResponse::NoContent().finish())
}
