"""openapi-python-client, with default settings."""

import json
import time
from io import BytesIO

from helpdesk_client import AuthenticatedClient, Client
from helpdesk_client.api.attachments import attachments_download, attachments_list
from helpdesk_client.api.audit import audit_log_list
from helpdesk_client.api.auth import auth_login
from helpdesk_client.api.comments import comments_create
from helpdesk_client.api.events import events_list
from helpdesk_client.api.me import me_get
from helpdesk_client.api.projects import projects_list
from helpdesk_client.api.settings import settings_sla_get, settings_sla_update
from helpdesk_client.api.tickets import (
    tickets_create,
    tickets_get,
    tickets_history_list,
    tickets_list,
    tickets_redact,
    tickets_transition,
)
from helpdesk_client.api.uploads import uploads_create
from helpdesk_client.api.webhooks import webhooks_create, webhooks_test
from helpdesk_client.models import (
    CommentCreate,
    EventMessage,
    Expansion,
    Login,
    PingMessage,
    Problem,
    Sla,
    Status,
    StatusFilter,
    TicketCreate,
    TicketRedaction,
    TicketText,
    TransitionCreate,
    UploadForm,
    WebhookCreate,
)
from helpdesk_client.types import File
from shared import BASE, PASSWORD, Receiver, new_request


def read(text):
    body = json.loads(text)
    of = PingMessage if body["type"] == "webhook.ping" else EventMessage
    return of.from_dict(body)


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

receiver = Receiver(read, lambda it: it.type_)
hook = whole(webhooks_create.sync(client=admin, body=WebhookCreate(url=receiver.url)))
whole(webhooks_test.sync(hook.id, client=admin))
print("pinged webhook", receiver.message("webhook.ping").data.webhook_id)

file = File(payload=BytesIO(b"log of the gateway"), file_name="gateway.log")
upload = whole(uploads_create.sync(client=customer, body=UploadForm(file=file)))
print("uploaded", upload.filename, upload.size)

project = whole(projects_list.sync(client=customer)).items[0]
new = TicketCreate.from_dict(new_request(project.id, upload.id, "openapi-python-client"))
key = f"python-{time.time()}"
filed = whole(tickets_create.sync(client=customer, body=new, idempotency_key=key))
print("filed", filed.id, "with", len(filed.hints), "hints")

file = whole(attachments_list.sync(filed.id, client=engineer)).items[0]
content = whole(attachments_download.sync(file.id, client=engineer)).payload.read()
assert content == b"log of the gateway"
print("downloaded", content)

move = TransitionCreate(to=Status.IN_PROGRESS)
taken = whole(tickets_transition.sync(filed.id, client=engineer, body=move))
said = CommentCreate(body="Please send a dump of port 1.")
comment = whole(comments_create.sync(filed.id, client=engineer, body=said))
print("taken:", taken.status.value, "comment", comment.id, comment.created_at)

both = [StatusFilter.STATUS_FILTER_IN_PROGRESS, StatusFilter.STATUS_FILTER_FEEDBACK]
page = whole(tickets_list.sync(client=engineer, status=both, limit=5))
states = {it.status.value for it in page.items}
assert states and states <= {"in_progress", "feedback"}
print("listed", len(page.items), states)

expand = [Expansion.EXPANSION_COMMENTS, Expansion.EXPANSION_HISTORY]
ticket = whole(tickets_get.sync(filed.id, client=engineer, expand=expand))
assert [it.id for it in ticket.comments] == [comment.id]
print("expanded", len(ticket.comments), "comment,", len(ticket.history), "events")

redaction = TicketRedaction(field=TicketText.TICKET_TEXT_STEPS, reason="It was a password.")
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

feed = [it.type_ for it in whole(events_list.sync(client=engineer, ticket_id=filed.id)).items]
assert feed[0] == "ticket.created" and feed[-1] == "ticket.redacted"
print("feed", feed)

event = receiver.message("ticket.created")
assert event.data.ticket_id == filed.id
print("event", event.type_, event.data.ticket_id)
refused = tickets_transition.sync(filed.id, client=customer, body=TransitionCreate(to=Status.CLOSED))
assert isinstance(refused, Problem)
print("refused", refused.status, refused.code, [it.value for it in refused.allowed])
