use super::*;
use crate::calendar::tests::official;

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-11-{text}:00+06:00").parse().expect("an instant")
}

fn course(status: Status) -> Course {
    Course {
        created_at: at("24T10:00"),
        status,
        assignee_id: Some(2),
        close_reason: None,
        rating: None,
        is_accepted: true,
        is_answered: true,
        turns: None,
    }
}

/// Reports: which moves are counted as what, cell by cell.
#[test]
fn every_move_is_counted_once_as_what_it_is() {
    use FactKind::{Closed, Rejected, Reopened, Returned, Solved};
    let counted = |from, to| moves(from, to);

    assert_eq!(counted(Status::InProgress, Status::Resolved), [Solved]);
    assert_eq!(counted(Status::Feedback, Status::Closed), [Solved, Closed]);
    assert_eq!(counted(Status::Resolved, Status::Closed), [Closed]);
    assert_eq!(counted(Status::Resolved, Status::InProgress), [Returned]);
    assert_eq!(counted(Status::Closed, Status::InProgress), [Reopened]);
    assert_eq!(counted(Status::Rejected, Status::InProgress), [Reopened]);
    assert_eq!(counted(Status::New, Status::Rejected), [Rejected]);
    assert_eq!(counted(Status::Resolved, Status::Feedback), []);
    assert_eq!(counted(Status::Feedback, Status::InProgress), []);
    for from in Status::ALL {
        for to in Status::ALL {
            let kinds = counted(*from, *to);
            let open = |it: &Status| i64::from(!it.is_final());
            let change: i64 = kinds
                .iter()
                .map(|it| i64::from(*it == Reopened) - i64::from([Closed, Rejected].contains(it)))
                .sum();
            let is_move = from != to && (!from.is_final() || *to == Status::InProgress);
            if is_move {
                assert_eq!(open(from) + change, open(to), "{from} {to}");
            }
        }
    }
}

/// Reports: working minutes go to whoever's turn it was, up to the solution that stands; what
/// comes after it, and what is outside working time, counts for nobody.
#[test]
fn minutes_count_for_whoevers_turn_it_was() {
    let calendar = official("+06:00");
    let mut turns = Turns::filed(at("24T10:00"));
    let mut enter = |from, to, now: &str| turns.enter(from, to, at(now), &calendar);

    enter(Status::New, Status::InProgress, "24T10:30");
    enter(Status::InProgress, Status::Feedback, "24T17:30");
    enter(Status::Feedback, Status::InProgress, "25T09:30");
    enter(Status::InProgress, Status::Resolved, "25T18:00");
    enter(Status::Resolved, Status::InProgress, "26T09:10");
    enter(Status::InProgress, Status::OnHold, "26T10:00");
    enter(Status::OnHold, Status::Resolved, "26T11:00");
    enter(Status::Resolved, Status::Feedback, "26T12:00");
    enter(Status::Feedback, Status::Closed, "27T12:00");

    let minutes = Minutes {
        support: 30 + 420 + 510 + 50,
        customer: 60 + 10,
        on_hold: 60,
        awaiting_release: 0,
    };
    assert_eq!(turns.solved, Some((at("26T11:00"), minutes)));
    let (before, after) = (course(Status::Feedback), course(Status::Closed));
    let after = Course { turns: Some(turns), ..after };
    let facts = before.facts(&after, at("27T12:00"), &calendar);
    let closed = facts.iter().find(|it| it.kind == FactKind::Closed).expect("a closing");
    assert_eq!(closed.minutes, Some(480 + 540 + 120));
    assert_eq!(closed.turns, Some(minutes));
}

/// Reports: a handing over counts for the previous assignee, and each rating that differs
/// from the last counts.
#[test]
fn handing_over_and_ratings_are_facts() {
    let calendar = official("+06:00");
    let before = course(Status::Resolved);
    let after = Course { assignee_id: None, rating: Some(4), ..before };

    let facts = before.facts(&after, at("25T10:00"), &calendar);

    let found: Vec<_> = facts.iter().map(|it| (it.kind, it.assignee_id, it.rating)).collect();
    let handed_over = (FactKind::HandedOver, Some(2), None);
    assert_eq!(found, [handed_over, (FactKind::Rated, None, Some(4))]);
    assert_eq!(after.facts(&after, at("25T10:00"), &calendar), []);
}

/// Reports: of a deadline that was missed and still runs, what it exceeds is known at
/// any time, pauses left out.
#[test]
fn a_missed_deadline_tells_since_when_it_runs() {
    use crate::clocks::{Interval, PauseCause, StartCause};
    let interval = |from, until: Option<&str>, pause, minutes| Interval {
        from: at(from),
        until: until.map(at),
        pause,
        minutes,
    };
    let missed = |intervals: &[Interval]| {
        let clock = Clock {
            kind: ClockKind::Response,
            cause: StartCause::Filed,
            started_at: at("24T09:00"),
            target_minutes: 60,
            due_at: Some(at("24T10:00")),
            stopped_at: None,
            excuse: None,
            missed_at: Some(at("24T10:00")),
            warned_at: None,
            alerted_at: None,
            intervals: intervals.to_vec(),
        };
        Clocks(vec![clock])
    };
    let pause = Some(PauseCause::OnHold);
    let counted = interval("24T09:00", Some("24T11:00"), None, Some(120));
    let running = missed(&[interval("24T09:00", None, None, None)]);
    let paused = missed(&[counted, interval("24T11:00", None, pause, None)]);
    let resumed = missed(&[
        counted,
        interval("24T11:00", Some("24T13:00"), pause, Some(0)),
        interval("24T13:00", None, None, None),
    ]);
    let calendar = official("+06:00");
    let told = |before: &Clocks, after: &Clocks| -> Vec<_> {
        let outcomes = outcomes(before, after, &calendar);
        outcomes.iter().map(|it| (it.over_minutes, it.runs_since)).collect()
    };

    assert_eq!(told(&Clocks::default(), &running), [(Some(-60), Some(at("24T09:00")))]);
    assert_eq!(told(&running, &paused), [(Some(60), None)]);
    assert_eq!(told(&paused, &resumed), [(Some(60), Some(at("24T13:00")))]);
    assert_eq!(told(&resumed, &resumed), []);
}
