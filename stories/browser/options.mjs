// What a sender chooses for the messages, in a real browser: chosen on Afsend, repeated before Send, and seen again on
// the letter's page.
import { check, finish, open, serve } from "./portal.mjs";

const shots = process.env.SHOTS;
const server = await serve();
const eva = await open(server);
const page = eva.page;
const shot = async (name) => shots && page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });

// A recipient list of a spreadsheet: good rows are on it, the others come back to be mended.
const rows = (text) => ({ name: "liste.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
await eva.goto("/modtagere");
await page.fill("[name=navn]", "Bestyrelsen");
await page.setInputFiles("#fil", rows("Navn;Nummer\nAnna Holm;010190-1234\nIda Lund;707901234\n"));
await eva.press("Gem listen");
check(await eva.says("Række 3: Nummeret har ni cifre"), "a row that is no recipient is told");
await eva.accessible("a recipient list");
const [bad] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Hent rækkerne" }).click()]);
check(bad.suggestedFilename() === "ret-og-upload-igen.csv", "rows to mend are a file");
await page.setInputFiles("#fil", rows("Navn;Nummer\nIda Lund;0707901234\n"));
await eva.press("Føj til listen");
check(await eva.says("2 modtagere"), "the mended row is on the list");
await eva.goto("/modtagere");
await eva.accessible("the recipient lists");

await eva.goto("/afsend");
for (const name of ["Bilag", "Svar", "Levering og besked", "Slags post"]) {
  await page.locator("summary", { hasText: name }).first().click();
}
await eva.accessible("Afsend with its choices open");
await shot("afsend");
await page.fill("[name=emne]", "Partshøring om tilskud");
await page.check("#m2");
await page.selectOption("#liste", { label: "Bestyrelsen (2)" });
await page.selectOption("#liste", ""); // the numbers alone are meant
await page.fill("[name=numre]", "12345674 P 1000000001\n060690-1234\n010190-9901");
await page.check("#s1");
await page.fill("[name=svarfrist]", "2020-01-01");
await page.fill("[name=besked]", "Nyt brev fra kommunen");
await page.check("#obligatorisk");
const soon = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const written = (iso) => iso.split("-").reverse().map(Number).join(".");
await page.setInputFiles("#bilag", { name: "Vejledning.txt", mimeType: "text/plain", buffer: Buffer.from("Læs mig\n") });
await page.setInputFiles("#pdf", new URL("../../testdata/flettebrev.pdf", import.meta.url).pathname);
await page.locator("form button[type=submit].button-primary").first().click();
await page.getByText("Svarfristen skal ligge efter i dag").first().waitFor();
await shot("fejl");
await page.fill("[name=svarfrist]", soon(30));
await page.locator("form button[type=submit].button-primary").first().click();
await page.getByRole("heading", { name: "Gennemse og send" }).waitFor({ timeout: 60_000 });
for (const text of [`Modtageren kan svare senest ${written(soon(30))}`, "Obligatorisk post", "P 1000000001",
  "Nyt brev fra kommunen", "hele virksomhedens postkasse",
  "kan læses på en låst skærm"]) {
  check(await eva.says(text), `the review says »${text}«`);
}
const attached = page.getByRole("link", { name: "Vejledning.txt" });
const opened = await page.request.get(await attached.getAttribute("href"));
check(opened.status() === 200 && (await opened.text()) === "Læs mig\n", "an attachment is opened in the review");
await eva.accessible("the review with its files");
await page.waitForTimeout(500);
await page.reload();
check(await eva.says("er fritaget. Det er obligatorisk post"), "the review says who is exempt");
check(await eva.says("Fritaget for Digital Post"), "and which letter that is");
await eva.accessible("the review with choices");
await shot("gennemse");
const id = /\/afsend\/([a-z0-9]{12})/.exec(page.url())[1];
await eva.send(200);
server.run("watch", id);
await eva.goto(`/forsendelse/${id}?brev=1`);
for (const text of ["Tilgængelig den", "1000000001", `Modtageren kan svare senest ${written(soon(30))}`,
  "Obligatorisk post"]) {
  check(await eva.says(text), `the letter's page says »${text}«`);
}
await eva.accessible("a letter with choices");
await shot("brev");
const memo = server.run("memo", id, "1");
for (const element of ["<memo:mandatory>true<", "<memo:notification>Nyt brev fra kommunen<", "<memo:replyByDateTime>",
  "<grd:productionUnitNumber>1000000001<"]) {
  check(memo.includes(element), `the message has ${element}`);
}
await finish(server);
