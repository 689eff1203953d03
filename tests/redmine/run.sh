#!/usr/bin/env bash
# Stands a real Redmine up (Debian 12, as root), fills it in two variants, imports it, compares, changes it as
# people do, imports again and compares again. HELPDESK names the program; ISSUES=small leaves the 20,000
# seeded issues out.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
helpdesk=${HELPDESK:-$here/../../target/release/helpdesk}
export WORK=${WORK:-$(mktemp -d)}; chmod 755 "$WORK"
kit=$WORK/kit; cp -r "$here" "$kit"; chmod 755 "$kit"
"$kit/kit/setup.sh" all
source "$kit/kit/env.sh"
if [ "${ISSUES:-all}" = small ]; then
  sql -c 'delete from journal_details' -c 'delete from journals' -c 'delete from attachments' -c 'delete from custom_values' -c 'delete from issues'
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
import() { echo "== $*"; time "$helpdesk" import redmine --url "http://$HTTP" "$@"; }
import --write-map "$WORK/map.toml"
sed -i 's/private_issues = "stop"/private_issues = "support_only"/' "$WORK/map.toml"
import --map "$WORK/map.toml" --dry-run
import --map "$WORK/map.toml" --keep-keys
import --map "$WORK/map.toml" --verify
python3 "$kit/truth.py" "$DATABASE_URL" "$kit"/rich.v[12].json
python3 "$kit/change.py" "$kit/rich.v1.json" "http://$HTTP"
import --map "$WORK/map.toml" --delta
import --map "$WORK/map.toml" --sweep
import --map "$WORK/map.toml" --verify
import --map "$WORK/map.toml" --sweep | grep '^0 tickets are new, 0 were changed'
"$kit/kit/setup.sh" stop
echo "all of it is here"
