//! Resolves the references of a ticket: project, product, release, people.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::ticket;
use domain::ticket::{Details, Import, Place, Product, Texts};

use crate::db::schema::{products, releases};
use crate::import::format::Ticket;
use crate::import::redmine::people::ANONYMOUS;
use crate::import::writer::past_times::past_times;
use crate::import::writer::places::lower;
use crate::import::writer::rows;
use crate::import::writer::{Moment, Work};
use crate::problem::Problem;

/// The placeholder for a missing product.
const NO_PRODUCT: &str = "не указано";

/// The placeholder for a blank subject.
const NO_SUBJECT: &str = "Без темы";

impl Work {
    /// The id of a person; «Удаленный пользователь» for an unknown one.
    pub fn person(&self, id: i64) -> Result<i64, Problem> {
        let found = self.places.people.get(&id).or_else(|| self.places.people.get(&ANONYMOUS));
        found.copied().ok_or_else(|| Problem::unexpected(format!("person {id} is not known")))
    }

    /// The watchers who may see the ticket.
    pub fn watchers(&self, it: &Ticket) -> Vec<i64> {
        let may_see = |id: &&i64| {
            self.places.support.contains(*id)
                || !it.is_private && self.places.sees.contains(&(**id, it.project))
        };
        let ids = it.watchers.iter().filter(may_see);
        let mut ids: Vec<i64> = ids.filter_map(|id| self.places.people.get(id)).copied().collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The ticket in our terms.
    pub fn import(
        &self,
        it: &Ticket,
        place: Place,
        parent_id: Option<i64>,
        moment: &Moment,
        conn: &mut PgConnection,
    ) -> Result<Import, Problem> {
        let product = self.product(it.product.as_deref(), place.direction_id, moment.now, conn)?;
        let release = match (it.release, product.id) {
            (Some(release), Some(product)) => self.release(release, product, conn)?,
            (_, None) | (None, _) => None,
        };
        let blank = it.subject.trim().is_empty();
        let assignee = it.assignee.filter(|id| self.places.support.contains(id));
        Ok(Import {
            id: it.id + self.shift,
            place,
            product,
            tracker: it.tracker,
            status: it.status,
            priority: it.priority,
            texts: Texts {
                subject: if blank { NO_SUBJECT.to_owned() } else { it.subject.clone() },
                description: it.description.clone(),
                details: Details {
                    software_version: it.software_version.clone(),
                    ..Details::default()
                },
            },
            serial_number: it.serial_number.clone(),
            author_id: self.person(it.author)?,
            assignee_id: assignee.map(|id| self.person(id)).transpose()?,
            parent_id,
            release,
            past_times: past_times(it, &self.places),
        })
    }

    /// A product of the catalogue, or a name.
    fn product(
        &self,
        name: Option<&str>,
        direction_id: i64,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> Result<Product, Problem> {
        let Some(name) = name.map(str::trim).filter(|it| !it.is_empty()) else {
            return Ok(Product { id: None, name: Some(NO_PRODUCT.to_owned()) });
        };
        if !self.catalogue.contains(&name.to_lowercase()) {
            return Ok(Product { id: None, name: Some(name.to_owned()) });
        }
        let known = products::table
            .filter(products::direction_id.eq(direction_id))
            .filter(lower(products::name).eq(lower(name)))
            .select(products::id);
        let id = match known.first(conn).optional()? {
            Some(id) => id,
            None => {
                let id = diesel::insert_into(products::table)
                    .values((
                        products::direction_id.eq(direction_id),
                        products::name.eq(name),
                        products::created_at.eq(now),
                    ))
                    .returning(products::id)
                    .get_result(conn)?;
                rows::created("product", id, conn)?;
                id
            }
        };
        Ok(Product { id: Some(id), name: None })
    }

    /// A version as a release of a product.
    fn release(
        &self,
        source_id: i64,
        product_id: i64,
        conn: &mut PgConnection,
    ) -> Result<Option<ticket::Release>, Problem> {
        let Some(release) = self.releases.get(&source_id) else { return Ok(None) };
        let known = releases::table
            .filter(releases::product_id.eq(product_id))
            .filter(lower(releases::version).eq(lower(&release.name)))
            .select(releases::id);
        let id = match known.first(conn).optional()? {
            Some(id) => id,
            None => {
                let id = diesel::insert_into(releases::table)
                    .values((
                        releases::product_id.eq(product_id),
                        releases::version.eq(&release.name),
                        releases::planned_on.eq(release.planned_on),
                        releases::published_at.eq(release.published_at),
                        releases::notes.eq(&release.notes),
                        releases::created_at.eq(release.created_at),
                    ))
                    .returning(releases::id)
                    .get_result(conn)?;
                rows::created("release", id, conn)?;
                id
            }
        };
        let (planned_on, is_published) = (release.planned_on, release.published_at.is_some());
        Ok(Some(ticket::Release { id, planned_on, is_published }))
    }
}
