#!/usr/bin/env bash
# Stands a real Redmine up (Debian 12, as root), fills it in two variants, imports it while importer, PostgreSQL
# and Redmine are killed, compares, changes it as people do, imports again, compares again, and lets old clients
# run against ours. HELPDESK names the program; ISSUES keeps so many of the 20,000 seeded issues.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
helpdesk=${HELPDESK:-$here/../../target/release/helpdesk}
export WORK=${WORK:-$(mktemp -d)}; mkdir -p "$WORK"; chmod 755 "$WORK"
kit=$WORK/kit; rm -rf "$kit"; cp -r "$here" "$kit"; chmod 755 "$kit"
"$kit/kit/setup.sh" all
source "$kit/kit/env.sh"
if [ "${ISSUES:-20000}" -lt 20000 ]; then
  sql -v most="$ISSUES" -f "$kit/fewer.sql"
fi
(cd "$kit" && KIT=$kit/kit ./rails.sh rich.rb)
for variant in 1 2; do
  (cd "$kit" && ./rich.py --base "http://$HTTP" --key "$KEY_ADMIN" --variant $variant --seed $((variant * 31)) --out "$kit/rich.v$variant.json")
  (cd "$kit" && KIT=$kit/kit ./rails.sh age.rb RICH="$kit/rich.v$variant.json")
done

as_pg psql -h 127.0.0.1 -p "$PGPORT_" -d postgres -qc 'drop database if exists helpdesk with (force)' -c 'create database helpdesk'
export DATABASE_URL=postgres://postgres@127.0.0.1:$PGPORT_/helpdesk HELPDESK_REDMINE_KEY=$KEY_ADMIN
export HELPDESK_DATA_DIR=$WORK/data HELPDESK_STORAGE_URL=file://$WORK/files
export HELPDESK_JWT_KEYS=tests:8Zt5SNgkqLw0Xh3mYb7RvCeKdPj2UaFo9sQi6Tn1Wz4=
mkdir -p "$HELPDESK_DATA_DIR"
# Rails, too, would take DATABASE_URL.
redmine() { env -u DATABASE_URL "$kit/kit/setup.sh" "$@"; }
import() { echo "== $*"; time "$helpdesk" import redmine --url "http://$HTTP" "$@"; }
import --write-map "$WORK/map.toml"
sed -i 's/private_issues = "stop"/private_issues = "support_only"/' "$WORK/map.toml"
import --map "$WORK/map.toml" --dry-run

# Ended three times on the way: by force, with its database, with its Redmine, which it waits for.
"$helpdesk" import redmine --url "http://$HTTP" --map "$WORK/map.toml" --keep-keys & pid=$!
sleep 30; kill -9 $pid || true; wait $pid || true
"$helpdesk" import redmine --url "http://$HTTP" --map "$WORK/map.toml" --keep-keys & pid=$!
sleep 30; as_pg "$PGBIN/pg_ctl" -D "$PGDIR" -m immediate -w stop; wait $pid && exit 1
redmine stop web; redmine start
(sleep 30; redmine stop web; sleep 10; redmine start) &
import --map "$WORK/map.toml" --keep-keys; wait
import --map "$WORK/map.toml" --verify
python3 "$kit/truth.py" "$DATABASE_URL" "$kit"/rich.v[12].json

python3 "$kit/change.py" "$kit/rich.v1.json" "http://$HTTP"
import --map "$WORK/map.toml" --delta
import --map "$WORK/map.toml" --sweep
import --map "$WORK/map.toml" --verify
import --map "$WORK/map.toml" --sweep | grep '^0 tickets are new, 0 were changed'

# Old clients, each line as clients.expected has it.
python3 -m venv "$WORK/venv"; "$WORK/venv/bin/pip" install -q python-redmine==2.5.0
address=${SERVE:-127.0.0.1:3130}
HELPDESK_BIND=$address HELPDESK_METRICS_BIND=${METRICS:-127.0.0.1:3131} HELPDESK_REDMINE_API=true \
  HELPDESK_RATE_TOKEN=off HELPDESK_RATE_PERSON=off HELPDESK_RATE_ADDRESS=off \
  HELPDESK_TICKET_URL='http://portal.example/tickets/{id}' "$helpdesk" serve > "$WORK/serve.log" 2>&1 & pid=$!
until curl -sf -o /dev/null "http://$address/readyz"; do sleep 1; done
export BASE=http://$address/redmine
"$WORK/venv/bin/python" "$kit/client2.py" > "$WORK/ours.txt"
# The address that scripts change has a path of its own.
"$kit/client2.sh" | sed "s#'redmine/issues/N'#'issues/N'#" >> "$WORK/ours.txt"
kill $pid; wait $pid || true
python3 "$kit/clients.py" "$kit/client2.redmine.txt" "$WORK/ours.txt" "$kit/client2.expected"
redmine stop
echo "all of it is here"
