//! Hides the numbers of other tickets that a reader may not see.

use std::collections::HashSet;

use diesel::prelude::*;
use domain::{Projects, Viewer};

use crate::db::schema::tickets;
use crate::visibility;

/// The tickets that a viewer may see.
#[derive(Debug)]
pub enum Known {
    All,
    These(HashSet<i64>),
}

impl Known {
    /// Those among some tickets. References stay within a company, so the database is queried only for viewers
    /// who do not see all of its projects.
    pub fn among(
        ids: impl IntoIterator<Item = i64>,
        viewer: &Viewer,
        conn: &mut PgConnection,
    ) -> QueryResult<Self> {
        match viewer {
            Viewer::Support | Viewer::Company { projects: Projects::All, .. } | Viewer::Nobody => {
                return Ok(Self::All);
            }
            Viewer::Company { projects: Projects::Listed(_), .. } => {}
        }
        let ids: Vec<i64> = ids.into_iter().collect();
        if ids.is_empty() {
            return Ok(Self::These(HashSet::new()));
        }
        let found: Vec<i64> = tickets::table
            .filter(tickets::id.eq_any(ids))
            .filter(visibility::tickets(viewer))
            .select(tickets::id)
            .load(conn)?;
        Ok(Self::These(found.into_iter().collect()))
    }

    pub fn contains(&self, id: i64) -> bool {
        match self {
            Self::All => true,
            Self::These(ids) => ids.contains(&id),
        }
    }

    /// A number, if the viewer may see it.
    pub fn only(&self, id: Option<i64>) -> Option<i64> {
        id.filter(|it| self.contains(*it))
    }
}
