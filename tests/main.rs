//! The black-box tests: HTTP against the real binary on a real PostgreSQL.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

mod support;

mod architecture;

mod articles {
    mod feedback;
    mod from_ticket;
    mod publishing;
    mod rights;
}
mod audit {
    mod log;
    mod values;
}
mod auth {
    mod api_token_scopes;
    mod api_tokens;
    mod at_once;
    mod client_address;
    mod password_reset;
    mod passwords;
    mod reauthentication;
    mod refresh_tokens;
    mod sessions;
    mod sign_in;
    mod slowdown;
}
mod browser {
    mod pages;
}
mod comments {
    mod internal_note;
    mod moves;
    mod notes;
    mod posting;
    mod redaction;
    mod versions;
}
mod directory {
    mod accounts;
    mod answer_templates;
    mod by_name;
    mod catalogue;
    mod closed_companies;
    mod companies;
    mod company_admins;
    mod importing;
    mod macros;
    mod project_members;
    mod projects;
    mod versions;
}
mod documents;
mod words;
mod events {
    mod feed;
    mod feed_ends;
    mod feed_order;
    mod feed_plans;
    mod feed_sequence;
    mod feed_stall;
    mod filters;
    mod names;
    mod one_form;
    mod stream_tickets;
}
mod faults {
    mod kills;
    mod service;
    mod supervision;
    mod writer;
}
mod files {
    mod attachments;
    mod bucket;
    mod downloads;
    mod links;
    mod previews;
    mod untouched;
    mod uploads;
}
mod http {
    mod absurd_bodies;
    mod bodies;
    mod breaking_changes;
    mod clients;
    mod compatibility;
    mod compression;
    mod conditions;
    mod cors;
    mod dates;
    mod failures;
    mod fairness;
    mod headers;
    mod hostile_values;
    mod idempotency;
    mod idempotency_at_once;
    mod idempotency_survival;
    mod locations;
    mod malformed_requests;
    mod mistakes;
    mod negotiation;
    mod parameters;
    mod quotas;
    mod rate_limits;
    mod responses;
    mod schemas;
    mod spec;
}
mod load;
mod mail {
    mod answers;
    mod comment_mail;
    mod corpus;
    mod delivery;
    mod digest;
    mod inbound_files;
    mod inbound_mail;
    mod invitations;
    mod life;
    mod previews;
    mod registration_mail;
    mod sending;
    mod ticket_mail;
    mod unused_mails;
}
mod mailserver {
    mod dovecot;
    mod fetched;
    mod greylist;
    mod piped;
    mod postfix;
}
mod import {
    mod changes;
    mod command;
    mod failures;
    mod file;
    mod old_filters;
    mod old_links;
    mod old_scripts;
    mod old_scripts_write;
    mod people;
    mod privacy;
    mod redmine;
}
mod me {
    mod my_page;
    mod unread;
}
mod notifications {
    mod inbox;
}
mod operation {
    mod at_once;
    mod clock_jumps;
    mod commands;
    mod health;
    mod idle;
    mod jobs;
    mod locks;
    mod logs;
    mod metrics;
    mod outgoing;
    mod planning;
    mod purge;
    mod schema;
    mod settings;
    mod shutdown;
    mod startup;
    mod statements;
    mod storage_down;
    mod survival;
    mod tls;
}
mod reference {
    mod screens;
    mod terms;
    mod vocabularies;
}
mod releases {
    mod files;
    mod publishing;
    mod survival;
    mod tickets;
}
mod reports {
    mod figures;
    mod fortnight;
    mod links;
    mod rights;
    mod spreadsheets;
    mod sums;
    mod tables;
    mod work;
}
mod sandbox;
mod search {
    mod articles;
    mod common;
    mod files;
    mod judged;
    mod odd;
    mod places;
    mod rights;
    mod upkeep;
}
mod security {
    mod build;
    mod closed;
    mod database_roles;
    mod durations;
    mod headers;
    mod leaks;
    mod long_lists;
    mod project_access;
    mod references;
    mod rights;
    mod scopes;
    mod sql;
    mod visibility;
}
mod settings {
    mod calendar;
    mod targets;
}
mod tickets {
    mod concurrency;
    mod deadlines {
        mod auto_close;
        mod auto_close_preview;
        mod auto_close_survival;
        mod clocks;
        mod notices;
        mod proof;
        mod recalculation;
    }
    mod filing {
        mod check;
        mod duplicates;
        mod fields;
        mod on_behalf;
        mod priority;
        mod references;
        mod refusal_decisions;
        mod refusals;
        mod request;
        mod texts;
    }
    mod history {
        mod append_only;
        mod chain;
        mod events;
        mod newest;
    }
    mod lifecycle {
        mod allowed_actions;
        mod answers;
        mod children;
        mod confirmation;
        mod confirming;
        mod editing;
        mod editing_rights;
        mod editing_texts;
        mod finished;
        mod merging;
        mod moves;
        mod needs;
        mod parents;
        mod races;
        mod table;
        mod topics;
        mod waiting;
        mod workflow;
    }
    mod lists {
        mod bounded;
        mod counts;
        mod cursors;
        mod export;
        mod filters;
        mod listing;
        mod paging;
        mod plans;
    }
    mod people {
        mod balancing;
        mod leaving;
        mod links;
    }
    mod prepared {
        mod answer_templates;
        mod macros;
    }
    mod presence;
    mod queue {
        mod order;
        mod plans;
    }
}
mod views {
    mod bulk;
    mod listing;
}
mod webhooks {
    mod deliveries;
    mod egress;
    mod notices;
    mod subscriptions;
}
