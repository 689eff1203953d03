#!/usr/bin/env python3
"""Holds what old clients got from us against what they got from a Redmine.

  clients.py REDMINE OURS EXPECTED        exit 1 where a line is not as expected
  clients.py --write REDMINE OURS         a line of EXPECTED for each step that differs, to be given a class and a reason

A step that EXPECTED does not name is `equal`: the same facts. Others have a class, what comes instead, and why:
  step | class | facts | reason
"""
import datetime, sys

CLASSES = {'refused', 'hidden', 'better', 'not offered'}


def undated(line):
    """Of two zones that a day may be today's in."""
    now = datetime.datetime.now(datetime.timezone.utc)
    for ahead in 0, 6:
        line = line.replace(str((now + datetime.timedelta(hours=ahead)).date()), 'today')
    return line


def facts(name):
    """Step -> facts, without what may be worded otherwise."""
    lines = (undated(it.rstrip('\n')) for it in open(name, encoding='utf8'))
    lines = (it.partition(' | ') for it in lines if ' | ' in it and not it.startswith('#'))
    return {step: rest.partition(' ~ ')[0].rstrip(' |') for step, _, rest in lines}


def expected(name):
    rows = (it.rstrip('\n') for it in open(name, encoding='utf8'))
    rows = (it.split(' | ') for it in rows if it.strip() and not it.startswith('#'))
    return {row[0]: (row[1], ' | '.join(row[2:-1]).rstrip(' |'), row[-1].strip()) for row in rows}


def main():
    if sys.argv[1] == '--write':
        there, here = facts(sys.argv[2]), facts(sys.argv[3])
        for step in there:
            if there[step] != here.get(step):
                print(f'{step} | ? | {here.get(step)} | ?')
        return 0
    there, here, other = facts(sys.argv[1]), facts(sys.argv[2]), expected(sys.argv[3])
    wrong = []
    for step in there:
        kind, wanted, reason = other.get(step, ('equal', there[step], '-'))
        if step in other and (kind not in CLASSES or not reason):
            wrong.append(f'{step}: no class of ours, or no reason')
        if here.get(step) != wanted:
            wrong.append(f'{step} ({kind})\n    wanted {wanted}\n    got    {here.get(step)}')
    wrong += [f'{step}: no such step' for step in other if step not in there]
    count = {kind: sum(it[0] == kind for it in other.values()) for kind in sorted(CLASSES)}
    print('\n'.join(wrong))
    print(f'{len(there)} steps: {len(there) - len(other)} equal,', ', '.join(f'{n} {k}' for k, n in count.items()))
    return 1 if wrong else 0


sys.exit(main())
