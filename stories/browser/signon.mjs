// Single sign-on as people see it: the operator lets everybody of an organization log in at its own place, and closes
// codes; whoever has a role comes in, whoever has none is told so, and a code is refused but in an emergency.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check, finish, logIn, open, provider, serve, visit } from "./portal.mjs";

const server = await serve();
const named = server.base.replace("127.0.0.1", "localhost");
const secret = join(mkdtempSync(join(tmpdir(), "brevdue-secret-")), "secret");
const place = await provider(`${named}/log-ind/sso/svar/demo`, "maja=Brevdue.Afsender", "per=Noget.Andet");

// What is wrong is said, and the secret is not shown again.
const admin = await open(server);
await admin.goto("/administration/brugere/ny");
await admin.page.fill("[name=bruger]", "noed");
await admin.page.fill("[name=navn]", "Nødbruger");
await admin.page.check("[value=administratorer]");
await admin.press("Opret bruger");
writeFileSync(secret, "hemmelig\n");
const set = (...flags) => server.run("organization", "sso", "demo", "--client", "brevdue", "--secret", secret,
  "--role", "Brevdue.Afsender=afsendere", ...flags);
const refused = (says, ...flags) => {
  try {
    set(...flags);
    check(false, `refused: ${says}`);
  } catch (error) {
    check(String(error.stderr).includes(says), `refused with »${says}«: ${error.stderr}`);
  }
};
refused("alle med en Microsoft-konto", "--issuer", "https://login.microsoftonline.com/common/v2.0");
refused("Adgangsgruppen afsenderne findes ikke", "--issuer", place.address, "--role", "Andet=afsenderne");
refused("to brugere", "--issuer", place.address, "--only");
refused("Brugeren noed2 findes ikke", "--issuer", place.address, "--only", "--emergency", "demo", "--emergency", "noed2");
set("--issuer", place.address, "--only", "--emergency", "demo", "--emergency", "noed");
await admin.goto("/administration/system");
check(await admin.says(`I logger ind gennem ${place.address}`), "the log-in is shown");
check(!(await admin.page.content()).includes("hemmelig"), "the secret is not shown");
await admin.accessible("the settings with a log-in elsewhere");

// Whoever has a role comes in, and back to where they were going.
const elsewhere = async (visitor, name) => {
  await visitor.goto("/log-ind");
  await visitor.accessible("the log-in with a place of its own");
  await visitor.page.getByRole("link", { name: /^Log ind med/ }).click();
  await visitor.page.fill("[name=username]", name);
  await visitor.page.fill("[name=password]", "kode");
  await visitor.page.getByRole("button").click();
};
const maja = await visit(server, { base: named });
await elsewhere(maja, "maja");
await maja.page.waitForURL("**/afsend");
await maja.page.goto("/administration");
check(await maja.says("Du har ikke rettigheden »administrere«"), "a role gives what its group may");
await maja.goto("/mit-login");
await maja.accessible("the own log-in of somebody from elsewhere");

// Whoever has none is told so, on a telephone.
const per = await visit(server, { base: named, phone: true });
await elsewhere(per, "per");
check(await per.says("du har ingen rolle i Brevdue"), "without a role nobody comes in");
await per.accessible("no role, on a telephone");

// The answer of one browser lets in no other, and codes are closed but for two users.
const other = await visit(server, { base: named });
const stolen = await other.page.goto("/log-ind/sso/svar/demo?state=x&code=y");
check(stolen.status() === 403 && (await other.says("det blev begyndt et andet sted")), "an answer of another browser");
await admin.goto("/administration");
check(await admin.says("maja"), "who came in is a user");
await logIn(other, "demo", server.code);
await other.press("Log ind");
check(other.page.url().endsWith("/afsend"), "one of the two comes in with a code");
place.stop();
await finish(server, [admin, maja, per, other]);
