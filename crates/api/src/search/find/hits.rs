//! Which documents are read: of words that few tickets have all, of others the newest, so that a word that everybody
//! uses costs no more than a rare one.

use domain::Viewer;
use domain::search::{Criterion, SearchPlan, rarest, together};

use crate::search::find::candidates::Extent;
use crate::search::find::tsquery::{Places, all, blocks, company_lexeme, quoted};

/// Up to this number all hits are read.
const MAX_HITS: u64 = 6000;

/// How many hits are read for a candidate, as they do not lie evenly, and phrases are rarer than their words.
const HITS_PER_CANDIDATE: f64 = 1.5;

/// How many times as far back is looked where that was not enough, at most,
const FURTHER: i64 = 8;

/// and how many numbers further at most: where the newest tickets do not have a word, each of the older may.
const MAX_FURTHER: i64 = 50_000;

/// From this number of hits on, nothing is looked for further back: filters leave the hits out.
const MAX_READ: i64 = 5000;

/// How many tickets with several of the words are looked for, before those with any.
const MIN_TOGETHER: usize = 50;

/// What is looked for.
pub struct Hits {
    /// What every document must, or must not, have.
    always: Vec<String>,
    /// Conditions on several words together, the strictest first.
    together: Vec<Sought>,
    any: Sought,
    /// Whether PostgreSQL reads what the index finds once more.
    is_read_again: bool,
    company: Option<i64>,
    newest: i64,
    wanted: f64,
}

struct Sought {
    /// None: what every document must have says it.
    condition: Option<String>,
    /// In how many documents it is at most.
    documents: u64,
}

/// The numbers among which is looked: the newest, or older ones where those have nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Window {
    until: i64,
    /// How many; none: all.
    span: Option<i64>,
}

/// Where is looked: for words together, and for any of them, unless there are enough that have them together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    together: Window,
    any: Option<Window>,
}

/// What was found so far.
#[derive(Debug, Clone, Copy)]
pub struct Met {
    pub hits: i64,
    pub candidates: usize,
}

impl Hits {
    /// None if no document can meet a plan.
    pub fn of(
        plan: &SearchPlan,
        extent: &Extent,
        places: &Places,
        viewer: &Viewer,
        most: i64,
    ) -> Option<Self> {
        let rarest = rarest(&plan.criteria, extent.tickets);
        let any = one_of(&rarest, places);
        if any.is_empty() || plan.criteria.iter().any(|it| it.is_absent && it.is_required) {
            return None;
        }
        let required = plan.criteria.iter().filter(|it| it.is_required);
        let any = match required.clone().map(|it| it.documents).min() {
            Some(documents) => Sought { condition: None, documents },
            None => {
                let documents = rarest.iter().map(|it| it.documents).sum();
                Sought { condition: all(&any, " | "), documents }
            }
        };
        let together = together(&plan.criteria).into_iter().map(|them| {
            let documents = them.iter().map(|it| it.documents).min().unwrap_or(0);
            let each: Vec<String> = them.iter().map(|it| places.tsquery(&it.expression)).collect();
            Sought { condition: all(&each, " & "), documents }
        });
        let is_choice = |it: &Criterion| it.is_absent || it.expression.is_choice();
        Some(Self {
            always: always(plan, places),
            together: together.collect(),
            any,
            is_read_again: !places.0.is_empty() || !plan.criteria.iter().all(is_choice),
            company: match viewer {
                Viewer::Company { id, .. } => Some(*id),
                Viewer::Support | Viewer::Nobody => None,
            },
            newest: extent.newest,
            wanted: most as f64 * HITS_PER_CANDIDATE,
        })
    }

    /// Where is looked first.
    pub fn reach(&self) -> Reach {
        let any = self.first(&self.any);
        match self.together.first().filter(|_| any.span.is_some()) {
            Some(strictest) => Reach { together: self.first(strictest), any: None },
            None => Reach { together: any, any: Some(any) },
        }
    }

    /// The conditions on documents, the strictest first, and whether they find every result.
    pub fn within(&self, reach: Reach) -> (Vec<String>, bool) {
        let is_whole = reach.any.is_some_and(|it| it.span.is_none());
        let mut conditions = Vec::new();
        // Where all are taken it does not matter which come first.
        if !is_whole || self.any.documents as f64 > self.wanted {
            conditions.extend(self.together.iter().map(|it| self.condition(it, reach.together)));
        }
        conditions.extend(reach.any.map(|it| self.condition(&self.any, it)));
        (conditions, is_whole)
    }

