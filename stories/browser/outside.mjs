// An archive outside Brevdue in a real browser: a folder that is not there holds letters back in Ubehandlet; another case is
// chosen, the folder comes, and the letters lie in it.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check, finish, open, root, serve } from "./portal.mjs";

const shots = process.env.SHOTS;
const archives = mkdtempSync(join(tmpdir(), "brevdue-archives-"));
const server = await serve("--archive-folder", archives);
const settings = join(server.data, "mappe.json");
writeFileSync(settings, JSON.stringify({ id: "mappe", name: "Elevmappen", kind: "folder", folder: "elever" }));
server.run("organization", "archive", "demo", settings);
const eva = await open(server);
const page = eva.page;
const shot = async (name) => shots && page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
const folder = join(archives, "demo", "elever");
const lying = () => readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".pdf")).length;

await eva.goto("/afsend");
await page.getByText("Arkiv og journalplan-placering").click();
check(await page.getByLabel("Elevmappen").isVisible(), "Afsend offers the archive");
await eva.accessible("Afsend with an archive outside");
await shot("afsend-arkiv");

const id = JSON.parse(server.run("upload", join(root, "testdata/flettebrev.pdf"), "--subject", "Afgørelse om tilskud",
  "--archive", "mappe", "--json")).id;
for (let n = 0; n < 150 && !(await eva.says("Mappen til arkivet »Elevmappen« er der ikke")); n++) {
  await page.waitForTimeout(200);
  await eva.goto("/log/ubehandlet");
}
check(await eva.says("Er drevet koblet på?"), "Ubehandlet says what is missing");
await eva.accessible("Ubehandlet with an archive outside");
await shot("ubehandlet-arkiv");
await eva.goto(`/forsendelse/${id}?brev=1`);
check(await eva.says("Arkivering fejlet"), "so does the letter's page");
check(await eva.says("Arkivering i Brevdue"), "and what else it says of archiving is of Brevdue's own archive");
await eva.goto("/log");
check(await page.locator("td[data-title=Arkivering]", { hasText: "i Brevdue" }).count() === 1, "so does the log");
await shot("log-arkiv");
await shot("brev-arkiv");

await eva.goto("/log/ubehandlet");
const cause = page.locator("#archive-failed");
await cause.locator("input[name=valgt]").first().check({ force: true });
await cause.getByRole("button", { name: "Vælg en anden sag" }).click();
await page.getByLabel("Sagens nummer i arkivet").fill("010190-1234");
await page.getByRole("button", { name: "i den sag" }).click();
check(await eva.says("CPR"), "a person's number is no case");
await eva.accessible("another case");
await shot("anden-sag");
mkdirSync(folder, { recursive: true, mode: 0o700 });
await page.getByLabel("Sagens nummer i arkivet").fill("2026-0417");
await page.getByRole("button", { name: "i den sag" }).click();
for (let n = 0; n < 100 && !lying(); n++) {
  await page.waitForTimeout(200);
}
check(readdirSync(join(folder, String(new Date().getFullYear()))).join() === "2026-0417", "it lies in the case that was chosen");

await eva.goto("/log/ubehandlet");
await cause.locator("[data-all]").check({ force: true });
await cause.getByRole("button", { name: "Arkivér igen" }).click();
await page.getByRole("button", { name: /igen$/ }).first().click();
for (let n = 0; n < 200 && lying() < 53; n++) {
  await page.waitForTimeout(200);
}
check(lying() === 53, `each letter lies there: ${lying()}`);
await eva.goto("/log/ubehandlet");
check(!(await eva.says("Elevmappen")), "nothing of it waits any more");
rmSync(archives, { recursive: true, force: true });
await finish(server);
