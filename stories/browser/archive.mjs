// The archive in a real browser: a letter is found by a name while Digital Post is down, with its attachment; the
// receipt joins them when it is back.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, finish, open, root, serve } from "./portal.mjs";

const shots = process.env.SHOTS;
const server = await serve("--retry-for", "60s");
const eva = await open(server);
const page = eva.page;
const shot = async (name) => shots && page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
const outage = (is) => fetch(`${server.base}/simulator/outage`, { method: "PUT", body: is });

await outage("on");
const attachment = join(server.data, "Vejledning.txt");
writeFileSync(attachment, "Læs mig\n");
const id = JSON.parse(server.run("upload", join(root, "testdata/flettebrev.pdf"), "--subject", "Afgørelse om tilskud",
  "--attach", attachment, "--json")).id;

const search = async (text, status) => {
  await eva.goto("/arkiv");
  await page.fill("#q", text);
  await eva.press("Søg", status);
};
for (let n = 0; n < 100; n++) {
  await search("bækgaard åse");
  if (await page.locator("tbody a").count()) break;
  await page.waitForTimeout(200);
}
check(await eva.says("Åse Bækgaard"), "a letter is found by name while Digital Post is down");
check(!(await eva.says("Mette Sørensen")), "and nobody else");
await eva.accessible("the archive's search");
await shot("arkiv");
await page.locator("tbody a").first().click();
await page.getByRole("heading", { name: "Åse Bækgaard" }).waitFor();
check(await eva.says("Arkiveret (afventer kvittering)"), "its receipt is awaited");
const file = page.getByRole("link", { name: "Vejledning.txt" });
const opened = await page.request.get(await file.getAttribute("href"));
check(opened.status() === 200 && (await opened.text()) === "Læs mig\n", "the attachment is opened in the archive");
const letter = await page.request.get(await page.getByRole("link", { name: "flettebrev.pdf" }).getAttribute("href"));
check((await letter.body()).subarray(0, 4).toString() === "%PDF", "so is the letter");
await eva.accessible("a case");
await shot("sag");
const address = page.url();
await eva.goto(`/forsendelse/${id}`);
check(await eva.says("Arkiveret (afventer kvittering)"), "the shipment's page says it too");

await outage("off");
try {
  server.run("watch", id);
} catch (failed) {
  check(failed.status === 3, `watch: ${failed}`); // two letters need a person
}
await page.goto(address);
check(await eva.says("kvittering-1.json") && !(await eva.says("afventer kvittering")), "the receipt has joined them");
await shot("sag-kvittering");
await search("0301611304");
check((await page.locator("tbody a").count()) === 1 && (await page.inputValue("#q")) === "", "found by number");
await search("tilskud åse bækg");
check((await page.locator("tbody a").count()) === 1 && (await eva.says("Åse Bækgaard")), "found by subject and name");
await page.locator("tbody a").first().click();
const zip = await page.request.get(await page.getByRole("link", { name: "Hent alt som zip" }).getAttribute("href"));
check((await zip.body()).subarray(0, 2).toString() === "PK" &&
  decodeURIComponent(zip.headers()["content-disposition"]).includes("Modtagerens egen sag"), "the case is fetched as a zip file");
await eva.goto("/arkiv");
await page.fill("#q", "tilskud");
await page.fill("#til", "2026-01-01");
await eva.press("Søg");
check(await eva.says("Intet, du må se, passer"), "nothing was filed in that period");
await page.fill("#fra", "2026-01-02");
await eva.press("Søg", 422);
check(await eva.says("Perioden slutter, før den begynder"), "the period ends before it begins");
await page.fill("#q", "0301611304");
await eva.press("Søg", 422);
check((await page.inputValue("#q")) === "", "a number is not shown again, also where something is wrong");
await eva.accessible("a search in a period");
await shot("arkiv-periode");
await eva.goto("/arkiv");
await page.fill("#ord", "sønder ærø ægirsvej");
await eva.press("Søg", 422);
check(await eva.says("vælg en periode eller en dokumenttype"), "words of letters are not searched in all of it");
await page.fill("#fra", "2026-01-01");
await eva.press("Søg");
check(await eva.says("Åse Bækgaard") && !(await eva.says("Mette Sørensen")), "found by what the letter says");
await eva.accessible("a search in what letters say");
await shot("arkiv-ord");
await search("Ingen Kendt");
check(await eva.says("Intet, du må se, passer"), "nobody of that name");
await search("–", 422);
check(await eva.says("Skriv et navn"), "nothing was asked for");
await eva.accessible("a search for nothing");
await finish(server);
