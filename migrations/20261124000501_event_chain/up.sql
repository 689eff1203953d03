-- Each event is chained to the one before it of the same ticket, and the ticket knows the end of
-- its chain; whose company it is, stands in the event for those who read all of them in order.
alter table tickets
    -- How many events it has, and a seal over the last of them.
    add column head_seq bigint not null default 0,
    add column head_hash bytea;

alter table events
    -- What happens to no ticket has no chain.
    alter column ticket_id drop not null,
    add column company_id bigint constraint events_company references companies,
    -- Its place in the ticket's chain, from 1.
    add column seq bigint,
    -- Over the ticket's seal before it and over itself.
    add column hash bytea;

-- The chain of the events there are; the formulas are those of the statement that writes events.
alter table events disable trigger events_append_only;
do $$
declare
    key bytea;
    ipad bytea;
    opad bytea;
    event record;
    ticket bigint := 0;
    place bigint;
    event_hash bytea;
    head bytea;
begin
    select coalesce(history_key.key, decode(current_setting('helpdesk.history_key', true), 'base64'))
        into strict key from history_key;
    key := key || decode(repeat('00', 64 - length(key)), 'hex');
    select string_agg(set_byte('\x00'::bytea, 0, get_byte(key, place_of) # 54), ''::bytea order by place_of),
           string_agg(set_byte('\x00'::bytea, 0, get_byte(key, place_of) # 92), ''::bytea order by place_of)
        into ipad, opad from generate_series(0, 63) as place_of;
    for event in
        select events.*, tickets.company_id as owner
        from events join tickets on tickets.id = events.ticket_id
        order by events.ticket_id, events.id
    loop
        if event.ticket_id <> ticket then
            ticket := event.ticket_id;
            place := 0;
            head := ''::bytea;
        end if;
        place := place + 1;
        event_hash := sha256(opad || sha256(ipad || convert_to(concat_ws(E'\n',
            'event', encode(head, 'hex'), ticket, place, event.type,
            (extract(epoch from event.at) * 1000)::bigint, coalesce(event.actor_id::text, ''),
            event.is_internal::text, event.body), 'UTF8')));
        head := sha256(opad || sha256(ipad || convert_to(concat_ws(E'\n',
            'head', ticket, place, encode(event_hash, 'hex')), 'UTF8')));
        update events set company_id = event.owner, seq = place, hash = event_hash where id = event.id;
        update tickets set head_seq = place, head_hash = head where id = ticket;
    end loop;
end
$$;
alter table events enable always trigger events_append_only;

alter table tickets add constraint tickets_head check ((head_seq = 0) = (head_hash is null));
alter table events add constraint events_chained
    check (num_nulls(ticket_id, seq, hash) in (0, 3) and (ticket_id is null or company_id is not null));
create unique index events_seq_key on events (ticket_id, seq);
create index events_of_company on events (company_id, id);
