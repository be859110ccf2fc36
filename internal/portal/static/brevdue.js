// Brevdue: the few lines the pages want besides htmx. Every page works without them.
"use strict";

document.documentElement.classList.add("js");

// What is wrong, or what was done, is what the page is about: it has focus, also where the address names a place in it.
window.addEventListener("load", () => (document.getElementById("fejl") ?? document.querySelector("input[autofocus]")
  ?? document.getElementById("gjort"))?.focus());

// What is wrong stands in one summary, whether the server or the browser has found it: its lines lead to the fields.
function tell(form, wrong) {
  document.getElementById("fejl")?.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    document.getElementById(`${field.id}-fejl`)?.remove();
  }
  const box = document.getElementById("fejl-skabelon").content.firstElementChild.cloneNode(true);
  const list = box.querySelector("ul");
  list.replaceChildren();
  for (const { at, text } of wrong) {
    const item = list.appendChild(document.createElement("li"));
    const field = at && document.getElementById(at);
    if (!field) {
      item.textContent = text;
      continue;
    }
    item.append(Object.assign(document.createElement("a"), { href: `#${at}`, textContent: text }));
    if (field.hasAttribute("aria-invalid")) continue;
    field.setAttribute("aria-invalid", "true");
    const hints = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== `${at}-fejl`);
    field.setAttribute("aria-describedby", [...hints, `${at}-fejl`].join(" "));
    const said = Object.assign(document.createElement("span"), { className: "form-error-message", id: `${at}-fejl` });
    said.append(Object.assign(document.createElement("span"), { className: "sr-only", textContent: "Fejl:" }), ` ${text}`);
    (field.closest(".bd-drop") ?? field).before(said);
    for (let d = field.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
  }
  form.before(box);
  document.title = `Fejl: ${document.title.replace(/^Fejl: /, "")}`;
  box.focus();
}

