// Ubehandlet by keyboard alone: each row is reached by Tab while the page refreshes itself, looked at, and solved; a
// document that could not be split is one row, and is solved by uploading it again.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, finish, open, root, serve } from "./portal.mjs";

const server = await serve();
const tried = (...command) => {
  try {
    server.run(...command);
  } catch {
    // something of it waits for a person
  }
};
tried("upload", join(root, "testdata/flettebrev.pdf"), "--subject", "Afgørelse", "--wait");
tried("upload", join(root, "testdata/fejl.pdf"), "--subject", "Fejl", "--wait");
const broken = join(server.data, "ulaeselig.pdf");
writeFileSync(broken, "%PDF-1.7\nnoget, der ikke er en PDF");
tried("upload", broken, "--subject", "Ulæselig", "--wait");

const eva = await open(server);
const page = eva.page;
const tabTo = async (what, is) => {
  for (let n = 0; n < 120; n++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(is)) return true;
  }
  check(false, `the Tab key does not reach ${what}`);
  return false;
};
const go = async () => {
  const from = page.waitForNavigation();
  await page.keyboard.press("Enter");
  await from;
  await page.waitForLoadState();
};
await eva.goto("/log/ubehandlet");
await eva.accessible("Ubehandlet");
check(await eva.says("Upload dokumentet igen"), "a stopped document says how it is solved");
check((await page.locator(".bd-cause").first().textContent()).includes("Ulæselig"), "what is most urgent stands first");
const names = await page.locator(".bd-cause tbody th .bd-title").allTextContents();
check(names.some((n) => /^\p{L}+ \p{L}+/u.test(n.trim())), `rows have names: ${names}`);

// The stopped document: the form knows what it was, and its row is gone once the new one is there.
await tabTo("the link of the stopped document", () => document.activeElement.textContent === "Upload dokumentet igen");
await go();
check((await page.inputValue("#emne")) === "Ulæselig", "the form has its subject");
await page.setInputFiles("#pdf", join(root, "testdata/flettebrev.pdf"));
await page.focus("#emne");
await go();
await page.waitForURL(/\/afsend\/[a-z0-9]{12}/, { timeout: 60_000 });
await page.getByRole("heading", { name: "Gennemse og send" }).waitFor({ timeout: 60_000 });
const review = new URL(page.url()).pathname;
await eva.goto("/log/ubehandlet");
check(await eva.says("Upload dokumentet igen"), "its row stays until the new one is sent");
await eva.goto(review);
await eva.send(200);
await eva.goto("/log/ubehandlet");
check(!(await eva.says("Upload dokumentet igen")), "its row is gone");
await page.waitForTimeout(12_000); // the undo window, and the letters' end

// A letter is looked at where it stands.
await tabTo("a letter to look at", () => document.activeElement.textContent.startsWith("Se brevet"));
await page.keyboard.press("Enter");
await page.waitForSelector(".bd-look[open] .is-drawn canvas");
await page.waitForTimeout(4000); // a refresh
check((await page.locator(".bd-look[open] .is-drawn canvas").count()) > 0, "a letter that is drawn stays");
check((await page.locator(".bd-look[open]").count()) === 1, "what is open stays open");
await page.locator(".bd-look[open] [data-uncovers]").press("Enter");
await page.waitForFunction(() => document.querySelector(".bd-look[open] canvas:not([data-covers])"));
await page.waitForTimeout(4000); // a refresh
check(/^Skjul CPR/.test(await page.locator(".bd-look[open] [data-uncovers]").textContent()), "a number that is shown says so after a refresh");
await page.setViewportSize({ width: 320, height: 568 });
const right = await page.locator(".bd-look[open] canvas").evaluate((c) => c.getBoundingClientRect().right);
check(right <= 320, `a letter is no wider than a telephone: ${right}`);
await page.setViewportSize({ width: 1280, height: 800 });
await eva.accessible("a letter in Ubehandlet");
await tabTo("what is behind the letter", () => document.activeElement.textContent === "Åbn brevet for sig");

// Each row, with the keyboard alone: chosen, marked, and given a reason.
let solved = 0;
for (; solved < 20 && !(await eva.says("Alt er behandlet")); solved++) {
  await eva.goto("/log/ubehandlet");
  if (await eva.says("Alt er behandlet")) break;
  // Buttons stand before the rows that they are about: choose, and go back to them.
  if (!(await tabTo("a row", () => document.activeElement.name === "valgt"))) break;
  await page.keyboard.press("Space");
  const code = await page.evaluate(() => document.activeElement.dataset.of);
  for (let n = 0; n < 10; n++) {
    await page.keyboard.press("Shift+Tab");
    if (await page.evaluate(() => document.activeElement.value === "haandteret")) break;
  }
  await go();
  check(await page.evaluate(() => document.activeElement.matches(".bd-dry")), `${code}: what is asked has focus`);
  await tabTo("the reason", () => document.activeElement.name === "begrundelse");
  await page.keyboard.type("ringet op");
  await go();
  check(await eva.says("er markeret som håndteret"), `${code}: it is said that it is done`);
}
check(await eva.says("Alt er behandlet"), "everything is solved");
check(solved === 7, `${solved} rows were solved`);
await eva.accessible("nothing is left");
console.log(`${solved} rows of Ubehandlet solved by keyboard alone`);
await finish(server, [eva]);
