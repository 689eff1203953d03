// @hey-api/openapi-ts, with default settings.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createClient } from "./client/client";
import * as api from "./client/sdk.gen";
import type { WebhookMessage } from "./client/types.gen";

const BASE = process.env.HELPDESK ?? "http://127.0.0.1:8080";
const PASSWORD = "Demo-2026-portal";

function whole<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data === undefined) {
    throw new Error(`${answer.response.status} ${JSON.stringify(answer.error)}`);
  }
  return answer.data;
}

async function signedIn(name: string) {
  const anonymous = createClient({ baseUrl: BASE });
  const body = { email: `${name}@helpdesk.example`, password: PASSWORD };
  const tokens = whole(await api.authLogin({ client: anonymous, body }));
  return createClient({ baseUrl: BASE, auth: () => tokens.access_token });
}

function receiver(): Promise<{ url: string; message: (type: string) => Promise<WebhookMessage> }> {
  const got: WebhookMessage[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => (text += chunk));
    request.on("end", () => {
      got.push(JSON.parse(text) as WebhookMessage);
      response.end();
    });
  });
  server.unref();
  const message = async (type: string) => {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const found = got.find((it) => it.type === type);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`no ${type} came`);
  };
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      resolve({ url: `http://127.0.0.1:${port}/hook`, message });
    }),
  );
}

async function main() {
  const [customer, engineer, admin] = await Promise.all(
    ["customer", "engineer", "admin"].map(signedIn),
  );
  console.log("signed in as", whole(await api.meGet({ client: customer })).name);

  const hooks = await receiver();
  const hook = whole(await api.webhooksCreate({ client: admin, body: { url: hooks.url } }));
  whole(await api.webhooksTest({ client: admin, path: { id: hook.id } }));
  const ping = await hooks.message("webhook.ping");
  if ("webhook_id" in ping.data) console.log("pinged webhook", ping.data.webhook_id);

  const file = new File(["log of the gateway"], "gateway.log");
  const upload = whole(await api.uploadsCreate({ client: customer, body: { file } }));
  console.log("uploaded", upload.filename, upload.size);

  const project = whole(await api.projectsList({ client: customer })).items[0];
  const filed = whole(
    await api.ticketsCreate({
      client: customer,
      headers: { "Idempotency-Key": `hey-${Date.now()}` },
      body: {
        project_id: project.id,
        tracker: "bug",
        priority: "high",
        subject: `No sound, hey-api ${Date.now()}`,
        description: `Since ${new Date().toISOString()} subscribers hear us, we do not hear them.`,
        product_name: "SMG-1016M",
        steps: "Password: 12345",
        attachments: [{ upload_id: upload.id }],
      },
    }),
  );
  const path = { id: filed.id };
  console.log("filed", filed.id, "with", filed.hints.length, "hints");

  const files = whole(await api.attachmentsList({ client: engineer, path }));
  const download = { client: engineer, path: { id: files.items[0].id } };
  const content = whole(await api.attachmentsDownload({ ...download, parseAs: "text" }));
  assert.equal(content, "log of the gateway");
  console.log("downloaded", content);
  const link = whole(await api.attachmentsLinkCreate(download));
  console.log("by link", await (await fetch(link.url)).text());

  const taken = whole(
    await api.ticketsTransition({ client: engineer, path, body: { to: "in_progress" } }),
  );
  const said = { body: "Please send a dump of port 1." };
  const comment = whole(await api.commentsCreate({ client: engineer, path, body: said }));
  console.log("taken:", taken.status, "comment", comment.id, comment.created_at);

  const list = whole(
    await api.ticketsList({
      client: engineer,
      query: { status: ["in_progress", "feedback"], limit: 5 },
    }),
  );
  const states = new Set(list.items.map((it) => it.status));
  assert([...states].every((it) => it === "in_progress" || it === "feedback"));
  console.log("listed", list.items.length, states);

  const query = { expand: ["comments", "history"] as ("comments" | "history")[] };
  const ticket = whole(await api.ticketsGet({ client: engineer, path, query }));
  assert.deepEqual(ticket.comments?.map((it) => it.id), [comment.id]);
  console.log("expanded", ticket.comments?.length, "comment,", ticket.history?.length, "events");

  const redaction = { field: "steps", reason: "It was a password." } as const;
  whole(await api.ticketsRedact({ client: admin, path, body: redaction }));
  const history = whole(await api.ticketsHistoryList({ client: engineer, path }));
  const redacted = history.items.find((it) => it.type === "ticket.redacted");
  console.log("history", history.items.length, "redacted", JSON.stringify(redacted?.changes.steps));

  const sla = whole(await api.settingsSlaGet({ client: admin }));
  const days = sla.reminder_days.includes(8) ? [14, 3] : [14, 8, 3];
  whole(await api.settingsSlaUpdate({ client: admin, body: { ...sla, reminder_days: days } }));
  const audit = whole(await api.auditLogList({ client: admin }));
  const change = audit.items.find((it) => it.action === "settings_sla_update");
  console.log("audit", JSON.stringify(change?.changes?.reminder_days));

  const feed = whole(await api.eventsList({ client: engineer, query: { ticket_id: filed.id } }));
  assert.equal(feed.items[0].type, "ticket.created");
  console.log("feed", feed.items.map((it) => it.type));

  const event = await hooks.message("ticket.created");
  assert("changes" in event.data && event.data.ticket_id === filed.id);
  console.log("event", event.type, event.data.ticket_id);
  const refused = await api.ticketsTransition({ client: customer, path, body: { to: "closed" } });
  assert.equal(refused.error?.code, "transition_not_allowed");
  console.log("refused", refused.response?.status, refused.error?.code, refused.error?.allowed);
}

main().then(
  () => process.exit(0),
  (cause) => {
    console.error(cause);
    process.exit(1);
  },
);
