//! Files.

use std::collections::HashMap;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use diesel::{PgConnection, QueryResult};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::attachments::content::download_response;
use crate::attachments::store;
use crate::attachments::store::{AttachmentRow, Person};
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::redmine::caller::{Reader, has_key};
use crate::redmine::error::{RedmineError, RedmineResult, json as respond};
use crate::redmine::issue::time;
use crate::redmine::issue_request::RequestedFile;
use crate::redmine::numbers::{local_id, redmine_ids};
use crate::redmine::old_links::redirect_to_file;
use crate::redmine::query::Query;
use crate::storage::Storage;
use crate::uploads;
use crate::uploads::name;

/// The maximum number for one page of issues.
const MAX_FILES: i64 = 10_000;

/// Scripts save a file under the last part of its address, which they do not decode.
const IN_URL: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn shown(number: i64, row: &AttachmentRow, author: Option<(i64, String)>, base: &str) -> Value {
    let name = utf8_percent_encode(&row.filename, IN_URL);
    let mut shown = json!({
        "id": number,
        "filename": row.filename,
        "filesize": row.size,
        "content_type": row.content_type,
        "description": row.description.as_deref().unwrap_or_default(),
        "content_url": format!("{base}/redmine/attachments/download/{number}/{name}"),
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
) -> Result<Vec<Value>, RedmineError> {
    let people: Vec<i64> = rows.iter().filter_map(|it| it.1.as_ref().map(|it| it.0)).collect();
    let people = redmine_ids("person", &people, conn)?;
    let files: Vec<i64> = rows.iter().map(|it| it.0.id).collect();
    let files = redmine_ids("file", &files, conn)?;
    Ok(rows
        .iter()
        .map(|(row, author)| {
            let author = author
                .as_ref()
                .and_then(|(id, first, last)| Some((*people.get(id)?, format!("{first} {last}"))));
            shown(files.get(&row.id).copied().unwrap_or(row.id), row, author, base)
        })
        .collect())
}

/// The files of issues that the caller may see, by issue.
pub fn attachments(
    ids: &[i64],
    base: &str,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<HashMap<i64, Vec<Value>>, RedmineError> {
    let rows = store::of_tickets(ids, caller, MAX_FILES, conn)?;
    let here: Vec<_> = rows.into_iter().filter(|it| it.0.redacted_at.is_none()).collect();
    let of = here.iter().map(|it| it.0.ticket_id.unwrap_or(0)).collect::<Vec<i64>>();
    let mut found = HashMap::<i64, Vec<Value>>::new();
    for (id, file) in of.into_iter().zip(all(&here, base, conn)?) {
        found.entry(id).or_default().push(file);
    }
    Ok(found)
}

pub async fn show(req: HttpRequest, reader: Reader, id: Path<String>) -> RedmineResult {
    let id: i64 = id.parse().map_err(|_| RedmineError::Missing)?;
    let base = Query::of(&req).base;
    let Reader { caller, db } = reader;
    let found = db.run(move |conn| {
        let row = store::find(local_id("file", id, conn)?, &caller, conn)?;
        if row.0.redacted_at.is_some() {
            return Ok(Err(RedmineError::Missing));
        }
        Ok(all(&[row], &base, conn))
    });
    let file = found.await??.pop().ok_or(RedmineError::Missing)?;
    respond(&json!({ "attachment": file }))
}

pub async fn download(req: HttpRequest, storage: Data<Storage>, id: Path<String>) -> RedmineResult {
    content(&req, &storage, &id, None).await
}

pub async fn download_named(
    req: HttpRequest,
    storage: Data<Storage>,
    path: Path<(String, String)>,
) -> RedmineResult {
    let (id, name) = path.into_inner();
    content(&req, &storage, &id, Some(name)).await
}

/// The name in the URL has to be the file's, or absent. A request without a key comes from a person who
/// follows an old link.
async fn content(
    req: &HttpRequest,
    storage: &Storage,
    id: &str,
    name: Option<String>,
) -> Result<HttpResponse, RedmineError> {
    if !has_key(req) {
        return redirect_to_file(req, &RequestDb::of(req)?, id).await;
    }
    let id: i64 = id.parse().map_err(|_| RedmineError::Missing)?;
    let Reader { caller, db } = Reader::of(req).await?;
    let (row, _) =
        db.run(move |conn| Ok(store::find(local_id("file", id, conn)?, &caller, conn)?)).await?;
    if row.redacted_at.is_some() || name.is_some_and(|it| it != row.filename) {
        return Err(RedmineError::Missing);
    }
    Ok(download_response(req, &row, storage).await?)
}

/// Renames uploads as the issue names them.
pub fn named(files: &[RequestedFile], user_id: i64, conn: &mut PgConnection) -> QueryResult<()> {
    for file in files {
        if let Some(filename) = &file.filename {
            uploads::store::rename(&file.token, user_id, &name::safe(filename), conn)?;
        }
    }
    Ok(())
}
