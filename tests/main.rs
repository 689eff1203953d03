//! The black-box tests: HTTP against the real binary on a real PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

mod answers;
mod bodies;
mod check;
mod children;
mod commands;
mod comments;
mod concurrency;
mod conditions;
mod confirmation;
mod directory;
mod duplicates;
mod editing;
mod editing_rights;
mod failures;
mod filing;
mod filing_on_behalf;
mod filing_priority;
mod filing_references;
mod filing_texts;
mod history;
mod leaving;
mod listing;
mod metrics;
mod moves;
mod my_page;
mod operation;
mod paging;
mod parents;
mod people;
mod plans;
mod reference;
mod refusal_decisions;
mod refusals;
mod registration_mail;
mod rights;
mod sign_in;
mod spec;
mod statements;
mod survival;
mod workflow;
