//! The articles that answer questions.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use domain::Viewer;

use crate::http::refs::Ref;
use crate::reports::questions::Question;
use crate::visibility;

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = BigInt)]
    article_id: i64,
    #[diesel(sql_type = Text)]
    title: String,
}

/// Names the article that answers each question: the published one that most of its tickets were
/// answered with, or are a source of.
pub fn name_articles(
    questions: &mut [Question],
    viewer: &Viewer,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    let pairs = questions.iter().zip(0i64..);
    let pairs = pairs.flat_map(|(it, place)| it.ticket_ids.iter().map(move |id| (place, *id)));
    let (places, tickets): (Vec<i64>, Vec<i64>) = pairs.unzip();
    let answers: Vec<Answer> = visibility::statement(include_str!("answering.sql"), viewer)
        .bind::<Array<BigInt>, _>(places)
        .bind::<Array<BigInt>, _>(tickets)
        .load(conn)?;
    for it in answers {
        let question = usize::try_from(it.place).ok().and_then(|it| questions.get_mut(it));
        if let Some(question) = question {
            question.article = Some(Ref::new(it.article_id, it.title));
        }
    }
    Ok(())
}
