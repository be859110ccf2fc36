// A smoke test in Debian's Firefox ESR, by WebDriver BiDi: log in, hand in, look, send, two ticks, and axe on each page.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { check, finish, root, serve } from "./portal.mjs";

const axe = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const server = await serve();
const firefox = await puppeteer.launch({ browser: "firefox", executablePath: "/usr/bin/firefox-esr", headless: true });
const page = await firefox.newPage();
page.on("pageerror", (error) => check(false, `the page's script in Firefox: ${error}`));

const says = async (text, within = 20_000) => {
  const seen = () => page.$eval("main", (main) => main.textContent).catch(() => "");
  for (const until = Date.now() + within; Date.now() < until; await new Promise((resolve) => setTimeout(resolve, 200))) {
    if ((await seen()).includes(text)) return true;
  }
  return false;
};
const accessible = async (what) => {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => (await globalThis.axe.run(document,
    { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] })).violations.map((v) => v.id));
  check(found.length === 0, `axe on ${what} in Firefox: ${found.join(", ")}`);
};
const press = async (selector) => {
  await Promise.all([page.waitForNavigation({ waitUntil: "domcontentloaded" }), page.click(selector)]);
};

await page.goto(`${server.base}/log-ind`);
await accessible("the log-in");
await page.type("[name=bruger]", "demo");
await page.type("[name=kode]", server.code);
await press("form button[type=submit].button-primary");
await page.goto(`${server.base}/afsend`);
await accessible("a new shipment");
await page.type("[name=emne]", "Fra Firefox");
const file = await page.$("input[type=file]");
await file.uploadFile(join(root, "testdata/flettebrev.pdf"));
await page.click("form button[type=submit].button-primary");
check(await says("Gennemse og send", 60_000), "Firefox hands a document in");
await page.waitForSelector(".bd-conserve");
await accessible("the review");
await page.click("#gamle-datoer"); // the letters are dated long ago
const send = await page.evaluateHandle(() =>
  [...document.querySelectorAll("button")].find((b) => /^Send \d/.test(b.textContent.trim())));
await Promise.all([page.waitForNavigation({ waitUntil: "domcontentloaded" }), send.asElement().click()]);
const id = /\/forsendelse\/([a-z0-9]{12})/.exec(page.url())?.[1];
check(id, `after Send: ${page.url()}`);
await accessible("a shipment");
for (let n = 0; n < 300 && (await server.accepted()) < 53; n++) await new Promise((resolve) => setTimeout(resolve, 100));
check((await server.accepted()) === 53, `${await server.accepted()} of 53 letters have left`);
for (const path of ["/log", "/log/ubehandlet", "/drift", "/administration", "/administration/spor", "/mit-login"]) {
  const answer = await page.goto(server.base + path);
  check(answer.status() === 200, `${path} in Firefox: ${answer.status()}`);
  await accessible(path);
}
console.log(`Firefox: ${await firefox.version()}, 53 letters sent`);
await firefox.close();
await finish(server, []);
