//! The table of transitions (section 2 of the contract).

use serde_json::{Value, json};

pub const ROLES: [&str; 3] = ["customer", "engineer", "admin"];
const CUSTOMER: &[&str] = &["customer"];
const SUPPORT: &[&str] = &["engineer", "admin"];
const BOTH: &[&str] = &["customer", "engineer", "admin"];
const ADMIN: &[&str] = &["admin"];

const PUBLIC: &[&str] = &["public_comment"];
const ANY: &[&str] = &["comment"];
const RELEASE: &[&str] = &["comment_or_release"];
const HOLD: &[&str] = &["comment", "waiting_on"];
const REJECT: &[&str] = &["refusal_reason", "public_comment"];
pub const CLOSE: &[&str] = &["close_reason", "public_comment", "confirmation"];

#[derive(Debug)]
pub struct Transition {
    pub from: &'static str,
    pub to: &'static str,
    /// The roles that may make it.
    pub by: &'static [&'static str],
    pub needs: &'static [&'static str],
}

const fn row(
    from: &'static str,
    to: &'static str,
    by: &'static [&'static str],
    needs: &'static [&'static str],
) -> Transition {
    Transition { from, to, by, needs }
}

#[rustfmt::skip]
pub const TABLE: &[Transition] = &[
    row("new",              "in_progress",      SUPPORT,  &[]),
    row("new",              "rejected",         SUPPORT,  REJECT),
    row("in_progress",      "rejected",         SUPPORT,  REJECT),
    row("in_progress",      "feedback",         SUPPORT,  PUBLIC),
    row("in_progress",      "awaiting_release", SUPPORT,  RELEASE),
    row("in_progress",      "on_hold",          SUPPORT,  HOLD),
    row("feedback",         "in_progress",      CUSTOMER, ANY),
    row("awaiting_release", "in_progress",      CUSTOMER, ANY),
    row("on_hold",          "in_progress",      CUSTOMER, ANY),
    row("feedback",         "in_progress",      SUPPORT,  &[]),
    row("awaiting_release", "in_progress",      SUPPORT,  &[]),
    row("on_hold",          "in_progress",      SUPPORT,  &[]),
    row("awaiting_release", "feedback",         SUPPORT,  PUBLIC),
    row("in_progress",      "resolved",         BOTH,     PUBLIC),
    row("feedback",         "resolved",         BOTH,     PUBLIC),
    row("new",              "resolved",         CUSTOMER, ANY),
    row("awaiting_release", "resolved",         CUSTOMER, ANY),
    row("on_hold",          "resolved",         CUSTOMER, ANY),
    row("resolved",         "closed",           SUPPORT,  CLOSE),
    row("in_progress",      "closed",           SUPPORT,  CLOSE),
    row("feedback",         "closed",           SUPPORT,  CLOSE),
    row("resolved",         "feedback",         SUPPORT,  PUBLIC),
    row("resolved",         "in_progress",      BOTH,     ANY),
    row("closed",           "in_progress",      ADMIN,    ANY),
    row("rejected",         "in_progress",      ADMIN,    ANY),
];

/// Every transition with each role that has it.
pub fn transitions() -> impl Iterator<Item = (&'static Transition, &'static str)> {
    TABLE.iter().flat_map(|row| row.by.iter().map(move |role| (row, *role)))
}

pub fn transitions_of(from: &str, role: &str) -> Vec<&'static Transition> {
    TABLE.iter().filter(|row| row.from == from && row.by.contains(&role)).collect()
}

/// A body that meets these needs.
pub fn body(to: &str, needs: &[&str], confirmation: i64) -> Value {
    let mut body = json!({ "to": to });
    for need in needs {
        let (member, value) = match *need {
            "waiting_on" => ("waiting_on", json!("delivery")),
            "refusal_reason" => ("refusal_reason", json!("out_of_scope")),
            "close_reason" => ("close_reason", json!("confirmed_by_customer")),
            "confirmation" => ("confirmation_comment_id", json!(confirmation)),
            _ => ("comment", json!("Сделано, как описано выше.")),
        };
        body[member] = value;
    }
    body
}
