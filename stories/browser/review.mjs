// The review in a real browser: 60 corrections, three of them undone, two windows at once, Fortryd within the window.
import { Page, check, finish, open, serve, upload } from "./portal.mjs";

const corrections = Number(process.env.CORRECTIONS ?? 60);
const server = await serve();
const eva = await open(server);
const id = await upload(eva, "Gennemsyn i browseren");
const start = `/afsend/${id}`;

await eva.goto(start);
await eva.accessible("the review");
const before = await eva.letters();
const pages = await eva.firstPages(corrections);
check(pages.length === corrections, `the document has ${pages.length} letters that can be cut, ${corrections} are needed`);

const times = [];
for (const [n, number] of pages.entries()) {
  await eva.goto(`${start}/brev/${number + n}`); // each cut makes one letter more before the next one
  if (n === 0) {
    await eva.accessible("a letter of the review");
    await eva.preview(number + n);
  }
  const begun = Date.now();
  await eva.press("Del brevet");
  times.push(Date.now() - begun);
}
times.sort((a, b) => a - b);
await eva.goto(start);
check((await eva.letters()) === before + corrections, `${await eva.letters()} letters after ${corrections} cuts of ${before}`);

for (const n of [1, 2, 3]) {
  await eva.press(`Fortryd rettelse ${n}`);
}
check((await eva.letters()) === before + corrections - 3, "three corrections are undone");
await eva.accessible("the review with corrections");

// Two windows at once: who comes second is told, and nothing is done.
const bo = await open(server);
await bo.goto(`${start}/brev/1`);
await eva.goto(`${start}/brev/1`);
await eva.press("Send ikke brevet");
await bo.press("Send ikke brevet", 412);
check(await bo.says("En anden har rettet"), "the second window is told");
await bo.accessible("what the second window is told");
await bo.goto(start);
await eva.goto(`${start}/brev/2`);
await eva.press("Send ikke brevet");
await bo.send(412);
check(await bo.says("En anden har rettet"), "whoever sends what another has corrected is told");

// A rehearsal says what would have happened, and sends nothing.
const tried = await upload(bo, "Generalprøve i browseren");
await bo.goto(`/afsend/${tried}`);
await bo.press("Generalprøve");
await bo.page.getByText("breve ville være sendt").waitFor({ timeout: 60_000 });
check(await bo.says("Intet er sendt, og forsendelsen kan ikke sendes"), "the rehearsal says that nothing is sent");
await bo.accessible("a rehearsal");
check((await server.accepted()) === 0, "nothing has left with the rehearsal");

// Letters that are dated long ago ask first (practice.md C14).
await eva.goto(start);
check(await eva.says("Frister i dem kan være for korte"), "the review says that dates are old");
await eva.answer(eva.page.getByRole("button", { name: /^Send \d/ }), 422);
check(await eva.says("Skal de sendes alligevel"), "old letters ask before they leave");
await eva.accessible("what old letters ask");
if (process.env.SHOTS) await eva.page.screenshot({ path: `${process.env.SHOTS}/gamle-datoer.png`, fullPage: true });

// Fortryd within the window: nothing has left.
await eva.goto(start);
await eva.send(200);
check(await eva.says("Intet er sendt endnu"), "the shipment waits");
await eva.accessible("a shipment that waits");
await eva.press("Fortryd");
check(await eva.says("Gennemse og send"), "the shipment is a draft again");
check((await server.accepted()) === 0, "nothing has left");

console.log(`${corrections} corrections of ${before} letters: median ${times[corrections / 2]} ms, slowest ` +
  `${times[corrections - 1]} ms, from the click to the page`);
await finish(server, [eva, bo]);
