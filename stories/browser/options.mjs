// What a sender chooses for the messages, in a real browser: chosen on Afsend, repeated before Send, and seen again on
// the letter's page.
import { check, finish, open, serve } from "./portal.mjs";

const shots = process.env.SHOTS;
const server = await serve();
const eva = await open(server);
const page = eva.page;
const shot = async (name) => shots && page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });

await eva.goto("/afsend");
for (const name of ["Bilag", "Svar", "Levering og besked", "Slags post"]) {
  await page.locator("summary", { hasText: name }).first().click();
}
await eva.accessible("Afsend with its choices open");
await shot("afsend");
await page.fill("[name=emne]", "Partshøring om tilskud");
await page.check("#m2");
await page.fill("[name=numre]", "12345674 P 1000000001\n060690-1234\n010190-9901");
await page.check("#s1");
await page.fill("[name=svarfrist]", "2020-01-01");
await page.fill("[name=besked]", "Nyt brev fra kommunen");
await page.check("#obligatorisk");
const soon = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const written = (iso) => iso.split("-").reverse().map(Number).join(".");
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
