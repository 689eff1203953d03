"""Reports, counts, what they go by made anew, and exports."""

import datetime
import json
import time
import urllib.error
import urllib.request

from searches import digest
from service import settled

NAMES = ["flow", "deadlines", "times", "workload", "frequent-questions", "quality", "waits", "activity", "arrivals", "company"]
BY_ROWS = ["flow", "deadlines", "times", "quality"]
AT_ONCE = ["/reports/dashboard", "/tickets/counts?by=status,priority", "/views?counts=true", "/search/suggestions?q=smg"]
NDJSON = "application/x-ndjson"


def latencies(cluster, service):
    """In milliseconds, on one connection."""
    admin = service.sign_in("admin")
    company = cluster.sql("select company_id from tickets group by 1 order by count(*) desc limit 1")
    today = datetime.date.today()
    spans = [today - datetime.timedelta(days=it) for it in (30, 365)]
    took = lambda path: f"{service.took(path, admin, warm=1):.0f} ms"
    print("\n| report | a month | a year | a year by month | a year by company |\n|---|---|---|---|---|", flush=True)
    for name in NAMES:
        further = f"&company_id={company}" if name == "company" else ""
        paths = [f"/reports/{name}?from={it}{further}" for it in spans]
        if name in BY_ROWS:
            paths += [f"{paths[1]}&bucket=month", f"{paths[1]}&group_by=company_id"]
        told = [took(it) for it in paths]
        print(f"| `{name}` | " + " | ".join(told + ["–"] * (4 - len(told))) + " |", flush=True)
    print("\n| at once | takes |\n|---|---|", flush=True)
    for path in AT_ONCE:
        print(f"| `GET {path}` | {took(path)} |", flush=True)
    own = service.took("/reports/dashboard", service.sign_in("engineer"), warm=1)
    print(f"| `GET /reports/dashboard` of an engineer | {own:.0f} ms |", flush=True)


def recounted(cluster, service):
    """How long `helpdesk recount` takes, and whether it finds what the steps left."""
    facts = "(select {columns} from {table})"
    of = lambda table, *without: cluster.sql(
        f"select string_agg(attname, ', ' order by attnum) from pg_attribute where attrelid = '{table}'::regclass "
        f"and attnum > 0 and not attisdropped and attname <> all(array{list(without)}::text[])"
    )
    tables = [facts.format(columns=of(it, "id"), table=it) for it in ("ticket_facts", "clock_outcomes")]
    all_of_them = "; ".join(map(digest, [*tables, "(select id, turns from tickets)"]))
    settled(cluster)
    before = cluster.sql(all_of_them)
    took = service.command("recount")
    same = "the same" if cluster.sql(all_of_them) == before else "OTHERS"
    print(f"\n`helpdesk recount` takes {took:.0f} s; the facts are {same} afterwards", flush=True)


def exports(cluster, service):
    """A whole export, and one that its reader leaves halfway."""
    token = service.sign_in("admin")
    before = service.memory()
    service.forget_peak()
    began, lines, last = time.monotonic(), 0, b""
    with opened(service, token) as export:
        for line in export:
            lines, last = lines + 1, line
    end = json.loads(last)
    whole = "whole" if end == {"end": True, "count": lines - 1} else f"NOT WHOLE: {end}"
    print(f"\nAn export of {lines - 1:,} tickets takes {time.monotonic() - began:.0f} s and is {whole}; "
          f"{before:.0f} MiB before, at most {service.memory('VmHWM'):.0f} MiB meanwhile", flush=True)
    with opened(service, token) as export:
        export.read(1 << 20)
    began = time.monotonic()
    while (left := next_one(service, token)) == 429 and time.monotonic() < began + 120:
        time.sleep(0.1)
    took = time.monotonic() - began
    time.sleep(1)
    open_ones = cluster.sql("select count(*) from pg_stat_activity where xact_start < now() - interval '1 s'")
    print(f"One that is cut off has freed its place after {took:.1f} s ({left}); transactions left open: {open_ones}; "
          f"{service.memory():.0f} MiB afterwards", flush=True)


def opened(service, token):
    return urllib.request.urlopen(service.request("GET", "/tickets/export", token=token, accept=NDJSON), timeout=120)


def next_one(service, token):
    """The status of the next export, which is cut off at once, too."""
    try:
        with opened(service, token) as export:
            return export.status
    except urllib.error.HTTPError as refused:
        return refused.code
