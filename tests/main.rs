//! The black-box tests: HTTP against the real binary on a real PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

pub(crate) mod audit {
    pub(crate) mod log;
    pub(crate) mod values;
}
pub(crate) mod auth {
    pub(crate) mod api_tokens;
    pub(crate) mod password_reset;
    pub(crate) mod sessions;
    pub(crate) mod sign_in;
}
pub(crate) mod comments {
    pub(crate) mod internal_note;
    pub(crate) mod moves;
    pub(crate) mod notes;
    pub(crate) mod posting;
    pub(crate) mod redaction;
    pub(crate) mod versions;
}
pub(crate) mod directory {
    pub(crate) mod accounts;
    pub(crate) mod answer_templates;
    pub(crate) mod companies;
}
pub(crate) mod documents;
pub(crate) mod events {
    pub(crate) mod feed;
    pub(crate) mod feed_ends;
    pub(crate) mod feed_order;
    pub(crate) mod feed_plans;
    pub(crate) mod feed_stall;
}
pub(crate) mod files {
    pub(crate) mod attachments;
    pub(crate) mod bucket;
    pub(crate) mod uploads;
}
pub(crate) mod http {
    pub(crate) mod bodies;
    pub(crate) mod conditions;
    pub(crate) mod failures;
    pub(crate) mod idempotency;
    pub(crate) mod idempotency_survival;
    pub(crate) mod responses;
    pub(crate) mod spec;
}
pub(crate) mod mail {
    pub(crate) mod inbound_files;
    pub(crate) mod inbound_mail;
    pub(crate) mod registration_mail;
    pub(crate) mod ticket_mail;
}
pub(crate) mod me {
    pub(crate) mod my_page;
    pub(crate) mod unread;
}
pub(crate) mod notifications {
    pub(crate) mod inbox;
}
pub(crate) mod operation {
    pub(crate) mod commands;
    pub(crate) mod jobs;
    pub(crate) mod metrics;
    pub(crate) mod processes;
    pub(crate) mod purge;
    pub(crate) mod statements;
    pub(crate) mod survival;
}
pub(crate) mod reference;
pub(crate) mod releases {
    pub(crate) mod files;
    pub(crate) mod publishing;
    pub(crate) mod survival;
}
pub(crate) mod sandbox;
pub(crate) mod security {
    pub(crate) mod database_roles;
    pub(crate) mod rights;
}
pub(crate) mod settings {
    pub(crate) mod calendar;
}
pub(crate) mod tickets {
    pub(crate) mod concurrency;
    pub(crate) mod deadlines {
        pub(crate) mod auto_close;
        pub(crate) mod auto_close_preview;
        pub(crate) mod auto_close_survival;
        pub(crate) mod clocks;
        pub(crate) mod notices;
        pub(crate) mod recalculation;
    }
    pub(crate) mod filing {
        pub(crate) mod check;
        pub(crate) mod duplicates;
        pub(crate) mod on_behalf;
        pub(crate) mod priority;
        pub(crate) mod references;
        pub(crate) mod refusal_decisions;
        pub(crate) mod refusals;
        pub(crate) mod request;
        pub(crate) mod texts;
    }
    pub(crate) mod history {
        pub(crate) mod chain;
        pub(crate) mod events;
    }
    pub(crate) mod lifecycle {
        pub(crate) mod children;
        pub(crate) mod confirmation;
        pub(crate) mod editing;
        pub(crate) mod editing_rights;
        pub(crate) mod moves;
        pub(crate) mod needs;
        pub(crate) mod parents;
        pub(crate) mod waiting;
        pub(crate) mod workflow;
    }
    pub(crate) mod lists {
        pub(crate) mod listing;
        pub(crate) mod paging;
        pub(crate) mod plans;
    }
    pub(crate) mod people {
        pub(crate) mod balancing;
        pub(crate) mod leaving;
        pub(crate) mod links;
    }
    pub(crate) mod queue {
        pub(crate) mod order;
        pub(crate) mod plans;
    }
}
pub(crate) mod webhooks {
    pub(crate) mod deliveries;
    pub(crate) mod notices;
    pub(crate) mod subscriptions;
}
