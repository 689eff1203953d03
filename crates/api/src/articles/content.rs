//! The content of an article, and what it refers to.

use diesel::prelude::*;
use domain::{FieldCode, FieldError, Language};

use crate::articles::store::ArticleRow;
use crate::attachments::attach::{AttachmentCreate, FileOwner, Sender, attach, errors};
use crate::db::schema::{article_versions, articles, products, tickets};
use crate::db::string_enum::DbEnum;
use crate::http::caller::Caller;
use crate::problem::Problem;

/// The references of an article as written.
#[derive(Debug, Clone, Copy)]
pub struct References<'a> {
    pub product_ids: &'a [i64],
    pub source_ticket_ids: &'a [i64],
    pub attachments: &'a [AttachmentCreate],
}

impl References<'_> {
    /// Errors for references that do not exist or are repeated.
    pub fn errors(&self, caller: &Caller, conn: &mut PgConnection) -> QueryResult<Vec<FieldError>> {
        let known = match self.product_ids {
            [] => Vec::new(),
            ids => {
                products::table.filter(products::id.eq_any(ids)).select(products::id).load(conn)?
            }
        };
        let mut wrong = unknown("/product_ids", self.product_ids, &known);
        let known = match self.source_ticket_ids {
            [] => Vec::new(),
            ids => tickets::table.filter(tickets::id.eq_any(ids)).select(tickets::id).load(conn)?,
        };
        wrong.extend(unknown("/source_ticket_ids", self.source_ticket_ids, &known));
        let uploads: Vec<&str> = self.attachments.iter().map(|it| it.upload_id.as_str()).collect();
        wrong.extend(errors(&uploads, &Sender::from(caller), conn)?);
        Ok(wrong)
    }
}

fn unknown(pointer: &str, ids: &[i64], known: &[i64]) -> Vec<FieldError> {
    let wrong = ids.iter().enumerate().filter_map(|(place, id)| {
        let code = match () {
            () if ids.iter().take(place).any(|it| it == id) => FieldCode::Repeated,
            () if !known.contains(id) => FieldCode::NotFound,
            () => return None,
        };
        Some(FieldError::new(format!("{pointer}/{place}"), code))
    });
    wrong.collect()
}

/// Adds files to a version of an article. Files of a ticket are not taken over; somebody has to upload them for
/// the article: what one company sent must not be shown to others in passing.
pub fn add_files(
    uploads: &[AttachmentCreate],
    article: &ArticleRow,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    let owner = FileOwner::Article { id: article.id, version: article.version };
    attach(uploads, owner, &Sender::from(caller), conn)?;
    Ok(())
}

/// The original of an article to which a translation into a language is added.
/// Errors: there is no such article, or one in that language.
pub fn original_of(
    translation_of: Option<i64>,
    language: Language,
    own_id: i64,
    conn: &mut PgConnection,
) -> Result<Option<i64>, Problem> {
    let Some(id) = translation_of else { return Ok(None) };
    let invalid = |pointer, code| Problem::invalid(vec![FieldError::new(pointer, code)]);
    if id == own_id {
        return Err(invalid("/translation_of", FieldCode::Circular));
    }
    let named = ArticleRow::lock(id, conn).optional()?;
    let named = named.ok_or_else(|| invalid("/translation_of", FieldCode::NotFound))?;
    let original = named.original();
    let taken = articles::table
        .inner_join(article_versions::table)
        .filter(articles::id.eq(original).or(articles::original_id.eq(original)))
        .filter(articles::id.ne(own_id))
        .filter(article_versions::version.eq(articles::version))
        .filter(article_versions::language.eq(DbEnum(language)));
    match diesel::select(diesel::dsl::exists(taken)).get_result(conn)? {
        true => Err(invalid("/language", FieldCode::Taken)),
        false => Ok(Some(original).filter(|it| *it != own_id)),
    }
}
