use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// Advantage 5: an engineer with one critical ticket is given nothing before another has
/// as much to do.
#[test]
fn c1_urgent_work_weighs_more() {
    let mut balance = Balance::default();
    (1..=2).for_each(|it| balance.add_engineer(7, it));
    balance.add_load(1, Priority::Critical, 1);

    let assigned: Vec<_> = (0..4).map(|_| balance.assign(7, Priority::Medium)).collect();

    assert_eq!(assigned, [Some(2); 4]);
    assert_eq!(balance.assign(7, Priority::Medium), Some(1));
    assert_eq!(balance.assign(8, Priority::Low), None);
}

/// One who works in two directions is as loaded in the one as in the other.
#[test]
fn c1_an_engineer_of_two_directions_has_one_load() {
    let mut balance = Balance::default();
    [(7, 1), (8, 1), (8, 2)].into_iter().for_each(|(of, it)| balance.add_engineer(of, it));

    assert_eq!(balance.assign(7, Priority::High), Some(1));
    assert_eq!(balance.assign(8, Priority::Low), Some(2));
}

proptest! {
    /// Clause 1: whatever comes, no two engineers of a direction differ by more
    /// than the heaviest ticket.
    #[test]
    fn c1_loads_stay_close(tickets in proptest::collection::vec(priority(), 0..60)) {
        let mut balance = Balance::default();
        (1..=4).for_each(|it| balance.add_engineer(7, it));
        for it in tickets {
            prop_assert!(balance.assign(7, it).is_some());
        }
        let most = balance.loads.values().max().copied().unwrap_or(0);
        let least = balance.loads.values().min().copied().unwrap_or(0);
        prop_assert!(most - least <= weight(Priority::Critical));
    }
}

fn priority() -> impl Strategy<Value = Priority> {
    select(Priority::ALL.to_vec())
}

#[test]
fn an_absence_lasts_from_its_beginning_to_its_end() {
    let at = |hour: i64| DateTime::from_timestamp(hour * 3600, 0);
    let is_on = |since, until, hour| Absence { since, until }.is_on(at(hour).expect("an instant"));

    assert_eq!([1, 2, 3, 4].map(|it| is_on(at(2), at(4), it)), [false, true, true, false]);
    assert!(is_on(at(2), None, 9));
    assert!(!is_on(None, None, 9));
}

#[test]
fn an_absence_that_begins_during_another_prolongs_it() {
    let at = |hour: i64| DateTime::from_timestamp(hour * 3600, 0);
    let absence = |since, until| Absence { since: at(since), until };
    let joined = |current: Absence, begun: Absence| {
        let now = begun.since.expect("it has begun");
        current.joined(begun, now)
    };

    assert_eq!(joined(absence(1, at(5)), absence(3, at(9))), absence(1, at(9)));
    assert_eq!(joined(absence(1, at(9)), absence(3, at(5))), absence(1, at(9)));
    assert_eq!(joined(absence(1, None), absence(3, at(5))), absence(1, None));
    assert_eq!(joined(absence(1, at(5)), absence(3, None)), absence(1, None));
    assert_eq!(joined(absence(1, at(2)), absence(3, at(5))), absence(3, at(5)));
    assert_eq!(joined(Absence::default(), absence(3, None)), absence(3, None));
}
