"""What requests cost: stands a system up, fills it, prints the tables of docs/performance.md, and ends.

CPU of the service and of PostgreSQL per request, all that follows from it included, and how that stands
beside `GET /me` (the caller statement alone) of the same run: nothing else holds from machine to machine.
Needs wrk and pgbench, which `make bench` installs where it can. BENCH_TICKETS (10000,1000000),
BENCH_SECONDS (5) a measurement, BENCH_BINARY (target/release/helpdesk), BENCH_PARTS (some of PARTS),
BENCH_DATA (a folder that keeps what was filled, a PostgreSQL for each size, for the next run).
"""

import os
import time

import reports
import searches
import writers
from cluster import Cluster
from costs import Costs
from lists import lists
from service import Service

SIZES = [int(it) for it in os.environ.get("BENCH_TICKETS", "10000,1000000").split(",")]
PARTS = ["costs", "lists", "searches", "comments", "freshness", "reports", "exports", "idle", "writers", "recount", "reindex"]
ASKED = os.environ.get("BENCH_PARTS", ",".join(PARTS)).split(",")


# What the service makes up itself; more of them are copies.
MADE = 20_000


def fill(cluster, service, size):
    """Fills an empty system up to so many tickets."""
    if cluster.is_filled():
        return
    began, made = time.monotonic(), min(size, MADE)
    service.command("demo")
    service.command("demo", "--tickets", str(made))
    if size > made:
        cluster.multiply(size // made)
    cluster.sql("vacuum (analyze)")
    cluster.mark_filled()
    print(f"\nFilled in {time.monotonic() - began:.0f} s", flush=True)


def measure(cluster, service, before):
    """All tables of one size; returns what its lists took, for the next one."""
    costs = Costs(cluster, service)
    took = before
    for part in ASKED:
        match part:
            case "costs":
                costs.table()
            case "lists":
                took = lists(cluster, service, before)
            case "searches":
                searches.latencies(service, costs)
                searches.size(cluster)
            case "comments":
                searches.cost_of_being_found(costs)
            case "freshness":
                searches.freshness(cluster, service, costs.engineer)
            case "reports":
                reports.latencies(cluster, service)
            case "exports":
                reports.exports(cluster, service)
            case "idle":
                writers.idle(cluster, service)
            case "recount":
                reports.recounted(cluster, service)
            case "reindex":
                searches.made_anew(cluster, service)
    return took


def main():
    took, folder = None, os.environ.get("BENCH_DATA")
    for size in SIZES:
        cluster = Cluster(folder and f"{folder}/{size}")
        service = Service(cluster, 18081)
        try:
            fill(cluster, service, size)
            service.start()
            print(f"\n## {size:,} tickets", flush=True)
            took = measure(cluster, service, took)
            service.stop()
            if "writers" in ASKED and size == SIZES[-1]:
                writers.two_processes(cluster)
                writers.slow_commits(cluster)
        finally:
            service.stop()
            cluster.end()


main()
