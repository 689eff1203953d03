// Files a ticket in Swagger UI as a person does, with mouse and keyboard: signs in, authorizes, finds the project,
// files. Prints the ticket; takes a picture at the end.
import { chromium } from "./chromium.mjs";

const { BASE, EMAIL, PASSWORD, SUBJECT, PICTURE } = process.env;
const { browser, page } = await chromium();

async function click(selector) {
  const button = await page.waitForSelector(selector, { visible: true });
  await button.evaluate((it) => it.scrollIntoView({ block: "center" }));
  await button.click();
}

async function type(selector, text) {
  await click(selector);
  await page.keyboard.down("Control");
  await page.keyboard.press("a");
  await page.keyboard.up("Control");
  await page.keyboard.sendCharacter(text);
}

/** «Try it out» and «Execute» of an operation; its response. */
async function execute(operation, body) {
  const block = `#operations-${operation}`;
  await click(`${block} .opblock-summary-control`);
  await click(`${block} .try-out__btn`);
  if (body) await type(`${block} textarea.body-param__text`, JSON.stringify(body));
  await click(`${block} .btn.execute`);
  const response = `${block} .live-responses-table .response`;
  const status = await page.waitForSelector(`${response} .response-col_status`);
  const shown = await page.waitForSelector(`${response} .highlight-code code, ${response} .microlight`);
  const text = await shown.evaluate((it) => it.textContent);
  const code = (await status.evaluate((it) => it.textContent)).trim();
  if (!code.startsWith("20")) throw new Error(`${operation}: ${code} ${text}`);
  return JSON.parse(text);
}

try {
  await page.goto(`${BASE}/docs/`);
  const tokens = await execute("auth-auth_login", { email: EMAIL, password: PASSWORD });
  await click(".auth-wrapper .btn.authorize");
  await type(".auth-container input", tokens.access_token);
  await click(".auth-btn-wrapper .btn.authorize");
  await click(".auth-btn-wrapper .btn-done");

  const projects = await execute("projects-projects_list");
  const filed = await execute("tickets-tickets_create", {
    project_id: projects.items[0].id,
    tracker: "bug",
    priority: "high",
    subject: SUBJECT,
    description: "Since the morning subscribers hear us, we do not hear them.",
    product_name: "SMG-1016M",
  });
  console.log(JSON.stringify(filed));
} finally {
  await page.screenshot({ path: PICTURE });
  await browser.close();
}
