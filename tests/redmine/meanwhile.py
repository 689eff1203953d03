#!/usr/bin/env python3
"""People work on both sides: on fifty tickets in both, and twenty are filed in each.
  meanwhile.py work REDMINE HELPDESK ADMIN_KEY ENGINEER_KEY STATE
  meanwhile.py check REDMINE HELPDESK ADMIN_KEY ENGINEER_KEY STATE REPORT..."""
import json, random, re, sys

from here import Site

what, there_base, base, admin, engineer, state = sys.argv[1:7]
there, here = Site(there_base), Site(base + '/redmine')


def ask(site, key, method, path, body=None):
    status, found = site(method, path, body, X_Redmine_API_Key=key)
    if status >= 300:
        raise SystemExit(f'{method} {path}: {status} {found}')
    return found


def whole(site, number):
    return ask(site, admin if site is there else engineer, 'GET', f'/issues/{number}.json?include=journals')['issue']


def notes(issue):
    return [it['notes'] for it in issue['journals'] if it['notes']]


def work():
    known, rand = {'touched': {}, 'there': {}, 'here': {}}, random.Random(50)
    listed = ask(here, engineer, 'GET', '/issues.json?status_id=2&limit=100&sort=id')['issues']
    listed = [it for it in listed if it['id'] < 20_000]
    for number in [it['id'] for it in rand.sample(listed, min(50, len(listed)))]:
        said = f'Сказано здесь {number}.'
        ask(here, engineer, 'PUT', f'/issues/{number}.json', {'issue': {'notes': said}})
        ask(there, admin, 'PUT', f'/issues/{number}.json',
            {'issue': {'notes': f'Сказано там {number}.', 'subject': f'Названо там иначе {number}'}})
        known['touched'][number] = whole(here, number)['subject']
    project = whole(here, next(iter(known['touched'])))['project']['id']
    tracker = whole(there, next(iter(known['touched'])))['tracker']['id']
    for place in range(20):
        for site, key, name in [(there, admin, 'there'), (here, engineer, 'here')]:
            issue = {'project_id': project, 'tracker_id': tracker, 'subject': f'Заведено {name} {place}',
                     'description': f'Порт {place} не поднимается.', 'custom_fields': [{'id': 1, 'value': 'TAU-8'}]}
            made = ask(site, key, 'POST', '/issues.json', {'issue': issue})['issue']
            known[name][made['id']] = made['subject']
    json.dump(known, open(state, 'w'), ensure_ascii=False)
    print(f'worked on {len(known["touched"])} tickets; filed there from {min(known["there"])} on, here from {min(known["here"])} on')


def check():
    known, wrong = json.load(open(state)), []
    report = ''.join(open(it, encoding='utf8').read() for it in sys.argv[7:])
    listed = set(re.findall(r'\d+', report))
    for number, subject in known['touched'].items():
        issue = whole(here, number)
        said = notes(issue)
        if issue['subject'] != subject:
            wrong.append(f'{number}: the subject of there was applied')
        for text in [f'Сказано здесь {number}.', f'Сказано там {number}.']:
            if said.count(text) != 1:
                wrong.append(f'{number}: «{text}» {said.count(text)} times')
        if number not in listed:
            wrong.append(f'{number}: no report lists it')
    for name in ('there', 'here'):
        for number, subject in known[name].items():
            if whole(here, number)['subject'] != subject:
                wrong.append(f'{number}: it is another ticket')
    both = set(known['there']) & set(known['here'])
    wrong += [f'{it}: the number is taken twice' for it in both]
    print('\n'.join(wrong))
    print(f'{len(known["touched"])} tickets, 40 new ones: {len(wrong)} things are wrong')
    sys.exit(1 if wrong else 0)


{'work': work, 'check': check}[what]()
