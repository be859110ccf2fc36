// Who comes in, and what they may do, as people see it: an administrator invites twelve users with two bad rows and asks
// for four eyes; a secretary comes in with a mailed code, sets up a passkey and writes; a colleague approves; each is
// refused what the other may do. On a desktop and on a telephone, with axe on every page.
import { check, finish, logIn, mailbox, open, serve, upload, visit } from "./portal.mjs";

const mail = await mailbox();
const server = await serve("--smtp", mail.address, "--sweep", "200ms");
const named = server.base.replace("127.0.0.1", "localhost"); // passkeys want a name

// The administrator.
const admin = await open(server);
for (const [path, what] of [["/administration", "users"], ["/administration/brugere/ny", "a new user"],
  ["/administration/grupper", "groups"], ["/administration/grupper/afsendere", "a group"],
  ["/administration/import", "the import"], ["/administration/noegler", "keys"],
  ["/administration/system", "the settings"], ["/administration/spor", "who has seen"], ["/mit-login", "one's own log-in"], ["/log/ubehandlet", "Ubehandlet"]]) {
  await admin.goto(path);
  await admin.accessible(what);
}
await admin.goto("/administration");
check(await admin.says("kun én administrator"), "one administrator alone is warned of");
await admin.goto("/administration/system");
await admin.page.fill("[name=fireoejne]", "2");
await admin.press("Gem indstillinger");
check(await admin.says("Indstillingerne er gemt"), "the settings are kept");

// Twelve users in three groups, of whom two rows are wrong at first.
await admin.goto("/administration/grupper/ny");
await admin.page.fill("[name=navn]", "Læsere");
await admin.page.check("#ret-see-all");
await admin.press("Opret gruppe");
const head = "Brugernavn;Navn;Mail;Adgangsgrupper\r\n";
const people = Array.from({ length: 10 }, (_, n) => `bruger${n};Bruger ${n};bruger${n}@skole.example;Læsere\r\n`).join("");
const wrong = "sigrid;Sigrid Ås;sigrid@skole.example;Afsenderne\r\nbo;Bo Dal;bo-skole.example;Godkendere|Læsere\r\n";
const importing = async (list) => {
  await admin.goto("/administration/import");
  await admin.page.setInputFiles("[name=fil]", { name: "personale.csv", mimeType: "text/csv", buffer: Buffer.from(list) });
  await admin.press("Vis, hvordan det vil gå");
};
await importing(head + people + wrong);
check(await admin.says("Intet er oprettet endnu"), "nothing is done before it is confirmed");
check(await admin.says("Gruppen »Afsenderne« findes ikke"), "the row says what is wrong");
await admin.accessible("how an import will go");
const [file] = await Promise.all([admin.page.waitForEvent("download"),
  admin.page.getByRole("button", { name: /Hent de rækker/ }).click()]);
const rows = await new Response(await file.createReadStream()).text();
await admin.press("Importér 10 brugere");
check(await admin.says("Importeret"), "the import is done");
await importing(rows.replace("Afsenderne", "Afsendere").replace("bo-skole", "bo@skole"));
await admin.press("Importér 2 brugere");
await admin.goto("/administration");
check(await admin.says("Sigrid Ås"), "the mended rows are users");
await admin.accessible("users and invitations");

