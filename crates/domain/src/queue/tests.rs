use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::calendar::tests::official;
use crate::sla::Sla;

fn rules() -> Rules {
    Rules {
        calendar: official("+06:00"),
        sla: Sla::default(),
        reports: crate::sla::ReportSettings::default(),
        version: 1,
    }
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// 2.4: two working days of head start for a critical ticket, none for a low one.
#[test]
fn c2_4_the_rank_is_the_deadline_moved_back_by_the_head_start() {
    let due = at("2026-11-24T11:30:00+06:00");

    for (priority, rank_at) in [
        (Priority::Critical, "2026-11-20T11:30:00+06:00"),
        (Priority::High, "2026-11-23T16:30:00+06:00"),
        (Priority::Medium, "2026-11-24T10:30:00+06:00"),
        (Priority::Low, "2026-11-24T11:30:00+06:00"),
    ] {
        assert_eq!(rank(due, priority, &rules()), at(rank_at), "{priority}");
    }
}

proptest! {
    /// 2.4: of equals the one that is due first goes first; urgency never puts one behind.
    #[test]
    fn c2_4_what_is_due_first_goes_first_and_urgency_only_helps(
        (one, other) in (0..500_000_i64, 0..500_000_i64),
        priority in select(Priority::ALL.to_vec()),
    ) {
        let due = |minutes| at("2026-01-05T09:00:00+06:00") + chrono::TimeDelta::minutes(minutes);
        let (first, last) = (due(one.min(other)), due(one.max(other)));
        let rules = rules();

        prop_assert!(rank(first, priority, &rules) <= rank(last, priority, &rules));
        prop_assert!(rank(first, Priority::Critical, &rules) <= rank(first, priority, &rules));
        prop_assert!(rank(first, priority, &rules) <= first);
    }

    /// 2.4: a head start is finite: whatever comes later than that goes behind.
    #[test]
    fn c2_4_nothing_goes_ahead_that_comes_later_than_its_head_start(
        (filed, later) in (0..20_000_i64, 0..3_000_i64),
        priority in select(Priority::ALL.to_vec()),
    ) {
        let rules = rules();
        let low = rank(due(filed, &rules), Priority::Low, &rules);
        let other = rank(due(filed + later, &rules), priority, &rules);
        let ahead = head_start(priority, &rules);

        prop_assert!(later == ahead || (other < low) == (later < ahead));
    }

    /// 2.4: critical tickets come faster than they are taken; a low one has its turn when
    /// those are done that came within the head start, however many come after them.
    #[test]
    fn c2_4_nothing_starves(every in 5..120_i64, pause in 1..60_i64) {
        let rules = rules();
        let place = |filed, priority| (rank(due(filed, &rules), priority, &rules), filed);
        let low = place(0, Priority::Low);
        let mut waiting = std::collections::BTreeSet::from([low]);
        let mut coming = (0..).map(|it| it * every + 1).peekable();
        let mut taken = Vec::new();
        for now in (0..).map(|it| it * (every + pause)) {
            while let Some(filed) = coming.next_if(|it| *it <= now) {
                waiting.insert(place(filed, Priority::Critical));
            }
            if now < every {
                continue;
            }
            let next = waiting.pop_first().expect("more come than are taken");
            if next == low {
                break;
            }
            taken.push(next.1);
        }

        let ahead = head_start(Priority::Critical, &rules);
        prop_assert!(taken.iter().all(|it| *it <= ahead), "{taken:?}");
        prop_assert!(!waiting.is_empty());
    }
}

/// The due instant of a ticket filed this many working minutes after a Monday's opening.
fn due(filed: i64, rules: &Rules) -> DateTime<Utc> {
    let filed = rules.calendar.add(at("2026-01-05T09:00:00+06:00"), filed);
    rules.calendar.add(filed, i64::from(rules.sla.acceptance_minutes))
}