// A line of the summary leads to its field, and into what is folded.
document.addEventListener("click", (e) => {
  const to = e.target.closest?.(".bd-mistakes a")?.hash.slice(1);
  const field = to && document.getElementById(to);
  if (!field) return;
  e.preventDefault();
  for (let d = field.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
  field.scrollIntoView({ block: "center" });
  field.focus();
});

// Alt and a letter press what has that letter as its access key, in every browser alike.
document.addEventListener("keydown", (e) => {
  const key = /^Key([A-Z])$/.exec(e.code)?.[1].toLowerCase();
  const to = e.altKey && !e.ctrlKey && !e.metaKey && key && document.querySelector(`[accesskey="${key}"]`);
  if (!to) return;
  e.preventDefault();
  to.click();
});

// What the browser itself finds wrong with a form stands there too, in Danish and all of it at once.
let found = [];
document.addEventListener("invalid", (e) => {
  e.preventDefault();
  if (!found.length) setTimeout(() => {
    const all = found;
    found = [];
    tell(all[0].form, all.map((field) => ({ at: field.id, text: lacks(field) })));
  });
  found.push(e.target);
}, true);

function lacks(field) {
  const name = field.labels?.[0]?.childNodes[0]?.textContent.trim().replace(/\s+/g, " ") || "feltet";
  if (field.validity.valueMissing) return field.type === "file" ? `Vælg en fil i »${name}«.` : `Udfyld »${name}«.`;
  if (field.validity.badInput) return `Udfyld hele »${name}«, eller lad det stå tomt.`;
  if (field.validity.tooLong) return `»${name}« må højst have ${field.maxLength} tegn.`;
  return `Se efter, om »${name}« er skrevet rigtigt.`;
}

// Emne: live length. The server checks again.
for (const input of document.querySelectorAll("[data-counts]")) {
  const out = document.getElementById(input.dataset.counts);
  const max = Number(input.dataset.max);
  const show = () => {
    const n = [...input.value].length;
    out.value = `${n}/${max}`;
    out.parentElement.classList.toggle("bd-counter--over", n > max);
  };
  input.addEventListener("input", show);
  show();
}

// Drop zones: the file input covers the zone, so dropping works by itself; this shows what is chosen, with its size, keeps
// what was chosen before where there may be several, and takes one document where only one can be.
const megabytes = (bytes) => `${(bytes / 1e6).toLocaleString("da-DK", { maximumFractionDigits: 1 })} MB`;
for (const zone of document.querySelectorAll(".bd-drop")) {
  const input = zone.querySelector("input");
  let before = [];
  input.addEventListener("change", () => {
    if (input.multiple) {
      const all = new DataTransfer();
      for (const f of [...before, ...input.files])
        if (![...all.files].some((g) => g.name === f.name && g.size === f.size)) all.items.add(f);
      input.files = all.files;
      before = [...all.files];
    }
    const names = [...input.files].map((f) => `${f.name} (${megabytes(f.size)})`).join(", ");
    if (names) zone.querySelector("strong, span").textContent = names;
  });
  zone.addEventListener("drop", (e) => {
    const files = e.dataTransfer?.files ?? [];
    if (input.multiple || files.length < 2) return;
    e.preventDefault();
    tell(input.form, [{ at: input.id, text: `Vælg ét dokument ad gangen: der blev sluppet ${files.length}.` }]);
  }, true);
  for (const [event, on] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
    zone.addEventListener(event, () => zone.classList.toggle("is-over", on));
  }
}
// What is dropped beside a zone would open in the tab, and what was typed would be gone.
for (const event of ["dragover", "drop"]) document.addEventListener(event, (e) => {
  if (!e.target.closest?.(".bd-drop")) e.preventDefault();
});

// Flere valg: what is folded says what is chosen in it.
for (const option of document.querySelectorAll("details.bd-option")) {
  const said = option.querySelector("summary > span");
  const first = said?.textContent;
  const fields = () => [...option.querySelectorAll("input:not([type=hidden]), select, textarea")];
  const chosen = () => fields().flatMap((f) => {
    if (f.type === "file") return [...f.files].map((g) => g.name);
    if (f.type === "checkbox" || f.type === "radio") return f.checked ? [f.labels[0]?.textContent.trim().split(":")[0]] : [];
    if (f.tagName === "SELECT") return f.value ? [f.selectedOptions[0].textContent.trim()] : [];
    if (f.type === "date") return f.value ? [f.valueAsDate.toLocaleDateString("da-DK")] : [];
    return f.value.trim() ? [f.value.trim().slice(0, 40)] : [];
  });
  option.addEventListener("change", () => (said.textContent = chosen().join(", ") || first));
}

// Bilag: size while choosing, against the limit of Digital Post.
for (const meter of document.querySelectorAll("[data-sums]")) {
  const input = document.getElementById(meter.dataset.sums);
  input?.addEventListener("change", () => {
    const mb = [...input.files].reduce((sum, f) => sum + Math.ceil(f.size / 3) * 4, 0) / 1e6; // as they are sent
    meter.value = mb;
    document.getElementById(meter.dataset.text).value =
      `${mb.toLocaleString("da-DK", { maximumFractionDigits: 1 })} MB af 99,5 MB, som de sendes`;
  });
}

// "Vælg alle" in a table, also after htmx has drawn it anew.
document.addEventListener("change", (e) => {
  const code = e.target.dataset?.all;
  if (!code) return;
  for (const box of document.querySelectorAll(`input[data-of="${code}"]`)) box.checked = e.target.checked;
});

// Afsend: the form is sent without files, and answers with a presigned address for each; the files go there by
// themselves, so that none passes through the portal.
const form = document.getElementById("afsend");
form?.addEventListener("submit", async (e) => {
  e.preventDefault();
  const button = form.querySelector("button[type=submit]");
  const status = document.getElementById("upload-status");
  const pdf = document.getElementById("pdf").files[0];
  if (!pdf) return tell(form, [{ at: "pdf", text: "Vælg det PDF-dokument, du vil sende." }]);
  const files = [pdf, ...document.getElementById("bilag").files];
  const names = document.getElementById("navneliste").files[0];
  const body = new URLSearchParams(new FormData(form));
  body.set("dokument", pdf.name);
  body.set("dokumentbytes", pdf.size);
  for (const f of files.slice(1)) {
    body.append("bilag", f.name);
    body.append("bilagbytes", f.size);
  }
  if (names) body.set("navne", names.name);
  button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    const created = await answer.json();
    if (!answer.ok) return tell(form, created.errors);
    for (const [i, link] of created.uploads.entries()) await upload(link, [...files, names][i], status);
    status.textContent = "Filerne er modtaget.";
    location.assign(created.next);
  } catch (error) {
    tell(form, [{ text: uploadFailed(error) }]);
    status.textContent = "";
  } finally {
    button.disabled = false;
  }
});

// uploadFailed says in Danish that nobody answered; a browser says it in its own words.
function uploadFailed(error) {
  return error instanceof TypeError || error instanceof SyntaxError
    ? "Forbindelsen blev afbrudt. Det, du har valgt, står her endnu. Prøv igen." : error.message;
}

// refusal says in Danish why an upload was refused: we answer in Danish, S3 in XML.
function refusal(request) {
  const code = /<Code>(\w+)<\/Code>/.exec(request.responseText)?.[1];
  const known = { EntityTooLarge: "Filen er for stor.", EntityTooSmall: "Filen er tom.",
    AccessDenied: /expired/i.test(request.responseText) ? "Linket er udløbet. Prøv igen."
      : "Fillageret afviste filen (AccessDenied). Det er ikke filen, der er noget galt med: sig det til IT-drift." };
  return known[code] || (code ? "Uploaden lykkedes ikke." : request.responseText) || "Uploaden lykkedes ikke.";
}

