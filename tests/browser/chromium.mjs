// Headless Chromium with one page.
import puppeteer from "puppeteer-core";

export async function chromium() {
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu"],
    defaultViewport: { width: 1200, height: 1400 },
  });
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  return { browser, page };
}