    /// Where else has to be looked if this was not enough: half of the candidates are pages enough.
    pub fn further(&self, reach: Reach, met: Met, most: i64) -> Option<Reach> {
        if met.candidates as i64 >= most / 2 {
            return None;
        }
        let first = self.first(&self.any);
        let Some(any) = reach.any else {
            let strictest = self.together.first().filter(|_| met.candidates < MIN_TOGETHER);
            let times = times(met.candidates, MIN_TOGETHER as i64);
            let further = strictest.and_then(|it| next(it, reach.together, met.hits, times));
            return Some(Reach { together: further.unwrap_or(reach.together), any: Some(first) });
        };
        let may_go_on = met.hits <= MAX_READ && (any == first || !self.is_read_again);
        let times = times(met.candidates, most);
        let any = next(&self.any, any, met.hits, times).filter(|_| may_go_on)?;
        let span = reach.together.span.zip(any.span).map(|it| it.0.max(it.1));
        Some(Reach { together: Window { until: any.until, span }, any: Some(any) })
    }

    /// So many of the newest numbers that they should have enough hits.
    fn first(&self, sought: &Sought) -> Window {
        let share = self.wanted / sought.documents.max(1) as f64;
        let is_part = sought.documents > MAX_HITS && share < 1.0;
        let span = is_part.then_some((self.newest as f64 * share) as i64);
        Window { until: self.newest, span }
    }

    fn condition(&self, sought: &Sought, window: Window) -> String {
        let marks = match (window.span, self.company) {
            (Some(span), _) => blocks(window.until, span, self.company),
            (None, Some(id)) => vec![company_lexeme(id)],
            (None, None) => Vec::new(),
        };
        let marks: Vec<String> = marks.iter().map(|it| quoted(it)).collect();
        let parts = self.always.iter().cloned().chain(sought.condition.clone());
        parts.chain(all(&marks, " | ")).collect::<Vec<_>>().join(" & ")
    }
}

/// How many times as far back there should be enough.
fn times(found: usize, wanted: i64) -> i64 {
    let times = wanted / i64::try_from(found.max(1)).unwrap_or(i64::MAX) + 1;
    times.min(FURTHER)
}

/// A window further back; none after the last one.
fn next(sought: &Sought, window: Window, hits: i64, times: i64) -> Option<Window> {
    let span = window.span?;
    if sought.documents <= MAX_FURTHER as u64 {
        return Some(Window { span: None, ..window });
    }
    let next = match hits {
        0 => Window { until: window.until - span, span: Some((span * times).min(MAX_FURTHER)) },
        _ => Window { span: Some((span * times).min(span + MAX_FURTHER)), ..window },
    };
    // All that is left was looked at before, or there is nothing.
    let is_over = next.until <= 0 || (hits > 0 && window.until <= span);
    (!is_over).then_some(next)
}

/// The criteria that documents have, as conditions of which one has to be met.
pub fn one_of(criteria: &[&Criterion], places: &Places) -> Vec<String> {
    let present = criteria.iter().filter(|it| !it.is_absent);
    present.map(|it| places.tsquery(&it.expression)).collect()
}

/// What every result must or must not have.
pub fn always(plan: &SearchPlan, places: &Places) -> Vec<String> {
    let required = plan.criteria.iter().filter(|it| it.is_required);
    let excluded = plan.excluded.iter().map(|it| format!("!{}", places.tsquery(it)));
    let required = required.map(|it| places.tsquery(&it.expression));
    excluded.chain(required).collect()
}

#[cfg(test)]
mod tests {
    use domain::search::{SearchQuery, Vocabulary};

    use super::*;

    const MOST: i64 = 200;

    /// What is looked for by this query, of words that so many of a million documents have.
    fn hits(typed: &str, known: &[(&str, u64)], viewer: &Viewer) -> Option<Hits> {
        let mut vocabulary = Vocabulary { documents: 1_000_000, ..Vocabulary::default() };
        vocabulary.lexemes = known.iter().map(|it| (it.0.to_owned(), it.1)).collect();
        let query = SearchQuery::parse(typed).expect("a word");
        let (lexemes, beginnings) = query.counted_lexemes();
        vocabulary.remember_absent(lexemes, beginnings);
        let extent = Extent { tickets: 1_000_000, newest: 1_000_000, has_articles: false };
        Hits::of(&query.plan(&vocabulary), &extent, &Places::default(), viewer, MOST)
    }

    fn of_support(typed: &str, known: &[(&str, u64)]) -> Hits {
        hits(typed, known, &Viewer::Support).expect("something to look for")
    }

    fn conditions(hits: &Hits) -> Vec<String> {
        hits.within(hits.reach()).0
    }

    fn count(condition: &str, what: &str) -> usize {
        condition.matches(what).count()
    }

    const NOTHING: Met = Met { hits: 0, candidates: 0 };

    /// All windows, if so much is met in each.
    fn windows(hits: &Hits, met: Met) -> Vec<Window> {
        let first = hits.reach();
        let reaches = std::iter::successors(Some(first), |it| hits.further(*it, met, MOST));
        reaches.filter_map(|it| it.any).collect()
    }

