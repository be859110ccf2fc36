// Draws a letter's own PDF in the page (pdf.js), with the last four digits of each number covered until somebody asks for
// them. What is drawn is a picture: it takes no focus, and its label says what it is of.

// A number of ten digits that begins with a day and a month; digits may stand apart.
const number = /(^|\D)((?:[0-3]|[6-9])\s?\d\s?[01]\s?\d\s?\d\s?\d\s?[-–]?\s?\d(?:\s?\d){3})(?!\d)/g;
const lastFour = /\d(?:\s?\d){3}$/;
const pagesMost = 30; // drawn in a page: a tab has not room for any number of them

// draw shows the first page of a letter, or all of it. Of several drawings at once the one that was asked for last counts.
export async function draw(at, { all = false, covered = true } = {}) {
  const turn = (at.turn = (at.turn ?? 0) + 1);
  at.setAttribute("aria-busy", "true");
  let drawn;
  try {
    const pdf = await import(at.dataset.reader);
    pdf.GlobalWorkerOptions.workerSrc = at.dataset.worker;
    at.bytes ??= await fetched(at.dataset.letter);
    const task = pdf.getDocument({ data: at.bytes.slice(), wasmUrl: at.dataset.images, useWasm: false, enableXfa: false,
      verbosity: 0 });
    try {
      drawn = await pages(at, await task.promise, all, covered);
    } finally {
      await task.destroy();
    }
  } catch {
    if (turn === at.turn) failed(at);
    return;
  }
  if (turn !== at.turn) return;
  at.replaceChildren(...drawn);
  at.removeAttribute("aria-busy");
  at.classList.add("is-drawn");
}

// failed says that a letter cannot be drawn; when it is opened again that is tried again.
function failed(at) {
  at.replaceChildren(said("Brevet kan ikke vises her. Åbn det for sig."));
  at.removeAttribute("aria-busy");
}

async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok || /html/.test(answer.headers.get("Content-Type"))) throw new Error(`status ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function pages(at, document, all, covered) {
  const drawn = [];
  let pictures = false;
  const shown = all ? Math.min(document.numPages, pagesMost) : 1;
  for (let n = 1; n <= shown; n++) {
    const page = await document.getPage(n);
    const { canvas, words } = await picture(page, at.clientWidth, covered);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${at.dataset.label}, side ${n} af ${document.numPages}`);
    pictures ||= !words;
    drawn.push(canvas);
  }
  if (pictures && covered) drawn.push(said("Siden er et billede: et CPR-nummer på den kan ikke dækkes til."));
  if (all && shown < document.numPages)
    drawn.push(said(`Kun de første ${shown} sider vises her. Åbn brevet for sig for at se resten.`));
  if (!all && document.numPages > 1) {
    const more = Object.assign(window.document.createElement("button"), { type: "button", className: "bd-link",
      textContent: `Vis alle ${document.numPages} sider` });
    more.addEventListener("click", () => {
      at.tabIndex = -1; // the button goes away: focus stays with the letter
      at.focus();
      draw(at, { all: true, covered: at.dataset.covered !== "no" });
    });
    drawn.push(more);
  }
  return drawn;
}

async function picture(page, width, covered) {
  const one = page.getViewport({ scale: 1 });
  const dense = Math.min(window.devicePixelRatio || 1, 2);
  const viewport = page.getViewport({ scale: (Math.max(width, 300) * dense) / one.width });
  const canvas = Object.assign(window.document.createElement("canvas"),
    { width: Math.floor(viewport.width), height: Math.floor(viewport.height) });
  await page.render({ canvas, viewport }).promise;
  const text = await page.getTextContent();
  if (covered) cover(canvas, viewport, text, await page.getAnnotations());
  return { canvas, words: text.items.some((item) => item.str?.trim()) };
}

// cover paints over the last four digits of each number, and over a form field or a note that has one. Where digits stand in
// a line with other words, their place is reckoned from how wide letters usually are, and more is covered on both sides.
function cover(canvas, viewport, text, annotations) {
  const ink = canvas.getContext("2d");
  const covers = [];
  const items = text.items.filter((item) => item.str);
  let line = "";
  const starts = items.map((item) => {
    const from = line.length;
    line += item.str + (item.hasEOL ? "\n" : "");
    return from;
  });
  for (const found of line.matchAll(number)) {
    const end = found.index + found[0].length;
    const begin = found.index + lastFour.exec(found[0]).index;
    items.forEach((item, i) => {
      const from = Math.max(begin, starts[i]) - starts[i];
      const to = Math.min(end, starts[i] + item.str.length) - starts[i];
      if (from < to) covers.push(box(ink, viewport, item, text.styles[item.fontName], from, to));
    });
  }
  for (const a of annotations) {
    const says = [a.fieldValue, a.buttonValue, a.contentsObj?.str, ...(a.textContent ?? [])].filter(Boolean).join("\n");
    if (says.search(number) < 0) continue;
    const [left, bottom, right, top] = a.rect;
    const corners = [[left, bottom], [right, bottom], [right, top], [left, top]];
    covers.push(corners.map(([x, y]) => viewport.convertToViewportPoint(x, y)));
  }
  ink.fillStyle = "#1a1a1a";
  for (const corners of covers) {
    ink.beginPath();
    for (const [x, y] of corners) ink.lineTo(x, y);
    ink.fill();
  }
  canvas.dataset.covers = JSON.stringify(covers.map((corners) => corners.flat().map(Math.round)));
}

// box is where some characters of an item stand, as corners on the picture.
function box(ink, viewport, item, style, from, to) {
  ink.font = `100px ${style?.fontFamily ?? "sans-serif"}`;
  const wide = (text) => ink.measureText(text).width;
  const scale = item.width / (wide(item.str) || 1);
  const alone = /^[\d\s–-]*$/.test(item.str);
  const [a, b, c, d, x, y] = item.transform;
  const along = Math.hypot(a, b) || 1;
  const up = Math.hypot(c, d) || 1;
  const margin = up * (alone ? 0.05 : 0.7);
  const left = Math.max(wide(item.str.slice(0, from)) * scale - margin, -up * 0.1);
  const right = wide(item.str.slice(0, to)) * scale + margin;
  return [[left, -0.3], [right, -0.3], [right, 1.05], [left, 1.05]].map(([w, h]) => viewport.convertToViewportPoint(
    x + (a / along) * w + (c / up) * h * up, y + (b / along) * w + (d / up) * h * up));
}

function said(text) {
  return Object.assign(window.document.createElement("p"), { className: "bd-small", textContent: text });
}
