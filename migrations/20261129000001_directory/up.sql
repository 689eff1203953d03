-- The directory: companies, people, projects, products with their releases.

create table companies (
    id bigint generated always as identity primary key,
    version integer not null default 1,
    name text not null,
    created_at timestamptz(3) not null
);
create unique index companies_name_key on companies (lower(name));
-- Found by parts of their names.
create extension if not exists pg_trgm;
create index companies_by_parts on companies using gin (lower(name) gin_trgm_ops);

create table directions (
    id bigint generated always as identity primary key,
    version integer not null default 1,
    name text not null,
    -- New tickets are assigned to its engineers automatically.
    is_balanced boolean not null default false,
    created_at timestamptz(3) not null
);
create unique index directions_name_key on directions (lower(name));

create table users (
    id bigint generated always as identity primary key,
    version integer not null default 1,
    role text not null,
    company_id bigint references companies,
    -- Which of the company's projects a customer sees; the listed ones are in `project_members`.
    sees text not null default 'all',
    -- As typed; `email_folded` is what must be unique: NFKC, lower case.
    email text not null,
    email_folded text not null,
    first_name text not null,
    last_name text not null,
    language text not null,
    -- Null until the first one-time password has been made.
    password_hash text,
    -- A one-time password is void after this.
    password_expires_at timestamptz(3),
    must_change_password boolean not null,
    is_active boolean not null default true,
    absent_since timestamptz(3),
    -- Null with `absent_since`: until further notice.
    absent_until timestamptz(3),
    -- How many deliveries to the address failed for good; since when none is tried any more, and what the
    -- mail server said.
    mail_failures integer not null default 0,
    undeliverable_since timestamptz(3),
    undeliverable_reason text,
    created_at timestamptz(3) not null,
    constraint users_role_known check (role in ('customer', 'engineer', 'commercial', 'admin')),
    constraint users_language_known check (language in ('ru', 'kk', 'en')),
    constraint users_sees_known check (sees in ('all', 'listed')),
    constraint users_company_of_customers check ((role = 'customer') = (company_id is not null)),
    constraint users_sees_listed_of_customers check (sees = 'all' or role = 'customer'),
    constraint users_absence check (absent_until is null or absent_until > absent_since),
    constraint users_undeliverable check ((undeliverable_since is null) = (undeliverable_reason is null)),
    constraint users_email_key unique (email_folded),
    constraint users_id_company_key unique (id, company_id)
);
create index users_company on users (company_id, id);
create index users_role on users (role, id);
create index users_by_name on users (lower(last_name || ' ' || first_name), id);
create index users_by_parts on users
    using gin (lower(first_name || ' ' || last_name || ' ' || email) gin_trgm_ops);

-- The absences of engineers, kept after their return: reports count them.
create table absences (
    user_id bigint not null references users,
    since timestamptz(3) not null,
    -- Null: until further notice.
    until timestamptz(3),
    primary key (user_id, since)
);

create table direction_engineers (
    direction_id bigint not null references directions,
    user_id bigint not null references users,
    primary key (direction_id, user_id)
);
create index direction_engineers_user on direction_engineers (user_id);

create table projects (
    id bigint generated always as identity primary key,
    version integer not null default 1,
    company_id bigint not null references companies,
    direction_id bigint not null references directions,
    is_active boolean not null default true,
    created_at timestamptz(3) not null,
    constraint projects_company_direction_key unique (company_id, direction_id),
    constraint projects_id_company_key unique (id, company_id)
);
create index projects_direction on projects (direction_id);
create index projects_page on projects (company_id, id);

-- The projects of customers who see only the listed ones.
create table project_members (
    project_id bigint not null,
    user_id bigint not null,
    -- The company of both, so that nobody gets into another company's project; staff have none.
    company_id bigint not null,
    primary key (project_id, user_id),
    constraint project_members_project foreign key (project_id, company_id) references projects (id, company_id),
    constraint project_members_user foreign key (user_id, company_id) references users (id, company_id)
);
create index project_members_of_user on project_members (user_id, project_id);

create table products (
    id bigint generated always as identity primary key,
    version integer not null default 1,
    direction_id bigint not null references directions,
    name text not null,
    is_active boolean not null default true,
    created_at timestamptz(3) not null
);
create unique index products_name_key on products (direction_id, lower(name));
create index products_page on products (direction_id, id);
create index products_by_name on products (lower(name), id);
create index products_by_parts on products using gin (lower(name) gin_trgm_ops);

-- What tickets are about, in the words of each direction.
create table topics (
    id bigint generated always as identity primary key,
    version integer not null default 1,
    direction_id bigint not null references directions,
    name text not null,
    is_active boolean not null default true,
    created_at timestamptz(3) not null,
    constraint topics_id_direction_key unique (id, direction_id)
);
create unique index topics_name_key on topics (direction_id, lower(name));
create index topics_page on topics (direction_id, id);

-- Tickets wait for releases («Ждем релиза»), engineers provide them (2.2).
create table releases (
    id bigint generated always as identity primary key,
    -- Incremented with every change; `version` is the name of the release.
    revision integer not null default 1,
    product_id bigint not null references products,
    version text not null,
    planned_on date,
    published_at timestamptz(3),
    notes text,
    public_url text,
    -- Every waiting ticket has been updated since the last change. The job that updates them reads only the
    -- others, which is nothing as long as nothing has changed.
    is_settled boolean not null default true,
    created_at timestamptz(3) not null,
    constraint releases_id_product_key unique (id, product_id)
);
create unique index releases_version_key on releases (product_id, lower(version));
create index releases_of_product on releases (product_id, id);
create index releases_unsettled on releases (id) where not is_settled;

-- Texts that engineers use again and again: in a direction, on a product, or anywhere.
create table answer_templates (
    id bigint generated always as identity primary key,
    version integer not null default 1,
    title text not null,
    body text not null,
    language text not null,
    -- That of the product, where there is one.
    direction_id bigint references directions,
    product_id bigint references products,
    created_at timestamptz(3) not null,
    constraint answer_templates_language_known check (language in ('ru', 'kk', 'en')),
    constraint answer_templates_product_has_direction check (product_id is null or direction_id is not null)
);
create index answer_templates_of_direction on answer_templates (direction_id, id);
create index answer_templates_of_product on answer_templates (product_id, id);

-- Steps that engineers take again and again: in a direction, on a product, or anywhere.
create table macros (
    id bigint generated always as identity primary key,
    version integer not null default 1,
    title text not null,
    language text not null,
    -- That of the product, where there is one.
    direction_id bigint references directions,
    product_id bigint references products,
    -- The members of the single calls.
    steps jsonb not null,
    created_at timestamptz(3) not null,
    constraint macros_language_known check (language in ('ru', 'kk', 'en')),
    constraint macros_product_has_direction check (product_id is null or direction_id is not null)
);
create index macros_of_direction on macros (direction_id, id);
create index macros_of_product on macros (product_id, id);