// The secretary: a mailed code, wrong ones, one's own code, a passkey.
const sigrid = await visit(server, { base: named });
const cdp = await sigrid.context.newCDPSession(sigrid.page);
await cdp.send("WebAuthn.enable");
await cdp.send("WebAuthn.addVirtualAuthenticator", { options: { protocol: "ctap2", transport: "internal",
  hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
await logIn(sigrid, "sigrid", "forkert");
await sigrid.press("Log ind", 401);
check(await sigrid.says("passer ikke sammen"), "a wrong code is told, and not which half");
await sigrid.accessible("a wrong code");
await logIn(sigrid, "sigrid", await mail.code("sigrid@skole.example"));
await sigrid.press("Log ind");
check(await sigrid.says("Vælg din egen kode"), "a mailed code is replaced");
await sigrid.accessible("choosing a code");
const own = "gule duer spiser havregryn";
for (const [code, status] of [["sommer2026", 422], ["password12345678", 422], [own, 200]]) {
  await sigrid.page.fill("[name=ny]", code);
  await sigrid.page.fill("[name=ny2]", code);
  await sigrid.press("Gem og log ind", status);
}
await sigrid.goto("/log-ind/to-trin?ny=1");
await sigrid.accessible("setting up a second factor");
await sigrid.page.getByRole("button", { name: "Lav en adgangsnøgle" }).click();
await sigrid.page.waitForURL("**/mit-login");
check(await sigrid.says("Min computer"), "the passkey is there");
await sigrid.press("Log af");
await logIn(sigrid, "sigrid", own);
await sigrid.press("Log ind");
await sigrid.accessible("the second factor");
await sigrid.page.goto("/log");
check(sigrid.page.url().endsWith("/log-ind/to-trin"), "the code alone lets nobody in");
await sigrid.page.getByRole("button", { name: "Brug din adgangsnøgle" }).click();
await sigrid.page.waitForURL("**/afsend");

// Four eyes: she writes and sends, and it waits; she cannot approve it herself.
const id = await upload(sigrid, "Flytning");
await sigrid.send(200);
check(await sigrid.says("Venter på godkendelse"), "what she sends waits");
check(!(await sigrid.says("Godkend og send")), "she cannot approve it");
await sigrid.accessible("a shipment that waits for approval");
await sigrid.page.goto("/administration");
check(await sigrid.says("Du har ikke rettigheden »administrere«"), "she is told that she may not administer");
await sigrid.accessible("what somebody may not");

// The colleague, on a telephone: approves, and may not write.
const bo = await visit(server, { phone: true });
await logIn(bo, "bo", await mail.code("bo@skole.example"));
await bo.press("Log ind");
await bo.page.fill("[name=ny]", "tavse telefoner ringer torsdag");
await bo.page.fill("[name=ny2]", "tavse telefoner ringer torsdag");
await bo.press("Gem og log ind");
await bo.page.goto("/afsend");
check(await bo.says("Du har ikke rettigheden »skrive«"), "he is told that he may not write");
await bo.goto("/log");
check(await bo.says("Venter på godkendelse"), "the log says what waits");
await bo.accessible("the log on a telephone");
await bo.goto("/log/godkend");
await bo.accessible("what waits for approval, on a telephone");
await bo.goto(`/afsend/${id}`);
await bo.accessible("approving on a telephone");

// She corrects: the approval that he was about to give is void.
await sigrid.goto(`/afsend/${id}/brev/1`);
await sigrid.press("Send ikke brevet");
await bo.answer(bo.page.getByRole("button", { name: /^Godkend og send/ }), 409);
check((await server.accepted()) === 0, "nothing has left");
await sigrid.goto(`/afsend/${id}`);
await sigrid.send(200);
await bo.goto(`/afsend/${id}`);
await bo.answer(bo.page.getByRole("button", { name: /^Godkend og send/ }), 200);
check(bo.page.url().includes(`/forsendelse/${id}`), "it is approved, and on its way");

// Sessions: the administrator sees where she is in, and she ends one of them; a closed user is out.
await sigrid.goto("/mit-login");
await sigrid.accessible("the sessions");
await admin.goto("/administration/brugere/bo");
await admin.dare("Luk brugeren ude nu", "Ja, luk brugeren ude");
await bo.page.goto("/log");
check(bo.page.url().endsWith("/log-ind"), "a closed user is out at once");
await bo.accessible("the log-in on a telephone");
const before = mail.mails.length;
const lost = await visit(server, { phone: true });
await lost.goto("/log-ind/glemt");
await lost.accessible("a forgotten code");
for (const name of ["findes-ikke", "sigrid"]) {
  await lost.goto("/log-ind/glemt");
  await lost.page.fill("[name=bruger]", name);
  await lost.press("Send en ny kode på mail");
  check(await lost.says("Findes brugernavnet"), "the answer is the same whoever it is");
}
check((await mail.code("sigrid@skole.example", before)).length > 10, "a new code is mailed");
await sigrid.goto("/log");

// What she has seen and done stands where one asks for it; she ends the session of a window that she forgot.
await admin.goto("/administration/spor");
await admin.page.fill("[name=bruger]", "sigrid");
await admin.press("Vis");
check(await admin.says("Hvad sigrid har set og gjort") && (await admin.says("rettede delingen")), "what she did is there");
await admin.accessible("what somebody has seen and done");
await admin.page.fill("[name=nummer]", "12");
await admin.press("Vis", 422);
check(await admin.says("ikke et CPR- eller CVR-nummer"), "what is no number is told");
const forgotten = await open(server);
await admin.goto("/mit-login");
const others = admin.page.locator("tr", { hasNotText: "Her, lige nu" }).locator("form[action='/mit-login/log-af'] button");
check((await others.count()) > 0, "the other sessions are listed");
while ((await others.count()) > 0) await admin.answer(others.first(), 200);
await forgotten.page.goto("/log");
check(forgotten.page.url().endsWith("/log-ind"), "a session that was ended leads to the log-in");

mail.close();
console.log(`12 users imported, ${mail.mails.length} mails, one shipment approved by a second person`);
await finish(server, [admin, sigrid, bo, lost, forgotten]);
