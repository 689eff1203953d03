"""A process of the service on a cluster."""

import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

from cluster import used

BINARY = os.environ.get("BENCH_BINARY", "target/release/helpdesk")
PASSWORD = "Demo-2026-portal"
LIMITS = ["RATE_PERSON", "RATE_TOKEN", "RATE_ADDRESS", "QUOTA_TICKETS", "QUOTA_COMMENTS"]


class Service:
    def __init__(self, cluster, port, pool=8):
        self.cluster, self.port, self.address = cluster, port, f"http://127.0.0.1:{port}"
        self.data = tempfile.mkdtemp(prefix="service-", dir=cluster.folder)
        self.log = f"{self.data}/log"
        self.env = {
            **os.environ,
            "DATABASE_URL": cluster.url,
            "HELPDESK_JWT_KEYS": "bench:" + "YmVuY2gtYmVuY2gtYmVuY2gtYmVuY2gtYmVuY2gtYmU=",
            "HELPDESK_STORAGE_URL": f"file://{cluster.folder}/files",
            "HELPDESK_DATA_DIR": self.data,
            "HELPDESK_BIND": f"127.0.0.1:{port}",
            "HELPDESK_METRICS_BIND": "127.0.0.1:0",
            "HELPDESK_POOL": str(pool),
            "HELPDESK_PERSON_CONCURRENCY": "200",
            "HELPDESK_LOG": "warn",
            "HELPDESK_ACCESS_TTL": "86400",
            **{f"HELPDESK_{it}": "off" for it in LIMITS},
        }
        self.process = None

    def command(self, *arguments):
        """Runs a command to its end; returns the seconds that it took."""
        began = time.monotonic()
        subprocess.run([BINARY, *arguments], check=True, env=self.env, stdout=subprocess.DEVNULL)
        return time.monotonic() - began

    def start(self):
        log = open(self.log, "w")
        self.process = subprocess.Popen([BINARY, "serve"], env=self.env, stdout=log, stderr=log)
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{self.address}/readyz")
                return self
            except OSError:
                time.sleep(0.1)
        sys.exit(open(self.log).read())

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()

    def request(self, method, path, body=None, token=None, accept="application/json"):
        headers = {"content-type": "application/json", "accept": accept}
        if token:
            headers["authorization"] = f"Bearer {token}"
        data = json.dumps(body).encode() if body is not None else None
        return urllib.request.Request(f"{self.address}/api/v1{path}", data, headers, method=method)

    def call(self, method, path, body=None, token=None):
        return json.load(urllib.request.urlopen(self.request(method, path, body, token), timeout=120))

    def sign_in(self, name):
        login = {"email": f"{name}@helpdesk.example", "password": PASSWORD}
        return self.call("POST", "/auth/login", login)["access_token"]

    def took(self, path, token, warm=7, calls=5):
        """How long a GET takes on one connection that stays open, in milliseconds: the median."""
        connection, took = http.client.HTTPConnection("127.0.0.1", self.port), []
        for _ in range(warm + calls):
            began = time.monotonic()
            connection.request("GET", f"/api/v1{path}", headers={"authorization": f"Bearer {token}"})
            response = connection.getresponse()
            body = response.read()
            took.append((time.monotonic() - began) * 1000)
            if response.status != 200:
                sys.exit(f"{path}: {response.status} {body.decode()}")
        return sorted(took[warm:])[calls // 2]

    def cpu(self):
        return used(self.process.pid)

    def memory(self, which="VmRSS"):
        """Resident MiB; with `VmHWM` their maximum since `forget_peak`."""
        status = open(f"/proc/{self.process.pid}/status").read()
        return int(re.search(rf"{which}:\s+(\d+)", status)[1]) / 1024

    def forget_peak(self):
        open(f"/proc/{self.process.pid}/clear_refs", "w").write("5")


def settled(cluster):
    """Waits until everything that follows from what was done is done, too."""
    waits = """select (select count(*) from feed_waiting)
        + (select count(*) from event_consumers
           where name <> 'nobody' and last_position < (select coalesce(max(position), 0) from feed))
        + (select count(*) from mails where sent_at is null and dead_at is null and due_at <= now() + interval '1 minute')"""
    for _ in range(600):
        if cluster.sql(waits) == "0":
            return
        time.sleep(0.1)
    print("(what follows is not done after a minute)", flush=True)
