"""What requests cost: CPU of the service and of PostgreSQL, and how that stands beside `GET /me`."""

import os
import random
import re
import subprocess
import time

from load import SECONDS, count, gets, loaded, posts, rate
from service import settled


class Costs:
    def __init__(self, cluster, service):
        self.cluster, self.service = cluster, service
        self.engineer, self.customer = service.sign_in("engineer"), service.sign_in("customer")
        self.base = None

    def table(self):
        print("\n| request | rate | CPU: service + PostgreSQL | × `GET /me` |\n|---|---|---|---|", flush=True)
        self.reads()
        self.writes()
        print("\n| request | rate | pgbench, the same statements |\n|---|---|---|", flush=True)
        first = self.cluster.sql("select max(id) from tickets where is_open")
        for path in ["/me", f"/tickets/{first}", "/tickets"]:
            self.ceiling(path)

    def spent(self, warm, lua):
        """CPU of one request with all that follows, in milliseconds: of the service, and of PostgreSQL; and the rate."""
        loaded(self.service, warm, seconds=1)
        settled(self.cluster)
        service, postgres = self.service.cpu(), self.cluster.cpu()
        said = loaded(self.service, lua)
        settled(self.cluster)
        each = 1000 / count(said)
        return (self.service.cpu() - service) * each, (self.cluster.cpu() - postgres) * each, rate(said)

    def row(self, name, lua, warm=None):
        service, postgres, rate = self.spent(warm or lua, lua)
        self.base = self.base or service + postgres
        times = (service + postgres) / self.base
        print(f"| {name} | {rate:,.0f}/s | {service:.2f} + {postgres:.2f} ms | {times:.1f} |", flush=True)

    def reads(self):
        some = self.cluster.sql("select id from tickets where is_open order by id desc limit 200").split()
        project = self.cluster.sql("select project_id from tickets where is_open group by 1 order by count(*) desc limit 1")
        everything = "?expand=comments,attachments,history"
        of_engineer = {
            "`GET /me`": ["/me"],
            "`GET /tickets/{id}`": [f"/tickets/{it}" for it in some],
            "the same with comments, files, history": [f"/tickets/{it}{everything}" for it in some],
            "page of 25, newest first": ["/tickets"],
            "page of 25, open of a project by priority": [f"/tickets?status=open&project_id={project}&sort=priority"],
            "`GET /queue`": ["/queue"],
            "`GET /me/notifications`": ["/me/notifications"],
            "`GET /me/tickets` of an engineer": ["/me/tickets"],
        }
        for name, paths in of_engineer.items():
            self.row(name, gets(self.engineer, *paths))
        self.row("page of 25 of a customer", gets(self.customer, "/tickets?status=open"))

    def writes(self):
        """Each kind warms up on other tickets than it is measured on."""
        mine = working(self.cluster)
        few, many = mine[: len(mine) // 5], mine[len(mine) // 5 :]
        self.row("comment", comments(self.engineer, many), warm=comments(self.engineer, few))
        self.row("move with a comment", moves(self.engineer, many), warm=moves(self.engineer, few))
        self.row("create", posts(self.customer, self.requests()), warm=posts(self.customer, self.requests()))

    def requests(self):
        """Requests that are not alike, of syllables that make no rude word."""
        who = self.service.call("GET", "/me", token=self.customer)
        project, product = self.cluster.sql(
            f"""select project_id || ' ' || product_id from tickets
                where company_id = {who['company']['id']} and product_id is not null limit 1"""
        ).split()
        syllables = [one + other for one in "лмнрт" for other in "аоие"]
        words = ["".join(random.choices(syllables, k=5)) for _ in range(4000)]
        body = lambda: {
            "project_id": int(project),
            "product_id": int(product),
            "tracker": "bug",
            "priority": "medium",
            "subject": " ".join(random.sample(words, 5)),
            "description": " ".join(random.sample(words, 40)),
        }
        return [("/tickets", body()) for _ in range(4000)]

    def ceiling(self, path):
        """Requests a second, beside what pgbench does with the statements of the request."""
        script = f"{self.cluster.folder}/ceiling.sql"
        open(script, "w").write(self.statements(path))
        command = [f"{self.cluster.bin}/pgbench", "-n", "-M", "prepared", "-c8", "-j1", f"-T{SECONDS}", "-f", script,
                   "-h", self.cluster.folder, "-U", "bench", "postgres"]
        done = subprocess.run(command, text=True, capture_output=True)
        found = re.search(r"tps = ([\d.]+)", done.stdout)
        ceiling = f"{float(found[1]):,.0f}/s" if found else done.stderr.strip().splitlines()[-1]
        print(f"| `GET {path}` | {rate(loaded(self.service, gets(self.engineer, path))):,.0f}/s | {ceiling} |", flush=True)

    def statements(self, path):
        """The statements of a request, from PostgreSQL's log, without those by which jobs look for work."""
        self.service.call("GET", path, token=self.engineer)
        begin = os.path.getsize(self.cluster.log)
        self.cluster.sql("alter system set log_min_duration_statement = 0; select pg_reload_conf()")
        time.sleep(0.5)
        self.service.call("GET", path, token=self.engineer)
        self.cluster.sql("alter system reset log_min_duration_statement; select pg_reload_conf()")
        said = open(self.cluster.log).read()[begin:]
        pattern = r"execute __diesel_stmt_\S+: (.*?)\n(?:\S+ \S+ \S+ \[\d+\] )?DETAIL:  parameters: (.*?)\n"
        script = ""
        for statement, parameters in re.findall(pattern, said, re.S):
            if "waiting (name, items)" in statement:
                continue
            values = dict(re.findall(r"\$(\d+) = ('(?:[^']|'')*'|NULL)", parameters))
            script += re.sub(r"\$(\d+)", lambda it: values[it[1]], statement).replace("\n", " ") + ";\n"
        return script


def working(cluster):
    """Tickets that engineers are working on, the newest first."""
    return cluster.sql("select id from tickets where status = 'in_progress' order by id desc limit 2000").split()


def comments(token, tickets):
    return posts(token, [(f"/tickets/{it}/comments", {"body": f"Проверил порт {it}, ошибок нет."}) for it in tickets])


def moves(token, tickets):
    """To another status, each of them, and back."""
    there, back = {"to": "on_hold", "waiting_on": "repair", "comment": "Ждем."}, {"to": "in_progress", "comment": "Продолжаем."}
    return posts(token, [(f"/tickets/{it}/transitions", body) for body in (there, back) for it in tickets])
