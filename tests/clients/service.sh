# A service of its own with demo data; webhooks may reach this machine. It ends with the
# script that sources this. Needs ROOT and WORK; HELPDESK_BINARY may name a program that is built already.
export HELPDESK_DATA_DIR="/var/tmp/helpdesk-clients-$$"
export HELPDESK_BIND=127.0.0.1:18081 HELPDESK_METRICS_BIND=127.0.0.1:19465
export HELPDESK_WEBHOOK_ALLOW_PRIVATE=true HELPDESK_LOG=warn
export HELPDESK=http://$HELPDESK_BIND
[ -n "${HELPDESK_BINARY:-}" ] || (cd "$ROOT" && cargo build --quiet --bin helpdesk)
PROGRAM=${HELPDESK_BINARY:-$ROOT/target/debug/helpdesk}
"$PROGRAM" demo
"$PROGRAM" serve > "$WORK/service.log" 2>&1 &
SERVICE=$!
trap 'kill $SERVICE; wait $SERVICE || true; rm -rf "$HELPDESK_DATA_DIR"' EXIT
for _ in $(seq 100); do
    curl -sf "$HELPDESK/readyz" >/dev/null && break
    sleep 0.2
done
