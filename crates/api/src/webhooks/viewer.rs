//! The viewer of a webhook.

use diesel::prelude::*;
use domain::{Projects, Role, Viewer};

use crate::db::schema::users;
use crate::visibility::people::ViewerRow;

/// A webhook sees what its owner sees, and a company's webhook never more than its customers do. An owner who
/// has lost the right to it sees nothing by it.
pub fn webhook_viewer(company_id: Option<i64>, role: Role, owner: Viewer) -> Viewer {
    match owner {
        Viewer::Support => match (role == Role::Admin, company_id) {
            (true, None) => Viewer::Support,
            (true, Some(id)) => Viewer::Company { id, projects: Projects::All },
            (false, _) => Viewer::Nobody,
        },
        Viewer::Company { id, projects } if company_id == Some(id) => {
            Viewer::Company { id, projects }
        }
        Viewer::Company { .. } | Viewer::Nobody => Viewer::Nobody,
    }
}

/// The viewer of a webhook by its owner's current rights.
pub fn webhook_viewer_of(
    company_id: Option<i64>,
    owner_id: i64,
    conn: &mut PgConnection,
) -> QueryResult<Viewer> {
    let owner = ViewerRow::query().filter(users::id.eq(owner_id)).first(conn)?;
    Ok(webhook_viewer(company_id, ViewerRow::role(&owner), owner.viewer()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decisions, «Rights»: an admin's webhook sees all, a company's what a customer of it sees.
    #[test]
    fn a_webhook_sees_what_its_owner_sees() {
        let company = |id, projects| Viewer::Company { id, projects };
        let listed = company(1, Projects::Listed([10].into()));
        for (company_id, role, owner, seen) in [
            (None, Role::Admin, Viewer::Support, Viewer::Support),
            (None, Role::Engineer, Viewer::Support, Viewer::Nobody),
            (None, Role::Customer, company(1, Projects::All), Viewer::Nobody),
            (None, Role::Admin, Viewer::Nobody, Viewer::Nobody),
            (Some(1), Role::Admin, Viewer::Support, company(1, Projects::All)),
            (Some(1), Role::Engineer, Viewer::Support, Viewer::Nobody),
            (Some(1), Role::Customer, company(1, Projects::All), company(1, Projects::All)),
            (Some(1), Role::Customer, listed.clone(), listed.clone()),
            (Some(2), Role::Customer, listed, Viewer::Nobody),
            (Some(1), Role::Customer, Viewer::Nobody, Viewer::Nobody),
        ] {
            assert_eq!(webhook_viewer(company_id, role, owner), seen, "{company_id:?} {role}");
        }
    }
}
