// Forms, in a real browser with and without script: what is wrong stands in one summary that is in view and has focus,
// leads to its field, and is in the title; what cannot be undone asks first; what was done is said in a sentence.
import { join } from "node:path";
import { check, finish, logIn, Page, root, serve } from "./portal.mjs";

const server = await serve();
try {
  server.run("upload", join(root, "testdata/flettebrev.pdf"), "--subject", "Afgørelse", "--wait");
} catch {
  // two of its letters have no number
}

// wrong presses a button that has something to say, and looks at how it is said.
async function wrong(page, what, press) {
  await page.page.evaluate(() => document.getElementById("fejl")?.remove()); // the one before
  await press();
  const box = page.page.locator("#fejl:visible");
  await box.waitFor({ timeout: 5000 });
  check(/^Fejl: /.test(await page.page.title()), `${what}: the title is ${await page.page.title()}`);
  check(await box.evaluate((e) => e === document.activeElement), `${what}: the summary has focus`);
  check(await box.evaluate((e) => {
    const { top, bottom } = e.getBoundingClientRect();
    return top >= 0 && top < window.innerHeight && bottom > 0;
  }), `${what}: the summary is in view`);
  const lines = await box.locator("li").allTextContents();
  check(lines.length > 0 && lines.every((l) => l.trim()), `${what}: ${lines}`);
  check(!/§|undefined|null|\bfield\b/.test(lines.join()), `${what}: ${lines}`);
  for (const link of await box.locator("a").all()) {
    const at = (await link.getAttribute("href")).slice(1);
    const field = page.page.locator(`[id="${at}"]`);
    check((await field.count()) === 1, `${what}: the field ${at} is there`);
    if (!(await field.count()) || !/^(INPUT|SELECT|TEXTAREA)$/.test(await field.evaluate((e) => e.tagName))) continue;
    check((await field.getAttribute("aria-invalid")) === "true", `${what}: ${at} is marked`);
    const ids = ((await field.getAttribute("aria-describedby")) ?? "").split(" ");
    check(ids.includes(`${at}-fejl`) && (await page.page.locator(`[id="${at}-fejl"]`).count()) === 1,
      `${what}: ${at} says what is wrong with it`);
    await link.click();
    if (page.script) check(await field.evaluate((e) => e === document.activeElement), `${what}: ${at} gets focus`);
  }
  await page.accessible(`${what}, refused`);
  return lines.join(" ");
}

