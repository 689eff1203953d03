//! `POST /issues/{id}/watchers.json`, `DELETE /issues/{id}/watchers/{user}.json`: support only, as in Redmine.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};

use crate::events::done::{Done, recorded};
use crate::http::maxima::MAX_IN_LIST;
use crate::http::response::IfMatch;
use crate::redmine::body::{Body, bare, items, number};
use crate::redmine::caller::Reader;
use crate::redmine::error::{RedmineError, RedmineResult};
use crate::redmine::numbers::local_id;
use crate::tickets::people::watch;

pub async fn add(req: HttpRequest, reader: Reader, id: Path<String>, body: Body) -> RedmineResult {
    let id: i64 = id.parse().map_err(|_| RedmineError::Missing)?;
    let sent = bare(&req, body)?;
    let one = sent.get("user_id").and_then(number);
    let many = sent.get("user_ids").into_iter().flat_map(items).filter_map(number);
    let people: Vec<i64> = one.into_iter().chain(many).take(MAX_IN_LIST).collect();
    if people.is_empty() {
        return Err(RedmineError::Wrong("user_id is missing".to_owned()));
    }
    let Reader { caller, db } = of_support(reader)?;
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
    let id: i64 = id.parse().map_err(|_| RedmineError::Missing)?;
    let number: i64 = person.parse().map_err(|_| RedmineError::Missing)?;
    let Reader { caller, db } = of_support(reader)?;
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
