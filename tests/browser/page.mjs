// Opens the page of a front end, on an origin of its own, and prints what it saw; takes a picture at the end.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { chromium } from "./chromium.mjs";

const { ORIGIN, QUERY, DOWNLOADS, PICTURE } = process.env;
const html = await readFile(new URL("page.html", import.meta.url));
const server = createServer((_, response) => response.setHeader("content-type", "text/html").end(html));
server.listen(new URL(ORIGIN).port, "127.0.0.1");

const { browser, page } = await chromium();
try {
  const session = await browser.target().createCDPSession();
  const allowed = { behavior: "allow", downloadPath: DOWNLOADS, eventsEnabled: true };
  await session.send("Browser.setDownloadBehavior", allowed);
  const downloaded = new Promise((resolve) =>
    session.on("Browser.downloadProgress", (it) => it.state === "completed" && resolve()),
  );
  await page.goto(`${ORIGIN}/page?${QUERY}`);
  const seen = await (await page.waitForFunction("window.seen")).jsonValue();
  console.log(JSON.stringify(seen));
  if (!seen.error) await downloaded;
} finally {
  await page.screenshot({ path: PICTURE });
  await browser.close();
  server.close();
}