function upload(link, file, status) {
  const bar = document.getElementById("upload-bar");
  const data = new FormData();
  for (const [name, value] of Object.entries(link.fields || {})) if (name !== "redirect") data.append(name, value);
  data.append("file", file);
  bar.hidden = false;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch does not tell how far an upload is
    request.open(link.method, link.url);
    request.upload.addEventListener("progress", (e) => {
      bar.value = e.loaded / e.total;
      status.textContent = `${file.name}: ${Math.round((100 * e.loaded) / e.total)} %`;
    });
    request.addEventListener("load", () =>
      request.status < 300 ? resolve() : reject(new Error(refusal(request))));
    request.addEventListener("error", () => reject(new Error("Uploaden blev afbrudt. Prøv igen.")));
    request.send(data);
  });
}

// Live pages: what is refreshed beside the list is touched only when it has changed, so that nobody hears it again; and a
// page that cannot be refreshed does not say that it is. Without htmx it never says so.
if (window.htmx) document.documentElement.classList.add("bd-live-on");
document.addEventListener("htmx:oobBeforeSwap", (e) => {
  if (e.detail.target.isEqualNode(e.detail.fragment.firstElementChild)) e.detail.shouldSwap = false;
});

// Only what has changed is changed (idiomorph): focus, selection and scroll stay; so does what somebody has opened, ticked
// or typed, of which the server knows nothing.
if (window.Idiomorph) {
  const callbacks = window.Idiomorph.defaults.callbacks;
  callbacks.beforeAttributeUpdated = (name, node) => !(name === "open" && node.tagName === "DETAILS");
  callbacks.beforeNodeMorphed = (node) => !(node.matches?.("input:not([type=hidden]), select, textarea, .is-drawn, .is-kept"));
}
// Nobody looks at a hidden tab: it asks for nothing until somebody does.
document.addEventListener("htmx:beforeRequest", (e) => {
  if (document.hidden && e.detail.elt.dataset.hxTrigger?.startsWith("every")) e.preventDefault();
});
for (const lost of ["htmx:sendError", "htmx:responseError", "htmx:timeout"])
  document.addEventListener(lost, () => document.documentElement.classList.add("bd-offline"));
document.addEventListener("htmx:afterOnLoad", () => document.documentElement.classList.remove("bd-offline"));
window.addEventListener("offline", () => document.documentElement.classList.add("bd-offline"));

// A letter is drawn where it is looked at: in what is folded when that is opened. "Vis CPR" is noted first.
const drawn = (at, how) => import(at.dataset.draws).then((letter) => letter.draw(at, how))
  .catch(() => (at.textContent = "Brevet kan ikke vises her. Åbn det for sig."));
for (const at of document.querySelectorAll("[data-letter]")) if (!at.closest("details:not([open])")) drawn(at);
document.addEventListener("toggle", (e) => {
  const at = e.target.open && e.target.querySelector?.("[data-letter]:not(.is-drawn)");
  if (at) drawn(at);
}, true);
document.addEventListener("click", async (e) => {
  const button = e.target.closest?.("[data-uncovers]");
  const at = button && document.getElementById(button.dataset.uncovers);
  if (!at) return;
  const label = button.firstChild;
  const hide = at.dataset.covered === "no";
  button.classList.add("is-kept"); // the server does not know what it says now
  if (!hide && !(await fetch(at.dataset.noted, { method: "POST" }).catch(() => null))?.ok) {
    label.textContent = "Det lykkedes ikke. Prøv igen: Vis CPR";
    return;
  }
  at.dataset.covered = hide ? "" : "no";
  label.textContent = hide ? "Vis CPR" : "Skjul CPR";
  drawn(at, { all: at.querySelectorAll("canvas").length > 1, covered: hide });
});

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());

// Adgangsnøgler: the browser asks for them by script alone.
async function passkey(begin, finish, make) {
  const post = async (path, body) => {
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(said.error ?? "Det lykkedes ikke. Prøv igen.");
    return said;
  };
  const options = (await post(begin)).publicKey;
  const credential = make
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  location.assign((await post(finish(), JSON.stringify(credential))).next);
}
for (const button of document.querySelectorAll("[data-passkey]")) {
  button.addEventListener("click", async () => {
    const make = button.dataset.passkey === "ny";
    const name = () => encodeURIComponent(document.getElementById("noeglenavn").value);
    const where = document.getElementById("passkey-fejl");
    where.textContent = "";
    try {
      if (make) await passkey("/log-ind/noegle/ny", () => `/log-ind/noegle/gem?navn=${name()}`, true);
      else await passkey("/log-ind/noegle/brug", () => "/log-ind/noegle/svar", false);
    } catch (e) {
      where.textContent = e.name === "NotAllowedError" ? "Adgangsnøglen blev ikke brugt. Prøv igen." : e.message;
    }
  });
}
