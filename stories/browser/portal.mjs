// What the browser tests share: a server of their own, and a page with the words of whoever looks at it.
import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const root = new URL("../..", import.meta.url).pathname;
const axe = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const corpus = join(root, "../shared/corpus/libreoffice-fodt-1000.pdf");
const document = existsSync(corpus) ? corpus : join(root, "testdata/flettebrev.pdf");

let failed = 0;

export function check(holds, what) {
  if (!holds) {
    failed++;
    console.error(`FAIL: ${what}`);
  }
}

export async function freePort() {
  return new Promise((resolve) => {
    const s = createServer();
    s.listen(0, "127.0.0.1", () => {
      const { port } = s.address();
      s.close(() => resolve(port));
    });
  });
}

// serve starts brevdue on a folder of its own, and returns its address and the code to log in with.
export async function serve(...flags) {
  const port = await freePort();
  const data = mkdtempSync(join(tmpdir(), "brevdue-browser-"));
  const server = spawn(join(root, "bin/brevdue"), ["serve", "--addr", `127.0.0.1:${port}`, "--data", data,
    ...flags]);
  let out = "";
  server.stdout.on("data", (text) => (out += text));
  server.stderr.on("data", () => {});
  const base = `http://127.0.0.1:${port}`;
  for (let n = 0; n < 300 && !/kode »([^«]+)«/.test(out); n++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const code = /kode »([^«]+)«/.exec(out)?.[1];
  if (!code) {
    throw new Error(`the server did not start: ${out}`);
  }
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  const accepted = async () => (await (await fetch(`${base}/simulator/messages`)).json())?.length ?? 0;
  const stop = () => {
    server.kill("SIGINT");
    rmSync(data, { recursive: true, force: true });
  };
  const run = (...command) => execFileSync(join(root, "bin/brevdue"), command,
    { env: { ...process.env, BREVDUE_DATA: data, BREVDUE_SERVER: base }, stdio: "pipe" }).toString();
  return { base, code, data, browser, accepted, stop, run };
}

// mailbox is a mail server that keeps what it gets.
export async function mailbox() {
  const mails = [];
  const server = createServer((socket) => {
    let data = null;
    socket.write("220 here\r\n");
    socket.setEncoding("utf8");
    let rest = "";
    socket.on("data", (text) => {
      rest += text;
      for (let at; (at = rest.indexOf("\r\n")) >= 0; ) {
        const line = rest.slice(0, at);
        rest = rest.slice(at + 2);
        if (data !== null) {
          if (line === ".") {
            mails.push(data);
            data = null;
            socket.write("250 kept\r\n");
          } else data += `${line}\n`;
        } else if (/^DATA/i.test(line)) {
          data = "";
          socket.write("354 go on\r\n");
        } else if (/^QUIT/i.test(line)) socket.end("221 bye\r\n");
        else socket.write("250 ok\r\n");
      }
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  // mail waits for the next mail to somebody, and returns the code in it.
  const code = async (to, after = 0) => {
    for (let n = 0; n < 300; n++) {
      const found = mails.slice(after).find((m) => m.includes(to) && /Kode: (\S+)/.test(m));
      if (found) return /Kode: (\S+)/.exec(found)[1];
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`no code was mailed to ${to}`);
  };
  return { address: `smtp://127.0.0.1:${server.address().port}`, mails, code, close: () => server.close() };
}

// provider starts an OpenID provider with people, each with a role, where a portal sends its browsers to.
export async function provider(redirect, ...people) {
  const port = await freePort();
  const built = join(mkdtempSync(join(tmpdir(), "brevdue-provider-")), "provider");
  execFileSync("go", ["build", "-o", built, "./internal/remote/oidc/oidctest/provider"], { cwd: root });
  const running = spawn(built, [String(port), redirect, ...people]);
  await new Promise((resolve) => running.stdout.once("data", resolve));
  running.stderr.on("data", () => {});
  return { address: `http://localhost:${port}`, stop: () => running.kill() };
}

// visit is a browser of one's own, on a telephone where it is asked for.
export async function visit(server, { phone = false, base = server.base } = {}) {
  const context = await server.browser.newContext({ baseURL: base,
    ...(phone ? { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } : {}) });
  const page = new Page(await context.newPage());
  page.context = context;
  return page;
}

// logIn types name and code.
export async function logIn(page, name, code) {
  await page.goto("/log-ind");
  await page.page.fill("[name=bruger]", name);
  await page.page.fill("[name=kode]", code);
}

// open logs in with a browser of one's own.
export async function open(server) {
  const context = await server.browser.newContext({ baseURL: server.base });
  const page = new Page(await context.newPage());
  // A headless browser has nothing to show a PDF with, and waits for it: Page.preview fetches it instead.
  await context.route("**/vis", (route) =>
    route.request().isNavigationRequest() ? route.fulfill({ contentType: "text/plain", body: "PDF" }) : route.continue());
  await page.goto("/log-ind");
  await page.page.fill("[name=bruger]", "demo");
  await page.page.fill("[name=kode]", server.code);
  await page.press("Log ind");
  return page;
}

// upload sends the document in as a person does, waits for its review, and returns the shipment's id.
export async function upload(page, subject, file = document) {
  await page.goto("/afsend");
  await page.accessible("a new shipment");
  await page.page.fill("[name=emne]", subject);
  await page.page.setInputFiles("input[type=file]", file);
  await page.page.locator("form button[type=submit].button-primary").first().click();
  await page.page.waitForURL(/\/afsend\/[a-z0-9]{12}/, { timeout: 60_000 });
  await page.page.getByRole("heading", { name: "Gennemse og send" }).waitFor({ timeout: 60_000 });
  return /\/afsend\/([a-z0-9]{12})/.exec(page.page.url())[1];
}

export class Page {
  constructor(page) {
    this.page = page;
    page.on("pageerror", (error) => check(false, `the page's script: ${error}`));
  }

  async goto(path) {
    const answer = await this.page.goto(path, { waitUntil: "domcontentloaded" });
    check(answer.status() < 400, `${path}: ${answer.status()}`);
  }

  // press clicks a button by its name, and holds the page that comes against a status.
  async press(name, status = 200) {
    await this.answer(this.page.getByRole("button", { name, exact: true }).first(), status);
  }

  // dare opens what asks first, and says yes.
  async dare(name, yes, status = 200) {
    await this.page.locator("summary", { hasText: name }).first().click();
    await this.press(yes, status);
  }

  // send says yes to old dates where the review asks.
  async send(status) {
    const old = this.page.locator("#gamle-datoer");
    if (await old.count()) await old.check();
    await this.answer(this.page.getByRole("button", { name: /^Send \d/ }), status);
  }

  async answer(button, status) {
    const name = (await button.textContent()).trim();
    const [answer] = await Promise.all([
      this.page.waitForResponse((r) => r.request().isNavigationRequest() && (r.status() < 300 || r.status() > 399)),
      button.click(),
    ]);
    await this.page.waitForLoadState("domcontentloaded");
    check(answer.status() === status, `${name}: ${answer.status()}, want ${status}`);
  }

  async says(text) {
    return (await this.page.locator("main").textContent()).includes(text);
  }

  // letters is how many letters the review says that there are.
  async letters() {
    const text = await this.page.locator(".bd-conserve").textContent();
    return Number(/præcis ét af ([\d.]+)/.exec(text)[1].replace(".", ""));
  }

  // firstPages are the places of letters with more than one page, as they stand on the first pages of the list.
  async firstPages(wanted) {
    const places = [];
    for (let next = `${this.page.url()}`; next && places.length < wanted; ) {
      await this.page.goto(next, { waitUntil: "domcontentloaded" });
      for (const row of await this.page.locator("tbody tr").all()) {
        const cells = await row.locator("td").allTextContents();
        if (cells[1].includes("–") && places.length < wanted) {
          places.push(Number(cells[0].replace(".", "")));
        }
      }
      const link = this.page.getByRole("link", { name: "Næste" });
      next = (await link.count()) ? new URL(await link.getAttribute("href"), this.page.url()).href : "";
    }
    return places.sort((a, b) => a - b);
  }

  // preview is that the letter's PDF is shown in the page.
  async preview(number) {
    const src = await this.page.locator("[data-letter]").getAttribute("data-letter");
    const answer = await this.page.request.get(src);
    check((await answer.body()).subarray(0, 4).toString() === "%PDF", `letter ${number} is shown: ${answer.status()}`);
  }

  // accessible is that axe finds nothing wrong by WCAG 2.1 AA.
  async accessible(what) {
    await this.page.evaluate(axe).catch(() => {});
    const found = await this.page.evaluate(async () => {
      const result = await globalThis.axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
      });
      return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" ").slice(0, 200)}`);
    });
    check(found.length === 0, `axe on ${what}: ${found.join("; ")}`);
  }
}

export async function finish(server, pages) {
  if (process.env.PICTURES) {
    for (const [n, p] of pages.entries()) {
      await p.page.screenshot({ path: join(process.env.PICTURES, `${n}.png`), fullPage: true });
    }
  }
  await server.browser.close();
  server.stop();
  process.exit(failed ? 1 : 0);
}
