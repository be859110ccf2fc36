// Pages that refresh themselves, in a real browser: they leave focus, selection and scroll where they are, ask for
// nothing in a hidden tab, say when the connection is gone, and lead to log-in and back when the session has ended.
import { join } from "node:path";
import { check, finish, logIn, open, root, serve } from "./portal.mjs";

const shots = process.env.SHOTS;
const server = await serve();
for (let n = 1; n <= 3; n++) {
  try {
    server.run("upload", join(root, "testdata/fejl.pdf"), "--subject", `Afgørelse nr. ${n}`, "--repeat", "--wait");
  } catch {
    // three of its letters need a person
  }
}
const eva = await open(server);
const page = eva.page;
let fetched = 0;
page.on("request", (r) => (fetched += r.headers()["hx-request"] ? 1 : 0));
const refreshed = async (times) => {
  const since = fetched;
  for (let n = 0; n < 150 && fetched < since + times; n++) await page.waitForTimeout(100);
  check(fetched >= since + times, "the page refreshes itself");
  await page.waitForTimeout(300);
};
const focused = () => page.evaluate(() => document.activeElement.textContent.trim());

// The Tab key reaches each row, however often the page is fetched meanwhile.
await eva.goto("/log");
const rows = [];
for (let n = 0; n < 60 && rows.length < 3; n++) {
  await page.keyboard.press("Tab");
  if (/^Afgørelse nr/.test(await focused())) {
    const is = await focused();
    await refreshed(2);
    check((await focused()) === is, `focus stays on ${is}`);
    rows.push(is);
  }
}
check(new Set(rows).size === 3, `the Tab key reaches ${rows.length} rows of three: ${rows}`);
if (shots) await page.screenshot({ path: `${shots}/log-fokus.png` });

// What is marked stays marked, and the page stays where it was scrolled to.
await page.setViewportSize({ width: 900, height: 300 });
await page.evaluate(() => {
  const text = document.querySelector("tbody th a").firstChild;
  window.getSelection().setBaseAndExtent(text, 0, text, 9);
  window.scrollTo(0, 180);
});
await refreshed(2);
check((await page.evaluate(() => String(window.getSelection()))) === "Afgørelse", "what is marked stays marked");
check((await page.evaluate(() => window.scrollY)) === 180, "the page stays where it was scrolled to");
await page.setViewportSize({ width: 1280, height: 800 });

// A row that changes is changed, and the badge with it.
const badge = await page.locator("#waiting").textContent();
try {
  server.run("upload", join(root, "testdata/fejl.pdf"), "--subject", "Kommer til", "--repeat", "--wait");
} catch {
  // as above
}
await page.getByRole("link", { name: "Kommer til" }).waitFor({ timeout: 10_000 });
check((await page.locator("#waiting").textContent()) !== badge, "the badge follows");
await eva.accessible("a live log");

// A hidden tab asks for nothing until somebody looks at it again.
const hide = (is) => page.evaluate((hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}, is);
await hide(true);
await page.waitForTimeout(500);
const before = fetched;
await page.waitForTimeout(5000);
check(fetched === before, `a hidden tab asked ${fetched - before} times`);
await hide(false);
await refreshed(1);

// The connection goes, and comes back.
await page.context().setOffline(true);
await page.getByText("forbindelsen er væk").waitFor({ timeout: 10_000 });
await page.context().setOffline(false);
await page.locator(".bd-refreshing").first().waitFor({ timeout: 10_000 });

// The session ends: the page leads to log-in, and log-in back to where one was.
const link = await page.getByRole("link", { name: "Kommer til" }).getAttribute("href");
await eva.goto(link);
await page.context().clearCookies();
await eva.goto("/log?pause=1");
check(page.url().endsWith("/log-ind"), `who is not in is at ${page.url()}`);
await logIn(eva, "demo", server.code);
await eva.press("Log ind");
check(page.url().endsWith("/log?pause=1"), `after log-in: ${page.url()}`);
await eva.goto("/log");
await page.context().clearCookies();
await page.getByRole("heading", { name: "Log ind" }).waitFor({ timeout: 10_000 });
await logIn(eva, "demo", server.code);
await eva.press("Log ind");
check(new URL(page.url()).pathname === "/log", `after log-in from a live page: ${page.url()}`);

// It ends while a file is about to be sent: nothing that was chosen is lost.
await eva.goto("/afsend");
await page.fill("[name=emne]", "Midt i det hele");
await page.setInputFiles("#pdf", join(root, "testdata/fejl.pdf"));
const cookies = await page.context().cookies();
await page.context().clearCookies();
await page.locator("#afsend button[type=submit]").first().click();
await page.getByText("Du er logget af").waitFor({ timeout: 10_000 });
check((await page.inputValue("[name=emne]")) === "Midt i det hele", "what was typed is there");
if (shots) await page.screenshot({ path: `${shots}/logget-af.png` });
await page.context().addCookies(cookies); // in another tab
await page.locator("#afsend button[type=submit]").first().click();
await page.getByRole("heading", { name: "Gennemse og send" }).waitFor({ timeout: 30_000 });
await finish(server);
