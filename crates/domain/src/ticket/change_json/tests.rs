use super::*;
use crate::status::Status;
use crate::ticket::change::Values;
use crate::ticket::text::TicketText;
use crate::timestamp::Timestamp;

/// The format in which all events have been written.
const WRITTEN: &str = concat!(
    r#"{"status":{"from":"new","to":"in_progress"},"assignee_id":{"from":null,"to":3},"#,
    r#""confirmed":{"from":true,"to":false},"review_on":{"from":null,"to":"2026-12-01"},"#,
    r#""cause":{"from_text":null,"to_text":7,"from_hash":null,"to_hash":"aGFzaA"},"#,
    r#""steps":{"from_text":null,"to_text":null},"#,
    r#""due_at":{"from":null,"to":"2026-11-24T08:00:00.000Z"},"clock":{"from":null,"to":"response"}}"#,
);

fn changes() -> Vec<Change<TextRefs>> {
    let cause =
        TextRefs { to_text: Some(7), to_hash: Some("aGFzaA".to_owned()), ..TextRefs::default() };
    let due = "2026-11-24T08:00:00Z".parse().expect("an instant");
    vec![
        Change::Status(Values { from: Some(Status::New), to: Some(Status::InProgress) }),
        Change::Assignee(Values::new(3)),
        Change::Confirmed(Values { from: Some(true), to: Some(false) }),
        Change::ReviewOn(Values::new("2026-12-01".parse().expect("a date"))),
        Change::Text(TicketText::Cause, cause),
        Change::Redacted(TicketText::Steps),
        Change::DueAt(Values::new(Timestamp(due))),
        Change::Clock(Values::new(crate::ClockKind::Response)),
    ]
}

#[test]
fn changes_are_written_and_read_in_the_form_that_events_have() {
    let written = serde_json::to_string(&Changes(changes())).expect("JSON");
    let read: Changes = serde_json::from_str(WRITTEN).expect("changes");

    assert_eq!(written, WRITTEN);
    assert_eq!(read.0, changes());
}

#[test]
fn a_field_that_nobody_knows_is_not_passed_over() {
    let read = serde_json::from_str::<Changes>(r#"{"colour":{"from":null,"to":"red"}}"#);
    assert!(read.is_err());
}
