"""openapi-generator's `python`, with default settings."""

import time

import openapi_client as api
from shared import BASE, PASSWORD, Receiver, new_request


def signed_in(name):
    anonymous = api.AuthApi(api.ApiClient(api.Configuration(host=BASE)))
    login = api.Login(email=f"{name}@helpdesk.example", password=PASSWORD)
    tokens = anonymous.auth_login(login)
    return api.ApiClient(api.Configuration(host=BASE, access_token=tokens.access_token))


customer, engineer, admin = signed_in("customer"), signed_in("engineer"), signed_in("admin")
print("signed in as", api.MeApi(customer).me_get().name)

receiver = Receiver(
    lambda it: api.WebhookMessage.from_json(it).actual_instance, lambda it: it.type
)
hook = api.WebhooksApi(admin).webhooks_create(api.WebhookCreate(url=receiver.url))
api.WebhooksApi(admin).webhooks_test(hook.id)
print("pinged webhook", receiver.message("webhook.ping").data.webhook_id)

upload = api.UploadsApi(customer).uploads_create(file=("gateway.log", b"log of the gateway"))
print("uploaded", upload.filename, upload.size)

project = api.ProjectsApi(customer).projects_list().items[0]
new = api.TicketCreate.from_dict(new_request(project.id, upload.id, "openapi-generator"))
filed = api.TicketsApi(customer).tickets_create(new, idempotency_key=f"python-{time.time()}")
print("filed", filed.id, "with", len(filed.hints), "hints")

file = api.AttachmentsApi(engineer).attachments_list(filed.id).items[0]
content = api.AttachmentsApi(engineer).attachments_download(file.id)
assert content == b"log of the gateway"
print("downloaded", content)

move = api.TransitionCreate(to=api.Status.IN_PROGRESS)
taken = api.TicketsApi(engineer).tickets_transition(filed.id, move)
said = api.CommentCreate(body="Please send a dump of port 1.")
comment = api.CommentsApi(engineer).comments_create(filed.id, said)
print("taken:", taken.status.value, "comment", comment.id, comment.created_at)

both = [api.StatusFilter.STATUS_FILTER_IN_PROGRESS, api.StatusFilter.STATUS_FILTER_FEEDBACK]
page = api.TicketsApi(engineer).tickets_list(status=both, limit=5)
states = {it.status.value for it in page.items}
assert states and states <= {"in_progress", "feedback"}
print("listed", len(page.items), states)

expand = [api.Expansion.EXPANSION_COMMENTS, api.Expansion.EXPANSION_HISTORY]
ticket = api.TicketsApi(engineer).tickets_get(filed.id, expand=expand)
assert [it.id for it in ticket.comments] == [comment.id]
print("expanded", len(ticket.comments), "comment,", len(ticket.history), "events")

redaction = api.TicketRedaction(field=api.TicketText.TICKET_TEXT_STEPS, reason="It was a password.")
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

feed = [it.type for it in api.EventsApi(engineer).events_list(ticket_id=filed.id).items]
assert feed[0] == "ticket.created" and feed[-1] == "ticket.redacted"
print("feed", feed)

event = receiver.message("ticket.created")
assert event.data.ticket_id == filed.id
print("event", event.type, event.data.ticket_id)
try:
    closing = api.TransitionCreate(to=api.Status.CLOSED)
    api.TicketsApi(customer).tickets_transition(filed.id, closing)
    raise SystemExit("the move was not refused")
except api.ApiException as refused:
    print("refused", refused.status, refused.data.code, [it.value for it in refused.data.allowed])
