// The review of a large document by keyboard alone: what is held back stands first, one press leads to the next, a number
// that was typed is shown once in full, and two letters with one number are told.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { check, finish, open, root, serve, upload } from "./portal.mjs";

const server = await serve();
const eva = await open(server);
const page = eva.page;
const id = await upload(eva, "Gennemsyn med tasterne");
let presses = 0;
const press = async (key) => {
  presses++;
  await page.keyboard.press(key);
};
const held = Number((await page.locator(".bd-chips a", { hasText: "Holdes tilbage" }).locator("b").textContent()));
check(held > 1, `${held} letters are held back`);
check(/Holdes tilbage/.test(await page.locator("tbody tr").first().textContent()), "what is held back stands first");
await eva.accessible("the review");
for (const [chip, rows] of [["Holdes tilbage", held], ["Rettet", 0]]) {
  await page.locator(".bd-chips a", { hasText: chip }).click();
  await page.waitForLoadState();
  check((await page.locator(".bd-table tbody tr").count()) === rows, `${chip}: ${rows} rows`);
}
const file = await (await page.request.get(`/afsend/${id}/problemer.csv`)).text();
check(file.trim().split("\n").length > held, "the letters to look at are a sheet");
check(!/\d{6}-\d{4}/.test(file), "the sheet has no number in full");

await eva.goto(`/afsend/${id}`);
await press("Alt+n"); // to the first
for (let n = 0; n < held; n++) {
  await page.waitForURL(/\/brev\/\d+/);
  await page.waitForFunction(() => document.activeElement?.id === "nummer");
  await page.keyboard.insertText("0505801235"); // pasted: one press
  presses++;
  const from = page.url();
  await press("Enter");
  await page.waitForURL((u) => u.href !== from);
  await page.waitForLoadState();
  check(await eva.says("går nu til 050580-1235"), `letter ${n + 1}: the number that was typed is shown in full`);
  if (n === 0) await eva.accessible("the next letter that is held back");
}
check(presses < 40 || held > 18, `${held} letters took ${presses} key presses`);
check(/^\/afsend\/[a-z0-9]+$/.test(new URL(page.url()).pathname), "after the last one comes the list");
check((await page.locator(".bd-chips a", { hasText: "Holdes tilbage" }).locator("b").textContent()) === "0", "none is held back");
await page.locator(".bd-chips a", { hasText: "Advarsel" }).click();
await page.waitForLoadState();
check(await eva.says("Samme nummer som brev"), "letters with one number are told");
await eva.goto(`/afsend/${id}`);
check(!(await eva.says("050580-1235")), "the number is shown once");
await eva.press("Fortryd rettelse 1");
check((await page.locator(".bd-chips a", { hasText: "Holdes tilbage" }).locator("b").textContent()) === "1", "a correction is undone");

// A number that has had letters to somebody else altogether is told, on the letter and in the list.
const merged = join(root, "testdata/flettebrev.pdf");
const number = /(\d{6}-\d{4})/.exec(execFileSync("pdftotext", ["-l", "1", merged, "-"]).toString())[1];
try {
  server.run("upload", merged, "--subject", "Før", "--wait");
} catch {
  // two of its letters need a person
}
await page.waitForTimeout(2000); // it is archived
const again = await upload(eva, "Efter", merged);
await eva.goto(`/afsend/${again}/brev/2`);
await page.fill("#nummer", number);
await eva.press("Gem modtager");
await eva.goto(`/afsend/${again}/brev/2`);
check(await eva.says("Nummeret har før fået breve til en med et helt andet navn"), "a name that does not fit is told");
await eva.goto(`/afsend/${again}/brev/1`);
check(!(await eva.says("Nummeret har før fået breve")), "one that fits is not");
await eva.goto(`/afsend/${again}?vis=advarsel`);
check(await eva.says("et helt andet navn"), "it is a warning in the list");
console.log(`${held} letters that were held back took ${presses} key presses`);
await finish(server, [eva]);
