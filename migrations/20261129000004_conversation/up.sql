-- What is said in tickets, how far it was read, and files.

-- Published solutions, shared across companies, which tickets never are.
create table articles (
    id bigint generated always as identity primary key,
    -- The newest of its versions. Customers and search use only the published one.
    version integer not null default 1,
    status text not null,
    -- For whom it was published last.
    visibility text not null default 'staff',
    published_version integer,
    published_at timestamptz(3),
    published_by bigint references users,
    -- The original of which it is a translation; null: it is the original.
    original_id bigint references articles,
    -- A text of a source was redacted, and the article has not been published since.
    source_redacted_at timestamptz(3),
    created_at timestamptz(3) not null,
    constraint articles_status_known check (status in ('draft', 'published', 'archived')),
    constraint articles_visibility_known check (visibility in ('staff', 'customers')),
    constraint articles_published check ((status <> 'published') or (published_version is not null)),
    constraint articles_published_whole check (num_nonnulls(published_version, published_at, published_by) in (0, 3)),
    constraint articles_original_not_itself check (original_id <> id)
);
create index articles_of_original on articles (original_id, id) where original_id is not null;
create index articles_flagged on articles (id) where source_redacted_at is not null;

-- Every edit is a version.
create table article_versions (
    article_id bigint not null references articles,
    version integer not null,
    language text not null,
    title text not null,
    problem text not null,
    solution text not null,
    product_ids bigint[] not null,
    -- The versions of the software that it is about; null: from the first, to the last.
    version_from text,
    version_to text,
    author_id bigint not null references users,
    created_at timestamptz(3) not null,
    -- When its texts were blanked.
    redacted_at timestamptz(3),
    primary key (article_id, version),
    constraint article_versions_language_known check (language in ('ru', 'kk', 'en'))
);
create index article_versions_of_product on article_versions using gin (product_ids);
create index article_versions_of_language on article_versions (language, article_id);

-- The tickets that an article was made from: for support only.
create table article_sources (
    article_id bigint not null references articles,
    ticket_id bigint not null references tickets,
    primary key (article_id, ticket_id)
);
create index article_sources_ticket on article_sources (ticket_id);

-- The last feedback of each reader on an article.
create table article_feedback (
    article_id bigint not null references articles,
    user_id bigint not null references users,
    helped boolean not null,
    -- The ticket that was confirmed with it, if it was.
    ticket_id bigint references tickets,
    created_at timestamptz(3) not null,
    primary key (article_id, user_id)
);

-- Events hold salted hashes of texts, so that a text can be blanked, with its salt, and no hash
-- gives away what it was.
create table comments (
    id bigint generated always as identity primary key,
    ticket_id bigint not null references tickets,
    -- Null: the system.
    author_id bigint references users,
    -- An internal note: only staff may know that it exists.
    is_internal boolean not null,
    -- A correction is a new version; those before it are in `comment_versions`.
    version integer not null default 1,
    body text not null,
    salt bytea,
    created_at timestamptz(3) not null,
    -- When the present version was written, if it is not the first.
    edited_at timestamptz(3),
    -- When the present version was blanked.
    redacted_at timestamptz(3),
    -- A provided release: its files become available to the ticket's company.
    release_id bigint references releases,
    -- The article that it refers to.
    article_id bigint references articles
) with (autovacuum_vacuum_insert_scale_factor = 0.01);
-- With what is counted of them for each reader.
create index comments_of_ticket on comments (ticket_id, id) include (author_id, is_internal);
create index comments_with_article on comments (ticket_id, article_id) where article_id is not null;
-- How much support says in a span of time.
create index comments_public_by_time on comments (created_at) include (ticket_id, author_id) where not is_internal;
create index comments_with_release on comments (release_id, ticket_id) where release_id is not null;

create table comment_versions (
    comment_id bigint not null references comments,
    version integer not null,
    body text not null,
    salt bytea,
    written_at timestamptz(3) not null,
    redacted_at timestamptz(3),
    primary key (comment_id, version)
);

create table ticket_reads (
    user_id bigint not null references users,
    ticket_id bigint not null references tickets,
    last_read_comment_id bigint not null references comments,
    primary key (user_id, ticket_id)
);

-- A file is first an unused upload, then an attachment.
create table uploads (
    -- Random: whoever has it may use it, if it is their own.
    id text primary key,
    user_id bigint not null references users,
    storage_key text not null,
    -- False while its bytes arrive; a process that died leaves it so.
    is_complete boolean not null,
    filename text not null,
    content_type text not null,
    size bigint not null,
    sha256 bytea not null,
    -- Real times: a sandbox does not make files wait longer.
    created_at timestamptz(3) not null,
    expires_at timestamptz(3) not null
);
create index uploads_of_user on uploads (user_id, created_at);
create index uploads_by_expiry on uploads (expires_at);
create index uploads_by_key on uploads (storage_key);

