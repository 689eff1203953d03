//! Counts about a ticket for a viewer, as parts of a statement on tickets.

use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool};

use crate::db::schema::{comments, tickets};
use crate::http::caller::Caller;
use crate::visibility;
use crate::visibility::readable::Readable;

/// The number of comments of a ticket that somebody can read.
pub fn comments_count(caller: &Caller) -> CommentCount {
    CommentCount { readable: visibility::comments(&caller.viewer), unread_by: None }
}

/// The number of unread comments by others.
pub fn unread_comments(caller: &Caller) -> CommentCount {
    CommentCount { unread_by: Some(caller.user_id), ..comments_count(caller) }
}

/// The comments of the current row of `tickets`.
#[derive(Debug, Clone)]
pub struct CommentCount {
    readable: Readable<comments::id>,
    unread_by: Option<i64>,
}

impl Expression for CommentCount {
    type SqlType = BigInt;
}

impl<G> ValidGrouping<G> for CommentCount {
    type IsAggregate = is_aggregate::No;
}

impl<Q> AppearsOnTable<Q> for CommentCount where tickets::id: AppearsOnTable<Q> {}

impl<Q> SelectableExpression<Q> for CommentCount where tickets::id: SelectableExpression<Q> {}

impl QueryId for CommentCount {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for CommentCount {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("(select count(*) from comments where comments.ticket_id = tickets.id and ");
        self.readable.walk_ast(out.reborrow())?;
        if let Some(user_id) = &self.unread_by {
            out.push_sql(" and comments.author_id is distinct from ");
            out.push_bind_param::<BigInt, _>(user_id)?;
            out.push_sql(
                " and comments.id > coalesce((select last_read_comment_id from ticket_reads
                  where ticket_reads.ticket_id = tickets.id and ticket_reads.user_id = ",
            );
            out.push_bind_param::<BigInt, _>(user_id)?;
            out.push_sql("), 0)");
        }
        out.push_sql(")");
        Ok(())
    }
}

/// Whether a ticket has a comment of others that somebody can read and has not read.
pub fn has_unread(caller: &Caller) -> HasUnread {
    HasUnread { readable: visibility::comments(&caller.viewer), user_id: caller.user_id }
}

/// The same as a count of more than none, but a join: PostgreSQL may begin at either side.
#[derive(Debug, Clone)]
pub struct HasUnread {
    readable: Readable<comments::id>,
    user_id: i64,
}

impl Expression for HasUnread {
    type SqlType = Bool;
}

impl<G> ValidGrouping<G> for HasUnread {
    type IsAggregate = is_aggregate::No;
}

impl<Q> AppearsOnTable<Q> for HasUnread where tickets::id: AppearsOnTable<Q> {}

impl<Q> SelectableExpression<Q> for HasUnread where tickets::id: SelectableExpression<Q> {}

impl QueryId for HasUnread {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for HasUnread {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "exists (select from comments left join ticket_reads as seen \
             on seen.ticket_id = comments.ticket_id and seen.user_id = ",
        );
        out.push_bind_param::<BigInt, _>(&self.user_id)?;
        out.push_sql(" where comments.ticket_id = tickets.id and ");
        self.readable.walk_ast(out.reborrow())?;
        out.push_sql(" and comments.author_id is distinct from ");
        out.push_bind_param::<BigInt, _>(&self.user_id)?;
        out.push_sql(" and comments.id > coalesce(seen.last_read_comment_id, 0))");
        Ok(())
    }
}
