//! Hides the tickets and projects in an event's changes that its reader may not see.

use diesel::prelude::*;
use domain::ticket::Changes;
use domain::{Projects, Viewer};

use crate::visibility::known::Known;

pub fn conceal(
    changes: Vec<&mut Changes>,
    viewer: &Viewer,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    let projects = match viewer {
        Viewer::Company { projects: projects @ Projects::Listed(_), .. } => projects,
        Viewer::Support | Viewer::Company { projects: Projects::All, .. } | Viewer::Nobody => {
            return Ok(());
        }
    };
    let named = changes.iter().flat_map(|it| it.named_tickets());
    let known = Known::among(named, viewer, conn)?;
    for changes in changes {
        changes.conceal(|id| known.contains(id), projects);
    }
    Ok(())
}
