#!/usr/bin/env python3
"""What each person of a truth reads here, held against what was sent and against what the Redmine shows to them.
  roles.py DATABASE_URL HELPDESK ADMIN ONE_TIME REDMINE KEY TRUTH..."""
import hashlib, json, sys
from collections import Counter

from here import Here, Site, rows

database, base, email, one_time, there_base, key = sys.argv[1:7]
here, there = Here(base, database, email, one_time), Site(there_base)
wrong, count = [], Counter()
HIDDEN = 'Внутренний код'


def sha(text):
    return hashlib.sha256(text.replace('\r\n', '\n').encode()).hexdigest()


def check(tag, issue, person, is_staff, token, own):
    number = issue['id']
    say = lambda what: wrong.append(f'{person} {tag} ({number}): {what}')
    status, ticket = here.get(token, f'/tickets/{number}')
    is_there = there('GET', f'/issues/{number}.json', X_Redmine_API_Key=own)[0] == 200
    if status != 200:
        count['seen there alone' if is_there else 'seen on no side'] += 1
        if is_staff:
            say('support does not see it')
        # Private ones are support's; who belongs to two companies loses one.
        if is_there and not issue['private'] and ticket_company(number) == company_of(person):
            say('a customer does not see it any more')
        return
    count['seen'] += 1
    if not is_there and not is_staff:
        say('a customer sees what the Redmine keeps from them')
    was = here.get(token, f'/tickets/{number}/imported')[1]
    original = was['description'] if was['description'] is not None else ticket['description']
    if sha(original) != issue['description_sha256']:
        say('the description')
    notes = [it for it in issue['notes'] if is_staff or not it['private']]
    comments = here.all(token, f'/tickets/{number}/comments')
    texts = {it['comment_id']: it['text'] for it in was['comments']}
    said = [(sha(texts.get(it['id'], it['body'])), it['internal']) for it in comments]
    if said != [(it['sha256'], it['private']) for it in notes]:
        say(f'the notes: {len(said)} of {len(notes)}')
    of_notes = {'internal.txt'} if tag == 'private-notes' and not is_staff else set()
    files = {(it['sha256'], it['size']) for it in issue['files']
             if not it.get('deleted') and it['sent_name'] not in of_notes}
    for file in here.all(token, f'/tickets/{number}/attachments'):
        status, data = here.get(token, f'/attachments/{file["id"]}/content')
        data = data if isinstance(data, bytes) else json.dumps(data).encode()
        found = (hashlib.sha256(data).hexdigest(), len(data))
        if status != 200:
            say(f'the bytes of {file["filename"]}: {status}')
        elif found not in files and not was_field(number, file['id']):
            say(f'a file that was not sent: {file["filename"]}')
        count['files read'] += 1
    if not is_staff and any(it['name'] == HIDDEN for it in was['fields']):
        say('a hidden field')
    if not is_staff and (was['time_entries'] or any(it['is_internal'] for it in was['fields'])):
        say('what is for support')


def was_field(number, file):
    """A file that is the value of a field: no list of what was sent has it."""
    found = rows(database, f"""select 1 from imported as file, imported as ticket
        where file.kind = 'file' and file.id = {file} and ticket.kind = 'ticket' and ticket.id = {number}
        and exists (select from jsonb_array_elements(ticket.about -> 'fields') as it
                    where it ->> 'raw' = file.source_id::text)""")
    return bool(found)


def ticket_company(number):
    found = rows(database, f'select company_id from tickets where id = {number}')
    return found[0]['company_id'] if found else None


def company_of(person):
    return people[person]['company_id']


for name in sys.argv[7:]:
    truth = json.load(open(name, encoding='utf8'))
    people = {}
    for it in rows(database, """select about ->> 'login' as login, users.id, role, email, company_id, is_active
            from imported join users on users.id = imported.id where kind = 'person'"""):
        people[it['login']] = it
    for user in truth['users'].values():
        account = people.get(user['login'])
        if user['status'] != 1 or not account or not account['is_active']:
            continue
        own = there('GET', f'/users/{user["id"]}.json', X_Redmine_API_Key=key)[1]['user']['api_key']
        token = here.token(account['email'])
        for tag, issue in truth['issues'].items():
            if issue['project'] != 'arch' and issue['id'] not in truth['removed_issue_ids']:
                check(tag, issue, user['login'], account['role'] != 'customer', token, own)
print('\n'.join(wrong))
print(', '.join(f'{what}: {many}' for what, many in sorted(count.items())), f'; {len(wrong)} things are wrong')
sys.exit(1 if wrong else 0)
