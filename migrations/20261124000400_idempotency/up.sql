-- What requests with an Idempotency-Key were answered: written in the transaction of their
-- effect, so that a repeated request finds the answer wherever it finds the effect.
create table idempotent_answers (
    -- SHA-256 of who asked, the method, the path and the key.
    scope bytea primary key,
    -- SHA-256 of the media type and the body that came with it.
    fingerprint bytea not null,
    -- As what the caller was answered: another role or company sees other things.
    role text not null,
    company_id bigint,
    -- The ticket that the answer speaks of.
    ticket_id bigint,
    status smallint not null,
    location text,
    etag text,
    language text not null,
    body text,
    -- The body is gone and is never shown again; the effect stays.
    is_blanked boolean not null default false,
    -- Real time.
    created_at timestamptz(3) not null,
    constraint idempotent_answers_role_known check (role in ('customer', 'engineer', 'commercial', 'admin')),
    constraint idempotent_answers_language_known check (language in ('ru', 'kk', 'en'))
);
create index idempotent_answers_age on idempotent_answers (created_at);
create index idempotent_answers_of_ticket on idempotent_answers (ticket_id) where ticket_id is not null;
