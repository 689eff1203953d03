// openapi-typescript and openapi-fetch, with default settings.
import createClient from "openapi-fetch";
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { components, paths } from "./schema";

type Message = components["schemas"]["WebhookMessage"];

const BASE = process.env.HELPDESK ?? "http://127.0.0.1:8080";
const PASSWORD = "Demo-2026-portal";

function whole<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data === undefined) {
    throw new Error(`${answer.response.status} ${JSON.stringify(answer.error)}`);
  }
  return answer.data;
}

async function signedIn(name: string) {
  const anonymous = createClient<paths>({ baseUrl: BASE });
  const email = `${name}@helpdesk.example`;
  const body = { email, password: PASSWORD };
  const tokens = whole(await anonymous.POST("/api/v1/auth/login", { body }));
  const headers = { Authorization: `Bearer ${tokens.access_token}` };
  return createClient<paths>({ baseUrl: BASE, headers });
}

function receiver(): Promise<{ url: string; message: (type: string) => Promise<Message> }> {
  const got: Message[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => (text += chunk));
    request.on("end", () => {
      got.push(JSON.parse(text) as Message);
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
  console.log("signed in as", whole(await customer.GET("/api/v1/me")).name);

  const hooks = await receiver();
  const hook = whole(await admin.POST("/api/v1/webhooks", { body: { url: hooks.url } }));
  whole(await admin.POST("/api/v1/webhooks/{id}/test", { params: { path: { id: hook.id } } }));
  const ping = await hooks.message("webhook.ping");
  if ("webhook_id" in ping.data) console.log("pinged webhook", ping.data.webhook_id);

  const form = new FormData();
  form.append("file", new Blob(["log of the gateway"]), "gateway.log");
  const upload = whole(
    await customer.POST("/api/v1/uploads", {
      body: { file: "" },
      bodySerializer: () => form,
    }),
  );
  console.log("uploaded", upload.filename, upload.size);

  const project = whole(await customer.GET("/api/v1/projects")).items[0];
  const filed = whole(
    await customer.POST("/api/v1/tickets", {
      params: { header: { "Idempotency-Key": `ts-${Date.now()}` } },
      body: {
        project_id: project.id,
        tracker: "bug",
        priority: "high",
        subject: `No sound, TypeScript ${Date.now()}`,
        description: `Since ${new Date().toISOString()} subscribers hear us, we do not hear them.`,
        product_name: "SMG-1016M",
        steps: "Password: 12345",
        attachments: [{ upload_id: upload.id }],
      },
    }),
  );
  const path = { id: filed.id };
  console.log("filed", filed.id, "with", filed.hints.length, "hints");

  const files = whole(
    await engineer.GET("/api/v1/tickets/{id}/attachments", { params: { path } }),
  );
  const content = whole(
    await engineer.GET("/api/v1/attachments/{id}/content", {
      params: { path: { id: files.items[0].id } },
      parseAs: "text",
    }),
  );
  assert.equal(content, "log of the gateway");
  console.log("downloaded", content);

  const taken = whole(
    await engineer.POST("/api/v1/tickets/{id}/transitions", {
      params: { path },
      body: { to: "in_progress" },
    }),
  );
  const comment = whole(
    await engineer.POST("/api/v1/tickets/{id}/comments", {
      params: { path },
      body: { body: "Please send a dump of port 1." },
    }),
  );
  console.log("taken:", taken.status, "comment", comment.id, comment.created_at);

  const list = whole(
    await engineer.GET("/api/v1/tickets", {
      params: { query: { status: ["in_progress", "feedback"], limit: 5 } },
    }),
  );
  const states = new Set(list.items.map((it) => it.status));
  assert([...states].every((it) => it === "in_progress" || it === "feedback"));
  console.log("listed", list.items.length, states);

  const ticket = whole(
    await engineer.GET("/api/v1/tickets/{id}", {
      params: { path, query: { expand: ["comments", "history"] } },
    }),
  );
  assert.deepEqual(ticket.comments?.map((it) => it.id), [comment.id]);
  console.log("expanded", ticket.comments?.length, "comment,", ticket.history?.length, "events");

  whole(
    await admin.POST("/api/v1/tickets/{id}/redact", {
      params: { path },
      body: { field: "steps", reason: "It was a password." },
    }),
  );
  const history = whole(
    await engineer.GET("/api/v1/tickets/{id}/history", { params: { path } }),
  );
  const redacted = history.items.find((it) => it.type === "ticket.redacted");
  console.log("history", history.items.length, "redacted", JSON.stringify(redacted?.changes.steps));

  const sla = whole(await admin.GET("/api/v1/settings/sla"));
  const days = sla.reminder_days.includes(9) ? [14, 3] : [14, 9, 3];
  whole(await admin.PUT("/api/v1/settings/sla", { body: { ...sla, reminder_days: days } }));
  const audit = whole(await admin.GET("/api/v1/audit-log"));
  const change = audit.items.find((it) => it.action === "settings_sla_update");
  console.log("audit", JSON.stringify(change?.changes?.reminder_days));

  const feed = whole(
    await engineer.GET("/api/v1/events", { params: { query: { ticket_id: filed.id } } }),
  );
  assert.equal(feed.items[0].type, "ticket.created");
  console.log("feed", feed.items.map((it) => it.type));

  const event = await hooks.message("ticket.created");
  assert("changes" in event.data && event.data.ticket_id === filed.id);
  console.log("event", event.type, event.data.ticket_id);
  const refused = await customer.POST("/api/v1/tickets/{id}/transitions", {
    params: { path },
    body: { to: "closed" },
  });
  assert.equal(refused.error?.code, "transition_not_allowed");
  console.log("refused", refused.response.status, refused.error?.code, refused.error?.allowed);
}

main().then(
  () => process.exit(0),
  (cause) => {
    console.error(cause);
    process.exit(1);
  },
);
