//! The rows of answer templates.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::ticket::Patch;
use domain::{FieldCode, Language, RuleViolation};

use crate::answer_templates::filter::AnswerTemplateFilter;
use crate::db::cut::first_rows;
use crate::db::schema::{answer_templates, directions, products};
use crate::db::string_enum::DbEnum;
use crate::problem::{Problem, map_constraint};
use crate::products::store::ProductRow;

/// An answer template as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, AsChangeset)]
#[diesel(table_name = answer_templates, treat_none_as_null = true)]
pub struct AnswerTemplateRow {
    pub id: i64,
    /// The version number, incremented with every change.
    pub version: i32,
    /// The title by which engineers find the template.
    pub title: String,
    pub body: String,
    /// The language of the text.
    pub language: DbEnum<Language>,
    /// The direction it is for.
    pub direction_id: Option<i64>,
    /// The product that the template is for.
    pub product_id: Option<i64>,
    /// When the template was created.
    pub created_at: DateTime<Utc>,
}

/// An answer template as it is written.
#[derive(Debug)]
pub struct NewAnswerTemplate<'a> {
    pub title: &'a str,
    pub body: &'a str,
    pub language: Language,
    pub direction_id: Option<i64>,
    pub product_id: Option<i64>,
}

/// The names of the direction and of the product.
pub type Names = (Option<String>, Option<String>);

impl AnswerTemplateRow {
    /// A page of a query's templates, in the order of ids.
    pub fn page(
        filter: &AnswerTemplateFilter,
        after: Option<i64>,
        limit: i64,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<(Self, Names)>> {
        let mut query = answer_templates::table
            .left_join(directions::table)
            .left_join(products::table)
            .select((Self::as_select(), (directions::name.nullable(), products::name.nullable())))
            .filter(answer_templates::id.gt(after.unwrap_or(0)))
            .into_boxed();
        if let Some(id) = filter.direction_id {
            let direction = answer_templates::direction_id;
            query = query.filter(direction.eq(id).or(direction.is_null()));
        }
        if let Some(id) = filter.product_id {
            let product = answer_templates::product_id;
            query = query.filter(product.eq(id).or(product.is_null()));
        }
        if let Some(language) = filter.language {
            query = query.filter(answer_templates::language.eq(DbEnum(language)));
        }
        first_rows(query.order(answer_templates::id), limit + 1, conn)
    }

    /// One template, with the names of what it is for.
    pub fn find(id: i64, conn: &mut PgConnection) -> QueryResult<(Self, Names)> {
        answer_templates::table
            .left_join(directions::table)
            .left_join(products::table)
            .select((Self::as_select(), (directions::name.nullable(), products::name.nullable())))
            .filter(answer_templates::id.eq(id))
            .first(conn)
    }

    /// One template, locked until the transaction ends.
    pub fn lock(id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().filter(answer_templates::id.eq(id)).for_no_key_update().first(conn)
    }

    /// A new template; returns its id.
    /// Errors: a field error where there is no such direction.
    pub fn create(
        new: &NewAnswerTemplate<'_>,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> Result<i64, Problem> {
        diesel::insert_into(answer_templates::table)
            .values((
                answer_templates::title.eq(new.title),
                answer_templates::body.eq(new.body),
                answer_templates::language.eq(DbEnum(new.language)),
                answer_templates::direction_id.eq(new.direction_id),
                answer_templates::product_id.eq(new.product_id),
                answer_templates::created_at.eq(now),
            ))
            .returning(answer_templates::id)
            .get_result(conn)
            .map_err(map_constraint)
    }

    /// Writes a row that has changed.
    pub fn save(&mut self, conn: &mut PgConnection) -> Result<(), Problem> {
        self.version += 1;
        let row = answer_templates::table.find(self.id);
        diesel::update(row).set(&*self).execute(conn).map_err(map_constraint)?;
        Ok(())
    }

    pub fn remove(&self, conn: &mut PgConnection) -> QueryResult<usize> {
        diesel::delete(answer_templates::table.find(self.id)).execute(conn)
    }
}

/// The direction that a template is for: its product's, where there is one.
/// Errors: field errors where there is no such product, or it is of another direction.
pub fn direction_of(
    direction_id: Option<i64>,
    product_id: Option<i64>,
    conn: &mut PgConnection,
) -> Result<Option<i64>, Problem> {
    let Some(product_id) = product_id else { return Ok(direction_id) };
    let product = ProductRow::find(product_id, conn).optional()?;
    let Some((product, _)) = product else {
        return Err(RuleViolation::field("/product_id", FieldCode::NotFound).into());
    };
    if direction_id.is_some_and(|it| it != product.direction_id) {
        return Err(RuleViolation::field("/direction_id", FieldCode::NotApplicable).into());
    }
    Ok(Some(product.direction_id))
}

/// The direction and the product that a changed template is for: a new product also sets its own direction.
pub fn moved(
    (direction_id, product_id): (Option<i64>, Option<i64>),
    direction: Patch<i64>,
    product: Patch<i64>,
    conn: &mut PgConnection,
) -> Result<(Option<i64>, Option<i64>), Problem> {
    let after = product.applied_to(product_id);
    let is_elsewhere = after.is_some() && after != product_id;
    let direction_id = direction.applied_to(direction_id.filter(|_| !is_elsewhere));
    Ok((direction_of(direction_id, after, conn)?, after))
}
