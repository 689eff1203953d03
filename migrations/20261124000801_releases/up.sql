-- Releases of products: tickets wait for them («Ждем релиза»), engineers hand them out (2.2).
create table releases (
    id bigint generated always as identity primary key,
    -- Rises with every change; `version` is what the release is called.
    revision integer not null default 1,
    product_id bigint not null constraint releases_product references products,
    version text not null,
    planned_on date,
    published_at timestamptz(3),
    notes text,
    public_url text,
    -- Every waiting ticket knows what has become of the release. The job that tells them works on
    -- the others, so that it reads nothing while nothing has changed.
    is_settled boolean not null default true,
    created_at timestamptz(3) not null,
    constraint releases_id_product_key unique (id, product_id)
);
create unique index releases_version_key on releases (product_id, lower(version));
create index releases_of_product on releases (product_id, id);
create index releases_unsettled on releases (id) where not is_settled;

alter table tickets
    -- The release that it waits for, or the one that was handed out in it last.
    add column release_id bigint,
    -- The planned date of the release it waits for, as its people were told.
    add column release_planned_on date,
    -- A release is one of the ticket's product.
    add constraint tickets_release foreign key (release_id, product_id) references releases (id, product_id),
    add constraint tickets_release_of_product check (release_id is null or product_id is not null);
create index tickets_awaiting_release on tickets (release_id, id) where status = 'awaiting_release';

-- A release that is handed out: its files open for the ticket's company.
alter table comments add column release_id bigint constraint comments_release references releases;
create index comments_with_release on comments (release_id, ticket_id) where release_id is not null;