    /// Advantage 4: of a rare word every ticket, of a common one those of the newest blocks.
    #[test]
    fn a4_common_words_are_looked_for_among_the_newest_tickets() {
        let rare = of_support("шлюз", &[("шлюз", MAX_HITS)]);
        assert_eq!(rare.within(rare.reach()), (vec!["(('шлюз' | '@fшлюз'))".to_owned()], true));

        let common = of_support("шлюз", &[("шлюз", 1_000_000)]);
        let newest = "(('шлюз' | '@fшлюз')) & ('@b3905' | '@b3906')";
        assert_eq!(common.within(common.reach()), (vec![newest.to_owned()], false));
    }

    /// A word of old tickets alone is found, however common it is: all numbers are looked at, few at a time.
    #[test]
    fn a4_where_the_newest_tickets_do_not_have_a_word_the_older_ones_are_looked_at() {
        let hits = of_support("шлюз", &[("шлюз", 500_000)]);
        let windows = windows(&hits, NOTHING);
        for pair in windows.windows(2) {
            assert_eq!(pair[0].until - pair[0].span.unwrap(), pair[1].until);
        }
        let last = windows.last().unwrap();
        assert!(last.until <= last.span.unwrap() && windows.len() < 30);
        assert!(windows.iter().all(|it| it.span <= Some(MAX_FURTHER)));
    }

    /// Of a word that few tickets have all are read where the newest do not suffice.
    #[test]
    fn a4_a_word_of_some_tickets_is_looked_for_in_all_of_them() {
        let hits = of_support("шлюз", &[("шлюз", 40_000)]);
        for met in [NOTHING, Met { hits: 9, candidates: 9 }] {
            let spans: Vec<_> = windows(&hits, met).iter().map(|it| it.span).collect();
            assert_eq!(spans, [Some(7500), None]);
        }
    }

    /// What filters leave out, and what has to be read again, is not looked for without end.
    #[test]
    fn how_far_back_is_looked_is_bounded() {
        let word = of_support("шлюз", &[("шлюз", 1_000_000)]);
        let few = windows(&word, Met { hits: 9, ..NOTHING });
        let last = few.last().unwrap();
        assert!(few.len() < 30 && last.span.unwrap() >= last.until);
        assert_eq!(windows(&word, Met { hits: MAX_READ + 1, ..NOTHING }).len(), 1);

        let phrase = of_support("\"нет звука\"", &[("нет", 900_000), ("звук", 900_000)]);
        assert_eq!(windows(&phrase, NOTHING).len(), 2);
    }

    /// Advantage 4: tickets with all words come before newer ones with any.
    #[test]
    fn a4_tickets_with_all_words_are_looked_for_first() {
        let known = [("шлюз", 500_000), ("звук", 400_000), ("порт", 300_000)];
        let all = of_support("шлюз звук порт", &known);
        let words = ["'шлюз'", "'звук'", "'порт'"];
        let has = |it: &String| words.map(|word| it.contains(word));
        let first = conditions(&all);
        let having: Vec<_> = first.iter().map(has).collect();
        assert_eq!(having, [[true; 3], [false, true, true]]);
        assert!(first[0].contains(" & ('звук'"));
        let enough = Met { hits: 150, candidates: 100 };
        assert_eq!(all.further(all.reach(), enough, MOST), None);

        let few = Met { hits: 3, candidates: 3 };
        let further = all.further(all.reach(), few, MOST).expect("few have all words");
        let any = &all.within(further).0[2];
        assert_eq!((has(any), any.contains(" | ('звук'")), ([false, true, true], true));
        assert_eq!(further.together.span, Some(1000 * FURTHER));
    }

    /// A condition is not met twice.
    #[test]
    fn what_is_required_is_said_once() {
        let phrase = of_support("\"нет звука\"", &[("нет", 900_000), ("звук", 900_000)]);
        assert_eq!(count(&conditions(&phrase)[0], "<->"), 1);
    }

    /// AZ01: a company's tickets are found by marks of that company alone.
    #[test]
    fn sec_az01_a_company_searches_among_its_own_tickets() {
        let viewer = Viewer::Company { id: 3, projects: domain::Projects::All };
        let of_company = |documents| {
            let hits = hits("шлюз", &[("шлюз", documents)], &viewer).expect("something");
            conditions(&hits)
        };
        assert_eq!(of_company(7), ["(('шлюз' | '@fшлюз')) & ('@c3')"]);
        assert_eq!(of_company(1_000_000), ["(('шлюз' | '@fшлюз')) & ('@b3905c3' | '@b3906c3')"]);
    }

    /// Nothing is asked where the vocabulary knows that there is nothing.
    #[test]
    fn a_word_that_no_document_has_needs_no_statement() {
        assert!(hits("шлюз", &[], &Viewer::Support).is_none());
    }
}
