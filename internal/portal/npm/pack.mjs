// pack copies what the portal needs of the npm packages into ../static/npm, which the binary embeds when it is there.
// dkfds.css expects to lie in a css/ folder and lists fonts in formats nobody needs; both are put right here
// (design: Packaging DKFDS). brevdue.css declares the two fonts that are used.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const from = "node_modules";
const to = "../static/npm";
rmSync(to, { recursive: true, force: true });
mkdirSync(`${to}/fonts`, { recursive: true });

const css = readFileSync(`${from}/dkfds/dist/css/dkfds.min.css`, "utf8")
  .replaceAll("url(../", "url(")
  .replace(/@font-face\s*\{[^}]*\}/g, "");
writeFileSync(`${to}/dkfds.css`, css);
for (const weight of ["Regular", "SemiBold"]) {
  const name = `IBMPlexSans-${weight}-Latin1.woff2`;
  cpSync(`${from}/dkfds/dist/fonts/IBMPlexSans/split/woff2/${name}`, `${to}/fonts/${name}`);
}
mkdirSync(`${to}/img`);
// Of the 151 icons those that a page or a handler names: a browser gets the file with the first page.
const named = new Set();
for (const [folder, kind] of [["../pages", ".html"], ["..", ".go"]])
  for (const file of readdirSync(folder).filter((f) => f.endsWith(kind)))
    for (const [, name] of readFileSync(`${folder}/${file}`, "utf8").matchAll(/"([a-z0-9-]+)"/g)) named.add(name);
const icons = readFileSync(`${from}/dkfds/dist/img/all-svg-icons.svg`, "utf8")
  .replace(/<symbol id="([^"]+)".*?<\/symbol>/gs, (symbol, name) => (named.has(name) ? symbol : ""));
writeFileSync(`${to}/img/all-svg-icons.svg`, icons);
cpSync(`${from}/dkfds/dist/img/svg-icons`, `${to}/img/svg-icons`, { recursive: true });
for (const licence of ["LICENSE.md", "LICENSE"]) {
  if (existsSync(`${from}/dkfds/${licence}`)) cpSync(`${from}/dkfds/${licence}`, `${to}/DKFDS-${licence}`);
}
cpSync(`${from}/htmx.org/dist/htmx.min.js`, `${to}/htmx.min.js`);
cpSync(`${from}/idiomorph/dist/idiomorph-ext.min.js`, `${to}/idiomorph-ext.min.js`);
cpSync(`${from}/idiomorph/LICENSE`, `${to}/IDIOMORPH-LICENSE`);
cpSync(`${from}/htmx.org/LICENSE`, `${to}/HTMX-LICENSE`);
// pdf.js as it is built for browsers that are some years old, with what reads JPEG 2000 and JBIG2 without WebAssembly, which
// the pages' policy has no room for. Its optional packages are for Node alone (.npmrc).
for (const part of ["pdf", "pdf.worker"]) cpSync(`${from}/pdfjs-dist/legacy/build/${part}.min.mjs`, `${to}/${part}.min.mjs`);
mkdirSync(`${to}/pdf`);
for (const reader of ["openjpeg", "jbig2"])
  cpSync(`${from}/pdfjs-dist/wasm/${reader}_nowasm_fallback.js`, `${to}/pdf/${reader}_nowasm_fallback.js`);
cpSync(`${from}/pdfjs-dist/LICENSE`, `${to}/PDFJS-LICENSE`);
