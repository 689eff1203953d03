"""Writers at once: slow commits, two processes, and a process that has nothing to do."""

import time

from costs import comments, working
from load import SECONDS, loaded, rate, started
from service import Service, settled


def slow_commits(cluster):
    """How writes scale where each commit takes 20 ms more."""
    service = Service(cluster, 18082, pool=32).start()
    try:
        lua = comments(service.sign_in("engineer"), working(cluster))
        cluster.sql("alter system set commit_delay = 20000; alter system set commit_siblings = 0; select pg_reload_conf()")
        one, many = (rate(loaded(service, lua, connections=it)) for it in (1, 32))
    finally:
        cluster.sql("alter system reset commit_delay; alter system reset commit_siblings; select pg_reload_conf()")
        service.stop()
    print(f"\nCommits that take 20 ms more, pool 32: {one:.0f} comments/s on one connection, {many:.0f} on 32: "
          f"{many / one:.1f} ×", flush=True)


def two_processes(cluster):
    """Two processes write at once: everything is in the feed once, and in order within each ticket."""
    services = [Service(cluster, port).start() for port in (18083, 18084)]
    try:
        tickets = working(cluster)
        loads = [started(it, comments(it.sign_in("engineer"), tickets), 8, SECONDS) for it in services]
        rates = [rate(it.communicate()[0]) for it in loads]
        settled(cluster)
        wrong = cluster.sql("""select (select count(*) from events) - (select count(*) from feed),
            (select count(*) from (select seq, lag(seq) over (partition by ticket_id order by position) as before
                from feed join events on events.id = event_id where ticket_id is not null) as it where before >= seq)""")
    finally:
        for service in services:
            service.stop()
    print(f"\nTwo processes: {sum(rates):,.0f} comments/s; events missing in the feed | out of order: {wrong}", flush=True)


def idle(cluster, service):
    settled(cluster)
    time.sleep(3)
    before, statements = service.cpu() + cluster.cpu(), cluster.sql("select sum(xact_commit) from pg_stat_database")
    time.sleep(10)
    cpu = (service.cpu() + cluster.cpu() - before) * 10
    after = cluster.sql("select sum(xact_commit) from pg_stat_database")
    print(f"\nIdle: {cpu:.1f} % of a core with its PostgreSQL, {(int(after) - int(statements)) / 10:.1f} transactions a second; "
          f"{service.memory():.0f} MiB resident", flush=True)
