//! `POST /issues/{id}/watchers.json`, `DELETE /issues/{id}/watchers/{user}.json`: support only, as in Redmine.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use crate::events::done::{Done, recorded};
use crate::http::maxima::MAX_IN_LIST;
use crate::http::response::IfMatch;
use crate::redmine::body::{Body, bare, items, number};
use crate::redmine::caller::Reader;
use crate::redmine::error::{RedmineError, RedmineResult};
use crate::redmine::numbers::{local_id, ticket_id};
use crate::tickets::people::watch;

pub async fn add(req: HttpRequest, reader: Reader, id: Path<String>, body: Body) -> RedmineResult {
    let sent = bare(&req, body)?;
    let one = sent.get("user_id").into_iter();
    let many = items(sent.get("user_ids").unwrap_or(&Value::Null));
    let people: Option<Vec<i64>> = many.and_then(|many| one.chain(many).map(number).collect());
    let people = people.filter(|it| (1..=MAX_IN_LIST).contains(&it.len())).ok_or_else(|| {
        RedmineError::Wrong(format!("user_id is one number, user_ids are at most {MAX_IN_LIST}"))
    })?;
    let Reader { caller, db } = of_support(reader)?;
    let id = db.run(move |conn| Ok(ticket_id(&id, conn))).await??;
    let language = caller.language;
    let work = move |conn: &mut _| {
        let mut done = Done::new(());
        for number in people {
            let person = local_id("person", number, conn)?;
            done = done.with_events(watch::add(id, person, &IfMatch::ANY, &caller, conn)?);
        }
        Ok(done)
    };
    let done = db.transaction(recorded(db.history_key(), work)).await;
    done.map_err(|it| RedmineError::of_rule(it, language))?;
    Ok(HttpResponse::NoContent().finish())
}

pub async fn remove(reader: Reader, path: Path<(String, String)>) -> RedmineResult {
    let (id, person) = path.into_inner();
    let number: i64 = person.parse().map_err(|_| RedmineError::Missing)?;
    let Reader { caller, db } = of_support(reader)?;
    let id = db.run(move |conn| Ok(ticket_id(&id, conn))).await??;
    let work = move |conn: &mut _| {
        let person = local_id("person", number, conn)?;
        watch::remove(id, person, &IfMatch::ANY, &caller, conn)
    };
    db.transaction(recorded(db.history_key(), work)).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn of_support(reader: Reader) -> Result<Reader, RedmineError> {
    reader.may("tickets_watchers_add")?;
    if reader.caller.role.is_support() { Ok(reader) } else { Err(RedmineError::Forbidden) }
}
