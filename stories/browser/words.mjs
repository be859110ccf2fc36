// Every page that links lead to, in every state that letters end in: nothing on it is a code, an address of a machine, an
// ISO date, a number in full or English; and axe finds nothing wrong, on a computer and on a telephone.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, finish, open, root, serve, upload } from "./portal.mjs";

const forbidden = {
  "a code of Digital Post": /\b(COMPLETED|INVALID|NOT_ALLOWED|UNHANDLED)\b|\b[a-z]+\.[a-z]+\.(not\.)?[a-z.]+[a-z]\b/,
  "a word of machines": /\b(HTTP|UUID|JSON|sha256|SHA-256|null|undefined|NaN|panic|nil)\b|§\["|%!|\{\{|<no value>/,
  "an ISO date": /\b\d{4}-\d{2}-\d{2}\b/,
  "a number in full": /\b\d{6}-\d{4}\b/,
  "an id": /\bm-[a-z0-9]{12,}\b|uden-modtager-|\b[0-9a-f]{8}-[0-9a-f]{4}-4/,
  English: /\b(the|and|not|failed|invalid|unknown|pending|shipment|letter|please|fill)\b/i,
};
const skipped = /\.(csv|json|pdf)$|\/attest$|\/(csv|zip|pdf|vis|qr\.png)$|\/fil\/|\/dokument\/|\/v1\/|\/static\//;

// crawl follows links from some pages on, and returns how many it has seen.
async function crawl(server, eva, start, most = 150) {
  const page = eva.page;
  const seen = new Map(); // by what kind of page it is: letters of one shipment are alike
  const waiting = [...start];
  const kindOf = (path) => path.replace(/[a-z0-9]{12}/g, "*").replace(/\d+/g, "9").replace(/=[^&]*/g, "=");
  let pages = 0;
  while (waiting.length && pages < most) {
    const path = waiting.shift();
    const kind = kindOf(path);
    const letters = /forsendelse/.test(path) ? 12 : 2; // letters differ in how they ended
    if ((seen.get(kind) ?? 0) >= letters) continue;
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    pages++;
    await page.goto(path, { waitUntil: "domcontentloaded" });
    const text = await page.evaluate(() => {
      const copy = document.body.cloneNode(true);
      for (const e of copy.querySelectorAll(".bd-support, script, noscript, template, input, textarea")) e.remove();
      return copy.textContent.replace(/\s+/g, " ");
    });
    for (const [what, pattern] of Object.entries(forbidden)) {
      const found = pattern.exec(text);
      check(!found, `${path} shows ${what}: …${text.slice(Math.max(0, (found?.index ?? 0) - 40), (found?.index ?? 0) + 60)}…`);
    }
    if (seen.get(kind) === 1) {
      await eva.accessible(path);
      await page.setViewportSize({ width: 390, height: 844 });
      await eva.accessible(`${path} on a telephone`);
      await page.setViewportSize({ width: 1280, height: 800 });
    }
    const links = await page.locator("main a[href], nav a[href]").evaluateAll((all) => all.map((a) => a.href));
    for (const link of links) {
      const url = new URL(link);
      if (url.origin === server.base && !skipped.test(url.pathname)) waiting.push(url.pathname + url.search);
    }
  }
  return pages;
}

const server = await serve();
const tried = (...command) => {
  try {
    server.run(...command);
  } catch {
    // something of it waits for a person
  }
};
tried("upload", join(root, "testdata/fejl.pdf"), "--subject", "Fejl", "--wait");
tried("upload", join(root, "testdata/flettebrev.pdf"), "--subject", "Afgørelse om tilskud", "--wait");
const broken = join(server.data, "ulaeselig.pdf");
writeFileSync(broken, "%PDF-1.7\nnoget, der ikke er en PDF");
tried("upload", broken, "--subject", "Ulæselig", "--wait");
const eva = await open(server);
const page = eva.page;
await upload(eva, "Til gennemsyn");
await eva.goto("/profiler");
await page.fill("#navn", "Studie");
await eva.press("Gem profilen");
await eva.goto("/arkiv");
await page.fill("#q", "afgørelse");
await eva.press("Søg");
const cases = await page.locator("a[href^='/arkiv/sag/']").evaluateAll((all) => all.slice(0, 2).map((a) => a.getAttribute("href")));

const start = ["/oversigt", "/statistik", "/afsend", "/log", "/log/ubehandlet", "/log/godkend", "/arkiv", "/drift", "/administration", "/profiler",
  "/modtagere", "/mit-login", "/hjaelp", "/tilgaengelighed", "/findes-ikke", ...cases];
const first = await crawl(server, eva, start);
check(first > 30, `${first} pages were seen`);

// Another installation, where everything waits, is hidden, held up or missing.
const other = await serve("--delay", "10m", "--receipt-within", "2s", "--look", "2s", "--status-page");
const doing = (...command) => {
  try {
    return other.run(...command);
  } catch {
    return ""; // something of it waits for a person
  }
};
const merged = join(root, "testdata/flettebrev.pdf");
doing("upload", merged, "--subject", "Uden kvittering");
doing("organization", "change", "--hide-names");
doing("upload", merged, "--subject", "Venter til senere", "--repeat", "--at", "2030-12-20 08:00");
doing("organization", "change", "--four-eyes", "2");
doing("upload", merged, "--subject", "Venter på godkendelse", "--repeat");
const bo = await open(other);
for (let n = 0; n < 60; n++) {
  await bo.goto("/log/ubehandlet");
  if (await bo.says("Kvittering mangler")) break;
  await bo.page.waitForTimeout(1000);
}
check(await bo.says("Kvittering mangler"), "a receipt is missing in Ubehandlet");
await fetch(`${other.base}/simulator/outage`, { method: "PUT", body: "on" });
doing("stop", "--reason", "Forkert flettefil");
const second = await crawl(other, bo, ["/oversigt", "/log", "/log/ubehandlet", "/log/godkend", "/drift", "/status", "/statistik"], 60);
check(second > 15, `${second} pages were seen where things wait`);
other.stop();
console.log(`${first + second} pages have no code, no ISO date, no number in full and no English in them`);
await finish(server, [eva]);
