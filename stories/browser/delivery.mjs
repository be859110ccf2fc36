// How pages come to a browser: the first visit is small, files are kept for good under an address that names what is in
// them, no page scrolls sideways on a telephone or at 200 %, and error pages keep the menu.
import { join } from "node:path";
import { check, finish, open, root, serve } from "./portal.mjs";

const server = await serve();
try {
  server.run("upload", join(root, "testdata/flettebrev.pdf"), "--subject", "Afgørelse", "--wait");
} catch {
  // two of its letters have no number
}

// The first visit, as it travels: log-in and the page after it.
const context = await server.browser.newContext({ baseURL: server.base });
const page = await context.newPage();
const cdp = await context.newCDPSession(page);
await cdp.send("Network.enable");
let bytes = 0;
const kept = [];
cdp.on("Network.loadingFinished", (e) => (bytes += e.encodedDataLength));
page.on("response", (r) => {
  const url = new URL(r.url());
  check(url.origin === server.base, `${url} is not ours`);
  if (url.pathname.startsWith("/static/")) kept.push([url.pathname, r.headers()["cache-control"]]);
});
await page.goto("/log-ind", { waitUntil: "networkidle" });
const first = bytes;
check(first <= 110_000, `the first visit is ${first} bytes`);
check(kept.length > 3 && kept.every(([path, cache]) => /^\/static\/[0-9a-f]{12}\//.test(path) && /immutable/.test(cache)),
  `files are kept for good: ${kept.map((k) => k.join(" ")).join(", ")}`);
const answer = await page.request.get("/log-ind");
check(/geolocation=\(\)/.test(answer.headers()["permissions-policy"]), "Permissions-Policy");
check(answer.headers()["content-encoding"] === "gzip", "pages are compressed");
check((await page.request.get("/static/000000000000/brevdue.css")).headers()["cache-control"] === "max-age=300",
  "a file of a version before is not kept");

const eva = await open(server);
const id = /\/forsendelse\/([a-z0-9]+)/.exec(await (await eva.page.request.get("/log")).text())[1];
const paths = ["/oversigt", "/statistik", "/afsend", "/log", "/log/ubehandlet", `/forsendelse/${id}`, "/arkiv", "/drift", "/profiler", "/modtagere",
  "/administration", "/administration/system", "/mit-login", "/hjaelp", "/tilgaengelighed", "/afsend/graenser"];
for (const [width, what] of [[320, "320 px"], [640, "200 %"]]) {
  await eva.page.setViewportSize({ width, height: 700 });
  for (const path of paths) {
    await eva.goto(path);
    const over = await eva.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    check(over <= 0, `${path} is ${over} px too wide at ${what}`);
    if (width === 320) await eva.accessible(`${path} at ${what}`);
  }
}
await eva.page.setViewportSize({ width: 1280, height: 800 });
await eva.page.emulateMedia({ reducedMotion: "reduce" });
await eva.goto("/log");
check(await eva.page.evaluate(() => [...document.querySelectorAll("*")].every((e) => {
  const s = getComputedStyle(e);
  return parseFloat(s.animationDuration) <= 0.01 && parseFloat(s.transitionDuration) <= 0.01;
})), "nothing moves for who wants it still");

// An error page has the menu, the organization and the badge.
for (const path of ["/findes-ikke", "/forsendelse/aaaaaaaaaaaa"]) {
  const answer = await eva.page.goto(path);
  check(answer.status() === 404, `${path}: ${answer.status()}`);
  check(await eva.page.locator("nav.nav a").count() > 2, `${path} has the menu`);
  check((await eva.page.locator(".bd-org").textContent()).includes("Nordøby"), `${path} has the organization`);
  check((await eva.page.locator(".bd-count").first().textContent()).includes("2"), `${path} has the badge`);
  await eva.accessible(path);
}
// What was pressed is not there to be looked at: its address leads to the page that it is on.
for (const [path, want] of [["/profiler/fjern", "/profiler"], [`/afsend/${id}/ret`, `/forsendelse/${id}`],
  ["/drift/stop", "/drift"], ["/log/soeg", "/log"]]) {
  await eva.goto(path);
  check(new URL(eva.page.url()).pathname.startsWith(want) || new URL(eva.page.url()).pathname === `/afsend/${id}`,
    `${path} leads to ${eva.page.url()}`);
}
console.log(`the first visit is ${first} bytes`);
await finish(server, [eva]);
