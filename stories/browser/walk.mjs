// The main walk of a secretary, on one machine or, with BREVDUE_WALK, on the stack that a file describes: a merged letter
// is looked at, sent and followed to its receipts, one citizen's letter is found by name, and what failed is solved with
// the keyboard alone. SHOTS is a folder for a picture of each step.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { check, finish, logIn, root, serve, visit } from "./portal.mjs";

const stack = process.env.BREVDUE_WALK && JSON.parse(readFileSync(process.env.BREVDUE_WALK));
const server = stack ? {
  base: stack.portal.replace(/\/$/, ""),
  browser: await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] }),
  stop: () => {},
} : await serve();
const patience = stack ? 180_000 : 60_000;
const shots = process.env.SHOTS;
if (shots) mkdirSync(shots, { recursive: true });
const eva = await visit(server);
const page = eva.page;
page.setDefaultTimeout(patience);
let step = 0;
const shot = async (name) => {
  step++;
  if (shots) await page.screenshot({ path: join(shots, `${stack ? "sky" : "maskine"}-${step}-${name}.png`), fullPage: true });
};
const problems = [];
page.on("console", (m) => m.type() === "error" && problems.push(m.text()));
await eva.context.route("**/vis", (route) =>
  route.request().isNavigationRequest() ? route.fulfill({ contentType: "text/plain", body: "PDF" }) : route.continue());

await logIn(eva, stack?.user ?? "demo", stack?.code ?? server.code);
await shot("log-ind");
await eva.press("Log ind");
await eva.goto("/afsend");
const subject = `Afgørelse om tilskud ${Date.now() % 100000}`;
await page.fill("[name=emne]", subject);
await page.setInputFiles("#pdf", join(root, "testdata/flettebrev.pdf"));
await shot("afsend");
await page.locator("#afsend button[type=submit].button-primary").click();
await page.getByRole("heading", { name: "Gennemse og send" }).waitFor();
await shot("gennemse");
const rows = await page.locator(".bd-table tbody tr").count();
check(rows === 55, `${rows} letters are shown`);
check(/Holdes tilbage/.test(await page.locator("tbody tr").first().textContent()), "what is held back stands first");
const citizen = (await page.locator("tbody tr", { hasNotText: "Holdes tilbage" }).first().locator(".bd-title").textContent()).trim();

// A letter is looked at: it comes from where files are, which is another origin on AWS.
await page.locator("tbody .bd-title", { hasText: citizen }).first().click();
await page.waitForSelector(".bd-sheets.is-drawn canvas");
await shot("brev");
await page.getByRole("link", { name: "Alle breve" }).click();
await page.getByRole("heading", { name: "Gennemse og send" }).waitFor();
await eva.send(200);
await page.getByRole("button", { name: /Fortryd/ }).first().waitFor();
await shot("fortryd");
const shipment = new URL(page.url()).pathname;
await page.getByText("Afsluttet med fejl").first().waitFor(); // the page refreshes itself
await page.locator("summary", { hasText: "Se brevet" }).press("Enter");
await page.waitForSelector(".bd-look[open] .is-drawn canvas");
check((await page.locator(".bd-look[open] canvas").getAttribute("aria-label")).startsWith("Brev 1 til "), "the letter is drawn");
await shot("forsendelse");
check(await eva.says("53"), "the letters that could be sent were");
await eva.accessible("a shipment that has ended");

// A week later: one citizen's letter is found by name, and read with its receipt.
await eva.goto("/log");
await shot("log");
for (let n = 0; ; n++) {
  await eva.goto("/log");
  await page.locator("input[name=q]").fill(citizen);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1 }).waitFor();
  if (await eva.says(citizen)) break;
  if (n > patience / 1000) throw new Error(`${citizen} is not found`);
  await page.waitForTimeout(1000);
}
await shot("fundet");
const found = page.locator("tbody tr", { hasText: subject }).first();
check((await found.textContent()).includes(citizen), "the letter is found by its citizen's name");
const address = new URL(await found.locator("a").first().getAttribute("href"), page.url());
await eva.goto(address.pathname + address.search);
await eva.goto(`${shipment}/brev/${address.searchParams.get("brev")}/kvittering`);
check(await eva.says(citizen) && await eva.says("Ja. Den er, som Digital Post gav den."), "its receipt is read");
await shot("kvittering");
const begins = await page.evaluate(async () => (await (await fetch(`${location.pathname}.pdf`)).text()).slice(0, 5));
check(begins === "%PDF-", "and is a PDF");

// What failed is solved by keyboard alone.
const tabTo = async (what, is) => {
  for (let n = 0; n < 200; n++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(is, shipment.split("/").pop())) return;
  }
  throw new Error(`the Tab key does not reach ${what}`);
};
const mine = () => page.locator(`.bd-cause tbody input[type=checkbox][value^="${shipment.split("/").pop()}"]`).count();
await eva.goto("/log/ubehandlet");
for (let n = 0; (await mine()) < 2; n++) {
  if (n > patience / 1000) throw new Error("Ubehandlet has not got what failed");
  await page.waitForTimeout(1000);
}
await shot("ubehandlet");
for (let left = await mine(); left > 0; left = await mine()) {
  await tabTo("a letter that failed", (id) => document.activeElement.value?.startsWith(id));
  await page.keyboard.press("Space");
  await tabTo("what marks it as handled", (id) => document.activeElement.value === "haandteret" &&
    document.activeElement.form.querySelector(`input[value^="${id}"]:checked`));
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  await tabTo("the reason", () => document.activeElement.name === "begrundelse");
  await page.keyboard.type("Sendt som brev");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  if ((await mine()) >= left) {
    await shot("ikke-loest");
    throw new Error(`a letter that failed is not solved: ${(await page.locator("main").textContent()).replace(/\s+/g, " ").slice(0, 500)}`);
  }
}
await shot("loest");
check(problems.length === 0, `the browser has nothing to say: ${problems}`);
console.log(`the main walk ${stack ? "on LocalStack" : "on one machine"}: ${step} steps`);
await finish(server, [eva]);
