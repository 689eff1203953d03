#!/usr/bin/env python3
"""What has to be so after a move, whatever came over.   moved.py DATABASE_URL HELPDESK ADMIN ONE_TIME"""
import random, sys

from here import Here, rows

database, base, email, one_time = sys.argv[1:]
here = Here(base, database, email, one_time)
wrong = []


def none(what, sql):
    count = rows(database, f'select count(*) as count {sql}')[0]['count']
    if count:
        wrong.append(f'{count} {what}')


came = "from tickets join imported on imported.kind = 'ticket' and imported.id = tickets.id"
none('mails to people who came over', "from mails where user_id in (select id from imported where kind = 'person')")
none('deliveries to webhooks', 'from webhook_deliveries')
none('deadlines breached at birth', f'{came} where due_at < now() or alert_at < now()')
none('tickets that close within two weeks', f"{came} where closes_at < now() + interval '13 days 20 hours'")
none('tickets without exactly one event in the feed', f"""{came} where (
    select count(*) from (select event_id from feed union all select event_id from feed_waiting) as fed
    join events on events.id = event_id where ticket_id = tickets.id) <> 1""")
none('notes that came twice', """from (select 1 from comments group by ticket_id, author_id, created_at, body
    having count(*) > 1) as twice""")
none('tickets that are closed for another reason', f"{came} where status = 'closed' and close_reason <> 'imported'")
ids = [it['id'] for it in rows(database, f'select tickets.id {came} order by 1')]
for number in random.Random(20).sample(ids, min(200, len(ids))):
    status, found = here.get(here.admin, f'/tickets/{number}/history/verify')
    if status != 200 or not found['intact']:
        wrong.append(f'the history of {number}: {status} {found}')
print('\n'.join(wrong))
print(f'{len(ids)} tickets came over, {min(200, len(ids))} histories were checked: {len(wrong)} things are wrong')
sys.exit(1 if wrong else 0)
