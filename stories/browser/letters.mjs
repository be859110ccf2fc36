// A letter is drawn in its page, with its numbers covered until somebody asks for them, which is noted. Where the numbers
// stand is held against what poppler says.
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, finish, open, root, serve, upload } from "./portal.mjs";

const server = await serve();
const eva = await open(server);
const page = eva.page;
const problems = [];
page.on("console", (m) => m.type() === "error" && problems.push(m.text()));
page.on("pageerror", (e) => problems.push(e.message));

// lastFours are where the last four digits of each number on the first page stand, by poppler, on a picture so wide.
function lastFours(file, width) {
  const out = execFileSync("pdftotext", ["-bbox", "-l", "1", file, "-"]).toString();
  const scale = width / Number(/<page width="([\d.]+)"/.exec(out)[1]);
  return [...out.matchAll(/xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">[^<]*?(\d{6}-?\d{4})</g)]
    .map(([, x, y, right, bottom, number]) => ({ number, right: right * scale, y: y * scale, bottom: bottom * scale,
      left: (Number(right) - ((right - x) * 4) / number.length) * scale }))
    .filter(({ number }) => Number(number.slice(0, 2)) <= 31 && Number(number.slice(2, 4)) <= 12);
}

// isCovered is that covers hide a number from one end to the other: one written in pieces has several.
function isCovered(covers, four) {
  const middle = (four.y + four.bottom) / 2;
  const here = covers.filter((c) => Math.min(c[1], c[5]) <= middle && Math.max(c[1], c[5]) >= middle)
    .map((c) => [Math.min(c[0], c[2]), Math.max(c[0], c[2])]).sort((a, b) => a[0] - b[0]);
  let at = four.left + 1;
  for (const [left, right] of here) if (left <= at) at = Math.max(at, right);
  return at >= four.right - 1;
}

const producers = ["chromium-100", "weasyprint-100", "raw-fpdf-100", "groff-gs-100", "libreoffice-fodt-100"]
  .map((name) => join(root, `../shared/corpus/${name}.pdf`)).filter(existsSync);
if (!producers.length) console.log("../shared is not here: one document of one producer is drawn");
let covered = 0;
for (const file of [join(root, "testdata/flettebrev.pdf"), ...producers]) {
  const id = await upload(eva, "Breve på skærmen", file);
  for (const n of [1, 2, 5, 8, 13]) {
    await eva.goto(`/afsend/${id}/brev/${n}`);
    await page.waitForSelector(".bd-sheets.is-drawn canvas");
    const picture = page.locator(".bd-sheets canvas").first();
    check(/^Brev \d+( til .+)?, side 1 af \d+$/.test(await picture.getAttribute("aria-label")), "a picture says what it is of");
    const letter = join(server.data, "brev.pdf");
    writeFileSync(letter, await (await page.request.get(`/afsend/${id}/brev/${n}/vis`)).body());
    const [width, covers] = await picture.evaluate((c) => [c.width, JSON.parse(c.dataset.covers)]);
    for (const four of lastFours(letter, width)) {
      covered++;
      check(isCovered(covers, four),
        `${file}, letter ${n}: a number is covered (${JSON.stringify(covers)}, ${JSON.stringify({ ...four, number: "" })})`);
    }
  }
}
check(covered > 4, `${covered} numbers are covered`);
check(!problems.length, `the browser has nothing to say: ${problems}`);

const id = await upload(eva, "Brev med nummer", join(root, "testdata/flettebrev.pdf"));
await eva.goto(`/afsend/${id}/brev/2`);
await page.waitForSelector(".bd-sheets.is-drawn canvas");
await eva.accessible("a letter that is drawn");
const black = () => page.locator(".bd-sheets canvas").first().evaluate((c) => JSON.parse(c.dataset.covers ?? "[]").length);
check((await black()) > 0, "the number is covered");
const seen = () => server.run("audit", "--shipment", id).match(/CPR-nummer i brevet/g)?.length ?? 0;
check(seen() === 0, "nobody has asked for the number yet");
await page.getByRole("button", { name: "Vis CPR" }).press("Enter");
await page.getByRole("button", { name: "Skjul CPR" }).waitFor();
await page.waitForFunction(() => document.querySelector(".bd-sheets.is-drawn:not([aria-busy]) canvas:not([data-covers])"));
check((await black()) === 0, "Vis CPR shows the number");
check(seen() === 1, "that the number was shown is noted");
await page.getByRole("button", { name: "Skjul CPR" }).press("Enter");
await page.waitForFunction(() => document.querySelector(".bd-sheets.is-drawn:not([aria-busy]) canvas[data-covers]"));
check((await black()) > 0, "Skjul CPR covers it again");
// Pressed twice at once, what was asked for last is what is shown.
await page.evaluate(() => {
  const button = document.querySelector("[data-uncovers]");
  button.click();
  setTimeout(() => button.click(), 60);
});
await page.waitForTimeout(2500);
check((await page.getByRole("button", { name: /^Vis CPR/ }).count()) === 1 && (await black()) > 0, "two presses at once end covered");
await page.getByRole("button", { name: /^Vis CPR/ }).focus();
await page.keyboard.press("Tab");
check((await page.evaluate(() => document.activeElement.textContent)).includes("Hent brev"), "Tab leaves the letter");

// Where the number cannot be noted as shown, it is not shown.
await page.route("**/cpr", (route) => route.abort());
await page.getByRole("button", { name: "Vis CPR" }).press("Enter");
await page.waitForTimeout(300);
check((await black()) > 0, "a number that is not noted is not shown");

console.log(`${covered} numbers on ${producers.length + 1} producers' letters are covered`);
await finish(server, [eva]);
