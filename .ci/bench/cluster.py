"""A PostgreSQL of our own, and what its processes use."""

import glob
import os
import pwd
import shutil
import subprocess
import sys
import tempfile

TICK = os.sysconf("SC_CLK_TCK")
SETTINGS = [
    "listen_addresses = ''",
    "shared_buffers = '512MB'",
    "max_wal_size = '4GB'",
    "jit = off",
]


def bindir():
    places = [os.environ.get("PG_BIN", "")] + sorted(glob.glob("/usr/lib/postgresql/*/bin"))[::-1]
    found = next((it for it in places if it and os.path.exists(f"{it}/initdb")), None)
    return found or os.path.dirname(shutil.which("initdb") or sys.exit("PostgreSQL is missing"))


class Cluster:
    """A PostgreSQL in a folder: in that one and kept if one is named, otherwise in one that goes away with it."""

    def __init__(self, folder=None):
        self.is_kept = folder is not None
        self.user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        self.folder = folder or tempfile.mkdtemp(prefix="helpdesk-bench-", dir="/var/tmp")
        os.makedirs(self.folder, exist_ok=True)
        shutil.chown(self.folder, self.user)
        self.data, self.bin = f"{self.folder}/data", bindir()
        self.log = f"{self.folder}/log"
        if not os.path.exists(self.data):
            self.run("initdb", "-D", self.data, "-U", "bench", "-A", "trust")
            with open(f"{self.data}/postgresql.conf", "a") as conf:
                conf.write("\n".join([*SETTINGS, f"unix_socket_directories = '{self.folder}'"]) + "\n")
        self.run("pg_ctl", "-D", self.data, "-l", self.log, "-w", "-t", "600", "start")
        self.url = f"postgres://bench@localhost/postgres?host={self.folder}"
        self.postmaster = int(open(f"{self.data}/postmaster.pid").readline())

    def run(self, program, *arguments, env=None):
        switch = ["runuser", "-u", self.user, "--"] if os.getuid() == 0 else []
        subprocess.run([*switch, f"{self.bin}/{program}", *arguments], check=True, cwd="/", stdout=subprocess.DEVNULL,
                       env={**os.environ, **(env or {})})

    def sql(self, text, *options):
        psql = ["psql", "-AtqX", "-v", "ON_ERROR_STOP=1", *options, "-h", self.folder, "-U", "bench", "postgres"]
        return subprocess.run(psql, input=text, text=True, check=True, capture_output=True).stdout.strip()

    def multiply(self, times):
        """So many times as many tickets, by copies of those that `demo --tickets` made, and their indexes anew."""
        self.sql("alter system set autovacuum = off; select pg_reload_conf()")
        self.sql(open(f"{os.path.dirname(__file__)}/multiply.sql").read(), "-v", f"times={times}")
        tables = self.sql("select distinct indrelid::regclass from pg_index where not indisvalid").split()
        self.run("reindexdb", "-j2", "-h", self.folder, "-U", "bench", *[f"--table={it}" for it in tables], "postgres",
                 env={"PGOPTIONS": "-c maintenance_work_mem=1GB"})
        self.sql("alter system reset autovacuum; select pg_reload_conf()")

    def cpu(self):
        """Seconds of all its processes, those that ended included."""
        children = open(f"/proc/{self.postmaster}/task/{self.postmaster}/children").read().split()
        return used(self.postmaster, ended=True) + sum(used(int(it)) for it in children)

    def is_filled(self):
        """Whether an earlier run filled it."""
        return os.path.exists(f"{self.folder}/filled")

    def mark_filled(self):
        open(f"{self.folder}/filled", "w").close()

    def end(self):
        self.run("pg_ctl", "-D", self.data, "-m", "fast", "-t", "600", "stop")
        if not self.is_kept:
            shutil.rmtree(self.folder, ignore_errors=True)


def used(pid, ended=False):
    """Seconds of a process; of one that is gone none."""
    try:
        fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    except FileNotFoundError:
        return 0.0
    ticks = [int(fields[11]), int(fields[12])] + ([int(fields[13]), int(fields[14])] if ended else [])
    return sum(ticks) / TICK
