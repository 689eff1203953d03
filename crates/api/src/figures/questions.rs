//! Which tickets without a topic ask the same question, for the report of frequent questions and for the lists behind it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable};
use domain::similarity::{Fingerprint, alike};

/// How many of them are compared with each other: the newest.
pub const COMPARED: i64 = 2000;

/// Of which time, and of whose tickets, the questions are.
#[derive(Debug, Clone, Copy)]
pub struct QuestionSpan {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    /// When the span before begins, whose tickets are compared with those of this one.
    pub before: DateTime<Utc>,
    /// The ticket whose question is wanted; none: all questions.
    pub alike_to: Option<i64>,
    /// The engineer of whose directions alone they are.
    pub directions_of: Option<i64>,
}

/// A ticket without a topic, as it is compared with others.
#[derive(Debug, Clone, Queryable, QueryableByName)]
pub struct AskedTicket {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub product_id: Option<i64>,
    #[diesel(sql_type = Array<Integer>)]
    pub words: Vec<i32>,
    /// Whether it is of the span itself.
    #[diesel(sql_type = Bool)]
    pub is_now: bool,
}

/// The places of those that ask the same: about one product, in similar words, at least two of the span.
pub fn questions(tickets: &[&AskedTicket]) -> Vec<Vec<usize>> {
    let mut by_product = BTreeMap::<Option<i64>, Vec<usize>>::new();
    for (place, it) in tickets.iter().enumerate() {
        by_product.entry(it.product_id).or_default().push(place);
    }
    let is_now = |place: &&usize| tickets.get(**place).is_some_and(|it| it.is_now);
    let groups = by_product.values().flat_map(|places| of_product(places, tickets));
    groups.filter(|group| group.iter().filter(is_now).count() > 1).collect()
}

/// Those about one product, by their words.
fn of_product(places: &[usize], tickets: &[&AskedTicket]) -> Vec<Vec<usize>> {
    let of_it = places.iter().filter_map(|it| tickets.get(*it));
    let prints: Vec<Fingerprint> = of_it.map(|it| Fingerprint::stored(it.words.clone())).collect();
    let place =
        |group: Vec<usize>| group.into_iter().filter_map(|it| places.get(it).copied()).collect();
    alike(&prints).into_iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A question is asked at least twice in the span, about one product.
    #[test]
    fn a_question_is_asked_twice_about_one_product() {
        let asked = |id, product, text: &str, is_now| AskedTicket {
            id,
            product_id: Some(product),
            words: Fingerprint::of(text, "").as_slice().to_vec(),
            is_now,
        };
        let tickets = [
            asked(7, 1, "Нет звука после обновления шлюза", true),
            asked(6, 2, "Нет звука после обновления шлюза", true),
            asked(5, 1, "Нет звука после обновления", true),
            asked(4, 1, "Нет звука после обновления шлюза", false),
            asked(3, 2, "Нет звука после обновления шлюза", false),
        ];

        let found = questions(&tickets.iter().collect::<Vec<_>>());

        assert_eq!(found, [[0, 2, 3]]);
    }
}
