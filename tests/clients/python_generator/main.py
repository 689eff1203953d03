"""openapi-generator's `python`, with default settings."""

import os
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import openapi_client as api

BASE = os.environ.get("HELPDESK", "http://127.0.0.1:8080")
PASSWORD = "Demo-2026-portal"
MESSAGES = []


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        MESSAGES.append(api.WebhookMessage.from_json(body).actual_instance)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def message(kind):
    for _ in range(100):
        for it in MESSAGES:
            if it.type == kind:
                return it
        time.sleep(0.1)
    raise SystemExit(f"no {kind} came")


def signed_in(name):
    anonymous = api.AuthApi(api.ApiClient(api.Configuration(host=BASE)))
    login = api.Login(email=f"{name}@helpdesk.example", password=PASSWORD)
    tokens = anonymous.auth_login(login)
    return api.ApiClient(api.Configuration(host=BASE, access_token=tokens.access_token))


customer, engineer, admin = signed_in("customer"), signed_in("engineer"), signed_in("admin")
print("signed in as", api.MeApi(customer).me_get().name)

server = HTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/hook"
hook = api.WebhooksApi(admin).webhooks_create(api.WebhookCreate(url=url))
api.WebhooksApi(admin).webhooks_test(hook.id)
print("pinged webhook", message("webhook.ping").data.webhook_id)

upload = api.UploadsApi(customer).uploads_create(file=("gateway.log", b"log of the gateway"))
print("uploaded", upload.filename, upload.size)

project = api.ProjectsApi(customer).projects_list().items[0]
new = api.TicketCreate(
    project_id=project.id,
    tracker=api.Tracker.BUG,
    priority=api.Priority.HIGH,
    subject=f"No sound, openapi-generator {time.time()}",
    description=f"Since {time.ctime()} subscribers hear us, we do not hear them.",
    product_name="SMG-1016M",
    steps="Password: 12345",
    attachments=[api.AttachmentCreate(upload_id=upload.id)],
)
filed = api.TicketsApi(customer).tickets_create(new, idempotency_key=f"python-{time.time()}")
print("filed", filed.id, "with", len(filed.hints), "hints")

move = api.TransitionCreate(to=api.Status.IN_PROGRESS)
taken = api.TicketsApi(engineer).tickets_transition(filed.id, move)
said = api.CommentCreate(body="Please send a dump of port 1.")
comment = api.CommentsApi(engineer).comments_create(filed.id, said)
print("taken:", taken.status.value, "comment", comment.id, comment.created_at)

both = [api.StatusFilter.IN_PROGRESS, api.StatusFilter.FEEDBACK]
page = api.TicketsApi(engineer).tickets_list(status=both, limit=5)
print("listed", len(page.items), {it.status.value for it in page.items})

redaction = api.TicketRedaction(field=api.TicketText.STEPS, reason="It was a password.")
api.TicketsApi(admin).tickets_redact(filed.id, redaction)
history = api.TicketsApi(engineer).tickets_history_list(filed.id).items
redacted = next(it for it in history if it.type == "ticket.redacted")
print("history", len(history), "redacted", redacted.changes["steps"])

settings = api.SettingsApi(admin)
sla = settings.settings_sla_get().to_dict()
sla["reminder_days"] = [14, 3] if 9 in sla["reminder_days"] else [14, 9, 3]
settings.settings_sla_update(api.Sla.from_dict(sla))
entries = api.AuditApi(admin).audit_log_list().items
change = next(it for it in entries if it.action == "settings_sla_update")
print("audit", change.changes["reminder_days"])

event = message("ticket.created")
print("event", event.type, event.data.ticket_id)
try:
    closing = api.TransitionCreate(to=api.Status.CLOSED)
    api.TicketsApi(customer).tickets_transition(filed.id, closing)
    raise SystemExit("the move was not refused")
except api.ApiException as refused:
    print("refused", refused.status, refused.data.code, [it.value for it in refused.data.allowed])
