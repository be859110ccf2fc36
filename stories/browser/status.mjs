// The public status page, through an outage of Digital Post: what everybody sees before, during and after it, and the
// certificate of it.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check, finish, freePort, root, serve, visit } from "./portal.mjs";

const port = await freePort();
const data = mkdtempSync(join(tmpdir(), "brevdue-simulator-"));
const simulator = async () => {
  const running = spawn(join(root, "bin/brevdue"), ["simulator", "--addr", `127.0.0.1:${port}`, "--data", data]);
  for (let n = 0; n < 100; n++) {
    if (await fetch(`http://127.0.0.1:${port}/`).catch(() => null)) return running;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the simulator did not start");
};
let digitalPost = await simulator();
const server = await serve("--status-page", "--digital-post", `http://127.0.0.1:${port}/apis/v1`, "--environment",
  "simulator", "--pace", "demo");
const send = (subject) => server.run("upload", join(root, "testdata/flettebrev.pdf"), "--subject", subject, "--repeat");
const anybody = await visit(server); // not logged in
const page = anybody.page;
const says = async (text, seconds = 90) => {
  for (let n = 0; n < seconds; n++) {
    await page.goto("/status", { waitUntil: "domcontentloaded" });
    if (await anybody.says(text)) return true;
    await page.waitForTimeout(1000);
  }
  check(false, `the status page says: ${text}; it says ${(await page.locator("main").textContent()).replace(/\s+/g, " ")}`);
  return false;
};
await says("Alt virker.", 1);
check(await anybody.says("Der er ikke noteret nogen."), "there was no outage");
send("Afgørelse");
await says("inden for 10 sekunder");
check(await anybody.says("53 breve"), "the letters that left are counted");
check(!(await anybody.says("Nordøby")), "nobody learns which organizations there are");
await anybody.accessible("the status page");

digitalPost.kill("SIGKILL");
send("Under nedbruddet");
await says("Digital Post svarer ikke lige nu.");
check(await anybody.says("varer endnu"), "the outage lasts");
digitalPost = await simulator();
send("Efter nedbruddet");
await says("Hent attest (PDF)");
check(await anybody.says("Alt virker."), "everything works again");
if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/status.png`, fullPage: true });
const link = await page.getByRole("link", { name: /Hent attest/ }).getAttribute("href");
const attest = join(data, "attest.pdf");
writeFileSync(attest, await (await page.request.get(link)).body());
const words = execFileSync("pdftotext", ["-layout", attest, "-"]).toString();
for (const want of ["Attest for nedetid", "Digital Post svarede ikke", "Fra", "Til", "Varighed", "Simulator"])
  check(words.includes(want), `the certificate says ${want}: ${words}`);
if (process.env.SHOTS) writeFileSync(`${process.env.SHOTS}/attest.pdf`, execFileSync("cat", [attest]));
digitalPost.kill();
await finish(server, [anybody]);
