"""openapi-python-client, with default settings."""

import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO

from helpdesk_client import AuthenticatedClient, Client
from helpdesk_client.api.audit import audit_log_list
from helpdesk_client.api.auth import auth_login
from helpdesk_client.api.comments import comments_create
from helpdesk_client.api.me import me_get
from helpdesk_client.api.projects import projects_list
from helpdesk_client.api.settings import settings_sla_get, settings_sla_update
from helpdesk_client.api.tickets import (
    tickets_create,
    tickets_history_list,
    tickets_list,
    tickets_redact,
    tickets_transition,
)
from helpdesk_client.api.uploads import uploads_create
from helpdesk_client.api.webhooks import webhooks_create, webhooks_test
from helpdesk_client.models import (
    AttachmentCreate,
    CommentCreate,
    EventMessage,
    Login,
    PingMessage,
    Priority,
    Problem,
    Sla,
    Status,
    StatusFilter,
    TicketCreate,
    TicketRedaction,
    TicketText,
    Tracker,
    TransitionCreate,
    UploadForm,
    WebhookCreate,
)
from helpdesk_client.types import File

BASE = os.environ.get("HELPDESK", "http://127.0.0.1:8080")
PASSWORD = "Demo-2026-portal"
MESSAGES = []


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        of = PingMessage if body["type"] == "webhook.ping" else EventMessage
        MESSAGES.append(of.from_dict(body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def message(kind):
    for _ in range(100):
        for it in MESSAGES:
            if it.type_ == kind:
                return it
        time.sleep(0.1)
    raise SystemExit(f"no {kind} came")


def whole(answer):
    if isinstance(answer, Problem) or answer is None:
        raise SystemExit(f"refused: {answer}")
    return answer


def signed_in(name):
    login = Login(email=f"{name}@helpdesk.example", password=PASSWORD)
    tokens = whole(auth_login.sync(client=Client(base_url=BASE), body=login))
    return AuthenticatedClient(base_url=BASE, token=tokens.access_token)


customer, engineer, admin = signed_in("customer"), signed_in("engineer"), signed_in("admin")
print("signed in as", whole(me_get.sync(client=customer)).name)

server = HTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/hook"
hook = whole(webhooks_create.sync(client=admin, body=WebhookCreate(url=url)))
whole(webhooks_test.sync(hook.id, client=admin))
print("pinged webhook", message("webhook.ping").data.webhook_id)

file = File(payload=BytesIO(b"log of the gateway"), file_name="gateway.log")
upload = whole(uploads_create.sync(client=customer, body=UploadForm(file=file)))
print("uploaded", upload.filename, upload.size)

project = whole(projects_list.sync(client=customer)).items[0]
new = TicketCreate(
    project_id=project.id,
    tracker=Tracker.BUG,
    priority=Priority.HIGH,
    subject=f"No sound, openapi-python-client {time.time()}",
    description=f"Since {time.ctime()} subscribers hear us, we do not hear them.",
    product_name="SMG-1016M",
    steps="Password: 12345",
    attachments=[AttachmentCreate(upload_id=upload.id)],
)
key = f"python-{time.time()}"
filed = whole(tickets_create.sync(client=customer, body=new, idempotency_key=key))
print("filed", filed.id, "with", len(filed.hints), "hints")

move = TransitionCreate(to=Status.IN_PROGRESS)
taken = whole(tickets_transition.sync(filed.id, client=engineer, body=move))
said = CommentCreate(body="Please send a dump of port 1.")
comment = whole(comments_create.sync(filed.id, client=engineer, body=said))
print("taken:", taken.status.value, "comment", comment.id, comment.created_at)

both = [StatusFilter.IN_PROGRESS, StatusFilter.FEEDBACK]
page = whole(tickets_list.sync(client=engineer, status=both, limit=5))
print("listed", len(page.items), {it.status.value for it in page.items})

redaction = TicketRedaction(field=TicketText.STEPS, reason="It was a password.")
whole(tickets_redact.sync(filed.id, client=admin, body=redaction))
history = whole(tickets_history_list.sync(filed.id, client=engineer)).items
redacted = next(it for it in history if it.type_ == "ticket.redacted")
print("history", len(history), "redacted", redacted.changes["steps"].to_dict())

sla = whole(settings_sla_get.sync(client=admin)).to_dict()
sla["reminder_days"] = [14, 3] if 9 in sla["reminder_days"] else [14, 9, 3]
whole(settings_sla_update.sync(client=admin, body=Sla.from_dict(sla)))
entries = whole(audit_log_list.sync(client=admin)).items
change = next(it for it in entries if it.action == "settings_sla_update")
print("audit", change.changes["reminder_days"].to_dict())

event = message("ticket.created")
print("event", event.type_, event.data.ticket_id)
refused = tickets_transition.sync(filed.id, client=customer, body=TransitionCreate(to=Status.CLOSED))
print("refused", refused.status, refused.code, [it.value for it in refused.allowed])