create table attachments (
    id bigint generated always as identity primary key,
    -- It is a file of a ticket, of a refused request (3.4), of an article, or of a release (2.2): of an
    -- unpublished one for support only, of a published one for the companies in whose tickets it was provided.
    ticket_id bigint references tickets,
    refusal_id bigint references refusals,
    release_id bigint references releases,
    article_id bigint references articles,
    -- The version of the article it came with: it is published with that.
    article_version integer,
    comment_id bigint references comments,
    -- Of an internal note: only staff may see it.
    is_internal boolean not null,
    author_id bigint references users,
    filename text not null,
    description text,
    content_type text not null,
    size bigint not null,
    sha256 bytea not null,
    storage_key text not null,
    created_at timestamptz(3) not null,
    -- The content was permanently removed.
    redacted_at timestamptz(3),
    -- It may be a small text file that is not indexed yet.
    is_unread boolean not null default false,
    constraint attachments_have_one_place check (num_nonnulls(ticket_id, refusal_id, release_id, article_id) = 1),
    constraint attachments_of_articles check ((article_id is null) = (article_version is null)),
    constraint attachments_of_comments check (comment_id is null or ticket_id is not null)
);
create index attachments_of_ticket on attachments (ticket_id, id);
create index attachments_of_refusal on attachments (refusal_id) where refusal_id is not null;
create index attachments_of_release on attachments (release_id, id) where release_id is not null;
create index attachments_of_article on attachments (article_id, id) where article_id is not null;
create index attachments_of_comment on attachments (comment_id, id) where comment_id is not null;
create index attachments_unread on attachments (id)
    where is_unread and (ticket_id is not null or article_id is not null);
create index attachments_of_author on attachments (author_id, created_at);
create index attachments_by_key on attachments (storage_key);

-- The text of small text files: logs, configurations.
create table attachment_texts (
    attachment_id bigint primary key references attachments on delete cascade,
    text text not null
);

-- The search index: the words of tickets, prepared by the service. What support finds and what customers find
-- are two tables, so no search by a customer comes near an internal note.
create table search_of_support (
    ticket_id bigint primary key references tickets,
    -- As it was when the row was written; who may read a ticket is always asked of the ticket.
    project_id bigint not null references projects,
    vector tsvector not null,
    -- The distinct words themselves.
    words text[] not null
);
-- Each search looks at all that is pending, so that it is little.
create index search_of_support_vector on search_of_support using gin (vector) with (gin_pending_list_limit = 1024);

create table search_of_customers (
    ticket_id bigint primary key references tickets,
    project_id bigint not null references projects,
    vector tsvector not null,
    words text[] not null
);
create index search_of_customers_vector on search_of_customers using gin (vector) with (gin_pending_list_limit = 1024);

-- Published articles as they are found.
create table search_of_articles (
    article_id bigint primary key references articles,
    -- Whether it is for customers, too.
    is_public boolean not null,
    vector tsvector not null,
    words text[] not null
);
create index search_of_articles_vector on search_of_articles using gin (vector);

-- Products with a new name, whose tickets are found by the old one: they are reindexed in batches, the newest
-- first.
create table search_renamed (
    product_id bigint primary key references products,
    -- The last one that was indexed; null: none was.
    before_at timestamptz(3),
    before_id bigint
);

-- In how many tickets and articles each lexeme and each word is: the vocabulary of support, one for each
-- project, of what its customers may read, and one of the articles for all customers. '' counts the documents.
create table search_words (
    -- The project; 0: of support; -1: of articles for customers.
    scope bigint not null,
    is_word boolean not null,
    text text collate "C" not null,
    tickets integer not null,
    -- How the word is spelled where letters of it were folded: what a person is shown.
    spelling text,
    primary key (scope, is_word, text)
-- Room for counts that change: no index has them, so that a new one is written into the same page.
) with (fillfactor = 90);
-- For words similar to those that no document has. What is pending is looked at each time, and so little.
create index search_words_of_support on search_words using gin (text gin_trgm_ops) with (gin_pending_list_limit = 256)
    where is_word and scope = 0;
create index search_words_of_projects on search_words using gin (text gin_trgm_ops) with (gin_pending_list_limit = 256)
    where is_word and scope <> 0;
