"""Load by wrk: requests as Lua, and what wrk says of them."""

import json
import os
import re
import subprocess
import sys
import tempfile

SECONDS = int(os.environ.get("BENCH_SECONDS", "5"))
UNITS = {"us": 0.001, "ms": 1, "s": 1000}


def gets(token, *paths):
    """Gets paths in turn."""
    listed = ", ".join(json.dumps(f"/api/v1{it}") for it in paths)
    return f"""wrk.headers["authorization"] = "Bearer {token}"
local paths, at = {{{listed}}}, 0
request = function() at = at % #paths + 1; return wrk.format("GET", paths[at]) end"""


def posts(token, calls):
    """Posts calls, pairs of a path and a body, in turn. The first request that wrk asks for it only looks at."""
    listed = ", ".join(f"{{{json.dumps(path)}, {json.dumps(json.dumps(body))}}}" for path, body in calls)
    return f"""local headers = {{authorization = "Bearer {token}", ["content-type"] = "application/json"}}
local calls, at = {{{listed}}}, -1
request = function()
  at = at % #calls + 1
  return wrk.format("POST", "/api/v1" .. calls[at][1], headers, calls[at][2])
end"""


def started(service, lua, connections, seconds):
    """A running wrk."""
    handle, script = tempfile.mkstemp(suffix=".lua", dir=service.data)
    told = 'response = function(status, _, body) if status >= 400 then print("refused:", status, body) end end'
    with open(handle, "w") as file:
        file.write(f"{lua}\n{told}\n")
    command = ["wrk", "-t1", "--latency", f"-c{connections}", f"-d{seconds}s", "-s", script, service.address]
    return subprocess.Popen(command, text=True, stdout=subprocess.PIPE)


def loaded(service, lua, connections=8, seconds=SECONDS):
    """What wrk says of this load; a response that is none ends the run."""
    said = started(service, lua, connections, seconds).communicate()[0]
    if "Non-2xx" in said:
        refused = [it for it in said.splitlines() if it.startswith("refused:")]
        sys.exit(f"{refused[0]}\n{open(service.log).read()[-2000:]}")
    return said


def rate(said):
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


def count(said):
    return int(re.search(r"(\d+) requests in", said)[1])


def latency(said, percent):
    """Milliseconds within which so many of the responses came."""
    number, unit = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s)", said).groups()
    return float(number) * UNITS[unit]