for (const script of [true, false]) {
  const context = await server.browser.newContext({ baseURL: server.base, javaScriptEnabled: script });
  const page = new Page(await context.newPage());
  page.script = script;
  if (!script) page.accessible = async () => {}; // axe is a script
  const how = script ? "with script" : "without script";
  const button = (name) => page.page.getByRole("button", { name, exact: true }).first().click();
  // Without script a browser holds back an empty field itself; what it lets by is the server's to say.
  const fill = async (fields) => {
    for (const [name, text] of Object.entries(fields)) {
      await page.page.fill(`main form:not([role=search]) [name="${name}"] >> visible=true`, text);
    }
  };

  await logIn(page, "demo", "forkert");
  await wrong(page, `log-in, ${how}`, () => button("Log ind"));
  await logIn(page, "demo", server.code);
  await page.press("Log ind");

  await page.goto("/afsend");
  await fill({ emne: "x".repeat(60) });
  if (script) {
    await wrong(page, "a shipment without a document", () => button("Fortsæt til gennemsyn"));
    await page.page.setInputFiles("#pdf", join(root, "testdata/flettebrev.pdf"));
  }
  const said = await wrong(page, `a subject too long, ${how}`, () => button("Fortsæt til gennemsyn"));
  check(/50/.test(said), `the limit is said: ${said}`);
  await page.goto("/afsend");
  await fill({ emne: "Til to" });
  if (script) await page.page.setInputFiles("#pdf", join(root, "testdata/flettebrev.pdf"));
  await page.page.check("#m2");
  await page.page.fill("#numre", "1234");
  await wrong(page, `a number that is none, ${how}`, () => button("Fortsæt til gennemsyn"));

  await page.goto("/log/ubehandlet");
  await wrong(page, `nothing chosen, ${how}`, () => button("Ret og send"));
  await page.goto("/log/ubehandlet");
  await page.page.locator("tbody [name=valgt]").first().check({ force: true });
  await button("Ret og send");
  await page.page.fill("input[name=modtager]", "1234");
  await wrong(page, `a correction, ${how}`, () => button("Send 1 rettet brev"));
  await page.goto("/log/ubehandlet");
  await page.page.locator("tbody [name=valgt]").first().check({ force: true });
  await button("Markér som håndteret");
  await page.page.fill("input[name=begrundelse]", " ");
  await wrong(page, `a reason that is none, ${how}`, () => button("Markér 1 som håndteret"));

  await page.goto("/profiler");
  await fill({ navn: " ", egne: "12" });
  await wrong(page, `a profile, ${how}`, () => button("Gem profilen"));
  await fill({ navn: `Studie ${how}`, egne: "" });
  await page.press("Gem profilen");
  check(await page.says(`Profilen Studie ${how} er gemt.`), `a profile is kept, ${how}`);
  await page.page.reload();
  check(!(await page.says(`Profilen Studie ${how} er gemt.`)), "a sentence is said once");
  await page.page.locator("summary", { hasText: "Fjern" }).last().click();
  check(await page.says("Fjern profilen for alle?"), `it asks before a profile is removed, ${how}`);
  await page.press("Ja, fjern profilen");
  check(await page.says(`Profilen Studie ${how} er fjernet.`), `a profile is removed, ${how}`);

  await page.goto("/drift");
  await fill({ til: "ikke en adresse" });
  await wrong(page, `who is told, ${how}`, () => button("Tilføj"));
  await page.goto("/drift");
  await fill({ begrundelse: " " });
  await wrong(page, `stopping without a reason, ${how}`, () => button("Stop afsendelsen nu"));

  await page.goto("/administration/brugere/ny");
  await fill({ bruger: "to ord!" });
  await wrong(page, `a user, ${how}`, () => button("Opret bruger"));
  await page.goto("/administration/grupper/ny");
  await fill({ navn: "Afsendere" });
  await wrong(page, `a group, ${how}`, () => button("Opret gruppe"));
  await page.goto("/administration/noegler");
  await fill({ navn: "program", fra: "overalt" });
  await wrong(page, `a key, ${how}`, () => button("Lav nøglen"));
  await page.goto("/administration/system");
  await fill({ fireoejne: "mange" });
  await wrong(page, `settings, ${how}`, () => button("Gem indstillinger"));
  await page.goto("/administration/spor");
  await wrong(page, `nobody asked for, ${how}`, () => button("Vis"));
  await page.goto("/administration/import");
  await page.page.setInputFiles("#fil", join(root, "README.md"));
  await wrong(page, `a list of users, ${how}`, () => button("Vis, hvordan det vil gå"));
  await page.goto("/modtagere");
  await fill({ navn: "Liste" });
  await page.page.setInputFiles("#fil", join(root, "README.md"));
  await wrong(page, `a list of recipients, ${how}`, () => button("Gem listen"));
  await page.goto("/arkiv");
  await page.page.fill("#ord", "0101901234");
  await wrong(page, `a search, ${how}`, () => button("Søg"));
  await page.goto("/log-ind/ny-kode");
  await fill({ kode: "forkert", ny: "kort", ny2: "kort" });
  await wrong(page, `a code, ${how}`, () => button("Gem og log ind"));

  if (script) { // what is chosen in what is folded is said there; files are added to those before, with their size
    await page.goto("/afsend");
    const option = (name) => page.page.locator("details.bd-option", { hasText: name });
    await option("CPR-nummer").locator("summary").click();
    await page.page.locator("#fjern").check({ force: true });
    check((await option("CPR-nummer").locator("summary").textContent()).includes("Fjern CPR"), "a choice is said");
    await option("Bilag").locator("summary").click();
    for (const file of ["testdata/flettebrev.pdf", "testdata/fejl.pdf"]) await page.page.setInputFiles("#bilag", join(root, file));
    const files = await option("Bilag").locator(".bd-drop").textContent();
    check(/flettebrev\.pdf \([\d,]+ MB\), fejl\.pdf/.test(files), `both attachments are there: ${files}`);
    await page.page.evaluate(() => {
      const files = new DataTransfer();
      for (const name of ["a.pdf", "b.pdf"]) files.items.add(new File(["%PDF"], name, { type: "application/pdf" }));
      document.getElementById("pdf").dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
    });
    check((await page.page.locator("#fejl").textContent()).includes("ét dokument ad gangen"), "two documents at once are told");
    const beside = await page.page.evaluate(() => !document.body.dispatchEvent(
      new DragEvent("drop", { dataTransfer: new DataTransfer(), bubbles: true, cancelable: true })));
    check(beside, "what is dropped beside a zone does not open in the tab");
  }
  if (script) { // what the browser itself finds is said there too
    await page.goto("/profiler");
    const empty = await wrong(page, "an empty field", () => button("Gem profilen"));
    check(/Udfyld »Navn«/.test(empty), empty);
    await page.goto("/administration/brugere/ny");
    await fill({ mail: "ikke en mail" });
    await wrong(page, "two fields at once", () => button("Opret bruger"));
    check((await page.page.locator("#fejl li").count()) === 2, "both are said at once");
  }
}
await finish(server, []);
