//! Files.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use diesel::PgConnection;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::attachments::content::handed;
use crate::attachments::store;
use crate::attachments::store::{AttachmentRow, Person};
use crate::http::caller::Caller;
use crate::redmine::answer::{Answer, Answered, json as answered};
use crate::redmine::caller::Reader;
use crate::redmine::issue::time;
use crate::redmine::numbers::theirs;
use crate::redmine::query::Query;
use crate::storage::Storage;

/// The most that one ticket has.
const MOST: i64 = 1000;

fn shown(row: &AttachmentRow, author: Option<(i64, String)>, base: &str) -> Value {
    let name = utf8_percent_encode(&row.filename, NON_ALPHANUMERIC);
    let mut shown = json!({
        "id": row.id,
        "filename": row.filename,
        "filesize": row.size,
        "content_type": row.content_type,
        "description": row.description.as_deref().unwrap_or_default(),
        "content_url": format!("{base}/redmine/attachments/download/{}/{name}", row.id),
    });
    if let Some((id, name)) = author {
        shown["author"] = json!({ "id": id, "name": name });
    }
    shown["created_on"] = json!(time(row.created_at));
    shown
}

fn all(
    rows: &[(AttachmentRow, Option<Person>)],
    base: &str,
    conn: &mut PgConnection,
) -> Result<Vec<Value>, Answer> {
    let people: Vec<i64> = rows.iter().filter_map(|it| it.1.as_ref().map(|it| it.0)).collect();
    let people = theirs("person", &people, conn)?;
    let here = rows.iter().filter(|it| it.0.redacted_at.is_none());
    Ok(here
        .map(|(row, author)| {
            let author = author
                .as_ref()
                .and_then(|(id, first, last)| Some((*people.get(id)?, format!("{first} {last}"))));
            shown(row, author, base)
        })
        .collect())
}

/// The files of an issue that the caller may see.
pub fn attachments(
    id: i64,
    base: &str,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Value, Answer> {
    let rows = store::of_ticket(id, caller, None, MOST, conn)?;
    Ok(Value::Array(all(&rows, base, conn)?))
}

pub async fn show(req: HttpRequest, reader: Reader, id: Path<String>) -> Answered {
    let id: i64 = id.parse().map_err(|_| Answer::Missing)?;
    let base = Query::of(&req).base;
    let Reader { caller, db } = reader;
    let found = db.run(move |conn| {
        let row = store::find(id, &caller, conn)?;
        Ok(all(&[row], &base, conn))
    });
    let file = found.await??.pop().ok_or(Answer::Missing)?;
    answered(&json!({ "attachment": file }))
}

pub async fn download(
    req: HttpRequest,
    reader: Reader,
    storage: Data<Storage>,
    id: Path<String>,
) -> Answered {
    let id = id.into_inner();
    content(&req, reader, &storage, &id, None).await
}

pub async fn download_named(
    req: HttpRequest,
    reader: Reader,
    storage: Data<Storage>,
    path: Path<(String, String)>,
) -> Answered {
    let (id, name) = path.into_inner();
    content(&req, reader, &storage, &id, Some(name)).await
}

/// The name in the address has to be the file's, or absent.
async fn content(
    req: &HttpRequest,
    reader: Reader,
    storage: &Storage,
    id: &str,
    name: Option<String>,
) -> Result<HttpResponse, Answer> {
    let id: i64 = id.parse().map_err(|_| Answer::Missing)?;
    let Reader { caller, db } = reader;
    let (row, _) = db.run(move |conn| Ok(store::find(id, &caller, conn)?)).await?;
    if row.redacted_at.is_some() || name.is_some_and(|it| it != row.filename) {
        return Err(Answer::Missing);
    }
    Ok(handed(req, &row, storage).await?)
}
