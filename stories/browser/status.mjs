// The public status page, through an outage of Digital Post: what everybody sees before, during and after it, and the
// certificate of it.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, finish, root, serve, visit } from "./portal.mjs";

const server = await serve("--status-page");
const outage = (is) => fetch(`${server.base}/simulator/outage`, { method: "PUT", body: is });
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

await outage("on");
send("Under nedbruddet");
await says("Digital Post svarer ikke lige nu.");
check(await anybody.says("varer endnu"), "the outage lasts");
await outage("off");
send("Efter nedbruddet");
await says("Hent attest (PDF)");
check(await anybody.says("Alt virker."), "everything works again");
if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/status.png`, fullPage: true });
const link = await page.getByRole("link", { name: /Hent attest/ }).getAttribute("href");
const attest = join(server.data, "attest.pdf");
writeFileSync(attest, await (await page.request.get(link)).body());
const words = execFileSync("pdftotext", ["-layout", attest, "-"]).toString();
for (const want of ["Attest for nedetid", "Digital Post svarede ikke", "Fra", "Til", "Varighed", "Simulator"])
  check(words.includes(want), `the certificate says ${want}: ${words}`);
await finish(server, [anybody]);
