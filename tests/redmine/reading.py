#!/usr/bin/env python3
"""How long reading alone takes: lists, single issues with all that belongs to them, files; two connections.
  reading.py REDMINE KEY"""
import sys, time
from concurrent.futures import ThreadPoolExecutor
from threading import local

from here import Site

base, key = sys.argv[1:]
own = local()


def get(path):
    own.site = getattr(own, 'site', None) or Site(base)
    status, found = own.site('GET', path, X_Redmine_API_Key=key)
    assert status in (200, 404), (status, path)
    return found


began, last, issues, files = time.time(), 0, [], []
while True:
    page = get(f'/issues.json?status_id=*&sort=id&limit=100&issue_id=>={last + 1}&include=attachments,relations')
    issues += [it['id'] for it in page['issues']]
    files += [file['id'] for it in page['issues'] for file in it['attachments']]
    if len(page['issues']) >= page['total_count']:
        break
    last = issues[-1]
with ThreadPoolExecutor(2) as threads:
    list(threads.map(lambda it: get(f'/issues/{it}.json?include=journals,attachments,watchers,relations'), issues))
    list(threads.map(lambda it: get(f'/attachments/download/{it}'), files))
print(f'{len(issues)} issues and {len(files)} files are read in {time.time() - began:.0f} s')
