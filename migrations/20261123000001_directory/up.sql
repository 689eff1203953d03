-- Who there is: companies, directions, people, projects, products.
create table companies (
    id bigint generated always as identity primary key,
    version integer not null default 1,
    name text not null,
    created_at timestamptz(3) not null
);
create unique index companies_name_key on companies (lower(name));

create table directions (
    id bigint generated always as identity primary key,
    version integer not null default 1,
    name text not null,
    created_at timestamptz(3) not null
);
create unique index directions_name_key on directions (lower(name));

create table users (
    id bigint generated always as identity primary key,
    version integer not null default 1,
    role text not null,
    company_id bigint references companies,
    -- As typed; `email_folded` is what must be unique: NFKC, lower case.
    email text not null,
    email_folded text not null,
    first_name text not null,
    last_name text not null,
    language text not null,
    -- None until the first one-time password has been made.
    password_hash text,
    -- A one-time password is void after this.
    password_expires_at timestamptz(3),
    must_change_password boolean not null,
    is_active boolean not null default true,
    created_at timestamptz(3) not null,
    constraint users_role_known check (role in ('customer', 'engineer', 'commercial', 'admin')),
    constraint users_language_known check (language in ('ru', 'kk', 'en')),
    constraint users_company_of_customers check ((role = 'customer') = (company_id is not null)),
    constraint users_email_key unique (email_folded)
);
create index users_company on users (company_id, id);
create index users_role on users (role, id);

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
    constraint projects_company_direction_key unique (company_id, direction_id)
);
create index projects_direction on projects (direction_id);
create index projects_page on projects (company_id, id);

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
