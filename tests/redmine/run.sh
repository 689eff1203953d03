#!/usr/bin/env bash
# Stands a real Redmine up (Debian 12, as root), fills it in two variants, imports it beside the time of reading
# alone, again while importer, PostgreSQL and Redmine are killed, compares, lets people work on both sides, follows,
# compares again, and lets old clients run against ours. HELPDESK names the program; ISSUES keeps so many of the
# 20,000 seeded issues; VARIANTS are those of the rich sets.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
helpdesk=${HELPDESK:-$here/../../target/release/helpdesk}
variants=${VARIANTS:-1 3}
export WORK=${WORK:-$(mktemp -d)}; mkdir -p "$WORK"; chmod 755 "$WORK"
kit=$WORK/kit; rm -rf "$kit"; cp -r "$here" "$kit"; chmod 755 "$kit"
"$kit/kit/setup.sh" all
source "$kit/kit/env.sh"
if [ "${ISSUES:-20000}" -lt 20000 ]; then
  sql -v most="$ISSUES" -f "$kit/fewer.sql"
fi
(cd "$kit" && KIT=$kit/kit ./rails.sh rich.rb)
truths=()
for variant in $variants; do
  truth=$kit/rich.v$variant.json; truths+=("$truth")
  (cd "$kit" && ./rich.py --base "http://$HTTP" --key "$KEY_ADMIN" --variant "$variant" --seed $((variant * 31)) --out "$truth")
  (cd "$kit" && KIT=$kit/kit ./rails.sh age.rb RICH="$truth")
done

as_pg psql -h 127.0.0.1 -p "$PGPORT_" -d postgres -qc 'drop database if exists helpdesk with (force)' -c 'create database helpdesk'
export DATABASE_URL=postgres://postgres@127.0.0.1:$PGPORT_/helpdesk HELPDESK_REDMINE_KEY=$KEY_ADMIN
export HELPDESK_DATA_DIR=$WORK/data HELPDESK_STORAGE_URL=file://$WORK/files
export HELPDESK_JWT_KEYS=tests:8Zt5SNgkqLw0Xh3mYb7RvCeKdPj2UaFo9sQi6Tn1Wz4=
mkdir -p "$HELPDESK_DATA_DIR"
# Rails, too, would take DATABASE_URL.
rm -f "$WORK/map.toml"
redmine() { env -u DATABASE_URL "$kit/kit/setup.sh" "$@"; }
command=("$helpdesk" import redmine --url "http://$HTTP" --map "$WORK/map.toml")
import() { echo "== $*"; SECONDS=0; "${command[@]}" "$@"; echo "$SECONDS s"; }
"$helpdesk" import redmine --url "http://$HTTP" --write-map "$WORK/map.toml"
sed -i 's/private_issues = "stop"/private_issues = "support_only"/' "$WORK/map.toml"
import --dry-run

# Its time beside that of reading alone, and its memory: what it holds at the end it holds after a third.
python3 "$kit/reading.py" "http://$HTTP" "$KEY_ADMIN" | tee "$WORK/reading.txt"
SECONDS=0; "${command[@]}" --keep-keys & pid=$!
while sleep 2 && kill -0 $pid 2> /dev/null; do awk '/VmRSS/ { print $2 }' /proc/$pid/status; done > "$WORK/memory.txt" || true
wait $pid; first=$SECONDS
alone=$(awk '{ print $(NF - 1) }' "$WORK/reading.txt")
awk -v first="$first" -v alone="$alone" '{ kilobytes[NR] = $1 } END {
  printf "the import took %d s, reading alone %d s: %.2f; memory %d MB after a third, %d MB at the end\n",
    first, alone, first / alone, kilobytes[int(NR / 3) + 1] / 1024, kilobytes[NR] / 1024 }' "$WORK/memory.txt"
import --verify
import --discard-import

# Ended three times on the way: by force, with its database, with its Redmine, which it waits for.
some=$((first / 5 + 1))
"${command[@]}" --keep-keys & pid=$!
sleep $some; kill -9 $pid || true; wait $pid || true
"${command[@]}" --keep-keys --patience 10 & pid=$!
sleep $some; as_pg "$PGBIN/pg_ctl" -D "$PGDIR" -m immediate -w stop; wait $pid && exit 1
redmine stop web; redmine start
(sleep $some; redmine stop web; sleep 10; redmine start) & pid=$!
import --keep-keys; wait $pid
import --verify
python3 "$kit/truth.py" "$DATABASE_URL" "${truths[@]}"

# The service runs from here on.
address=${SERVE:-127.0.0.1:3130}
admin=move@example.com
one_time=$("$helpdesk" create-admin --email $admin --first-name Администратор --last-name Переезда | grep -oE '[^ ]+$')
HELPDESK_BIND=$address HELPDESK_METRICS_BIND=${METRICS:-127.0.0.1:3131} HELPDESK_REDMINE_API=true \
  HELPDESK_RATE_TOKEN=off HELPDESK_RATE_PERSON=off HELPDESK_RATE_ADDRESS=off \
  HELPDESK_TICKET_URL='http://portal.example/tickets/{id}' "$helpdesk" serve > "$WORK/serve.log" 2>&1 & service=$!
until curl -sf -o /dev/null "http://$address/readyz"; do sleep 1; done
python3 "$kit/moved.py" "$DATABASE_URL" "http://$address" $admin "$one_time"
python3 "$kit/roles.py" "$DATABASE_URL" "http://$address" $admin "$one_time" "http://$HTTP" "$KEY_ADMIN" "${truths[@]}"

# People work on both sides.
python3 "$kit/change.py" "${truths[0]}" "http://$HTTP"
both=("http://$HTTP" "http://$address" "$KEY_ADMIN" "$KEY_ENG" "$WORK/meanwhile.json")
python3 "$kit/meanwhile.py" work "${both[@]}"
import --delta | tee "$WORK/delta.txt"
awk -v first="$first" '/^[0-9]+ s$/ { printf "--delta took %.2f of the first run\n", $1 / first }' "$WORK/delta.txt"
import --sweep | tee "$WORK/sweep.txt"
import --verify | tee "$WORK/verify.txt"
import --sweep | tee "$WORK/again.txt"
grep -q '^0 tickets are new, 0 were changed' "$WORK/again.txt"
python3 "$kit/meanwhile.py" check "${both[@]}" "$WORK/verify.txt"

# Old clients, each line as client2.expected has it.
python3 -m venv "$WORK/venv"; "$WORK/venv/bin/pip" install -q python-redmine==2.5.0
export BASE=http://$address/redmine
"$WORK/venv/bin/python" "$kit/client2.py" > "$WORK/ours.txt"
# The address that scripts change has a path of its own.
"$kit/client2.sh" | sed "s#'redmine/issues/N'#'issues/N'#" >> "$WORK/ours.txt"
kill $service; wait $service || true
python3 "$kit/clients.py" "$kit/client2.redmine.txt" "$WORK/ours.txt" "$kit/client2.expected"
redmine stop
echo "everything is as it should be"
