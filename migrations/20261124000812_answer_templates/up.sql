-- Answers that engineers give again and again: of a direction, of a product, or of all.
create table answer_templates (
    id bigint generated always as identity primary key,
    version integer not null default 1,
    title text not null,
    body text not null,
    language text not null,
    -- That of the product, where there is one.
    direction_id bigint constraint answer_templates_direction references directions,
    product_id bigint constraint answer_templates_product references products,
    created_at timestamptz(3) not null,
    constraint answer_templates_language_known check (language in ('ru', 'kk', 'en')),
    constraint answer_templates_product_has_direction check (product_id is null or direction_id is not null)
);
create index answer_templates_of_direction on answer_templates (direction_id, id);
create index answer_templates_of_product on answer_templates (product_id, id);
