"""Search: latencies, size, how soon a comment is found and what that costs, and the index made anew."""

import random
import time
import urllib.parse

from costs import comments, working
from load import gets, latency, loaded, started
from service import settled

QUERIES = {
    "rare": ["VI3A0004217", "VI3A0001018", "VI3A0000555"],
    "common": ["журнал", "узел прилагаю", "регистрируется терминал"],
    "part of a name": ["VI3A00042", "SMG1016", "VI3A00099"],
    "typing error": ["регестрируется", "перезагрущается", "прилогаю"],
    "phrase": ['"нет звука"', '"журнал прилагаю"', '"потеря пакетов" -узел'],
    "question": ["почему после обновления не регистрируется терминал у абонента"],
}
INDEX = ["search_of_support", "search_of_customers", "search_of_articles", "search_words"]


def path(query):
    return f"/search?q={urllib.parse.quote(query)}"


def latencies(service, costs):
    """Of eight connections, each kind of query by itself and all mixed."""
    print("\n| search, eight connections | support: p50, p99 | a customer: p50, p99 |\n|---|---|---|", flush=True)
    mixed = [it for some in QUERIES.values() for it in some]
    for kind, queries in [*QUERIES.items(), ("all of these, mixed", mixed)]:
        paths = [path(it) for it in queries]
        said = [loaded(service, gets(token, *paths)) for token in (costs.engineer, costs.customer)]
        told = [f"{latency(it, 50):.1f}, {latency(it, 99):.0f} ms" for it in said]
        print(f"| {kind} | " + " | ".join(told) + " |", flush=True)


def size(cluster):
    size = cluster.sql("""select string_agg(relname || ' ' || pg_size_pretty(pg_total_relation_size(oid)), ', ' order by relname)
        from pg_class where relname in ('search_of_support', 'search_of_customers', 'search_words', 'tickets', 'comments')""")
    print(f"\nThe index beside what it is of: {size}", flush=True)


def cost_of_being_found(costs):
    """What a comment costs more because it can be found, in turns with comments that nobody makes found."""
    tickets = working(costs.cluster)
    few, many = comments(costs.engineer, tickets[:50]), comments(costs.engineer, tickets[50:])
    print("\n| request | rate | CPU: service + PostgreSQL |\n|---|---|---|", flush=True)
    spent = {False: 0.0, True: 0.0}
    for is_found in (False, True, False, True):
        costs.cluster.sql("update event_consumers set name = 'nobody' where name = 'search'" if not is_found else
                          "update event_consumers set name = 'search', last_position = (select max(position) from feed) "
                          "where name = 'nobody'")
        service, postgres, rate = costs.spent(few, many)
        spent[is_found] += service + postgres
        name = "comment" if is_found else "comment that cannot be found"
        print(f"| {name} | {rate:,.0f}/s | {service:.2f} + {postgres:.2f} ms |", flush=True)
    print(f"\nA comment costs {(spent[True] / spent[False] - 1) * 100:.1f} % more because it can be found", flush=True)


def freshness(cluster, service, token):
    """How long after its response a comment is found, while eight connections search and others write."""
    tickets = working(cluster)
    ticket, others = tickets[0], tickets[1:]
    searching, writing = gets(token, *map(path, QUERIES["common"])), comments(token, others)
    loads = [started(service, searching, 7, 600), started(service, writing, 1, 600)]
    took = []
    for _ in range(100):
        word = "слово" + "".join(random.choices("абвгдежз", k=12))
        service.call("POST", f"/tickets/{ticket}/comments", {"body": f"Проверил: {word}."}, token)
        began = time.monotonic()
        while not service.call("GET", path(word), token=token)["items"] and time.monotonic() < began + 60:
            time.sleep(0.02)
        took.append(time.monotonic() - began)
    for load in loads:
        load.terminate()
        load.wait()
    took.sort()
    print(f"\nA comment is found after {took[49]:.2f} s (p50), {took[98]:.2f} s (p99), while seven connections search "
          "and one writes", flush=True)


def made_anew(cluster, service):
    """How long `helpdesk reindex` takes while the service runs, and whether it ends with the same index."""
    settled(cluster)
    before = cluster.sql("; ".join(map(digest, INDEX)))
    took = service.command("reindex")
    same = "the same" if cluster.sql("; ".join(map(digest, INDEX))) == before else "ANOTHER ONE"
    print(f"\n`helpdesk reindex` takes {took:.0f} s; the index is {same} afterwards", flush=True)


def digest(table):
    """A number that is another one if anything in a table is."""
    return f"select count(*), sum(hashtextextended(it::text, 0)::numeric) from {table} as it"
