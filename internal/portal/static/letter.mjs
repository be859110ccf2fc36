// Draws a letter's own PDF in the page (pdf.js), with the last four digits of each number covered until somebody asks for
// them. What is drawn is a picture: it takes no focus, and its label says what it is of.

// A number of ten digits that begins with a day and a month; digits may stand apart.
const number = /(?<!\d)(?:[0-3]|[6-9])\s?\d\s?[01]\s?\d\s?\d\s?\d\s?[-–]?\s?\d(?:\s?\d){3}(?!\d)/g;
const lastFour = /\d(?:\s?\d){3}$/;

// draw shows the first page of a letter, or all of it.
export async function draw(at, { all = false, covered = true } = {}) {
  at.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(at.dataset.letter);
    if (!answer.ok || /html/.test(answer.headers.get("Content-Type"))) throw new Error(`status ${answer.status}`);
    const pdf = await import(at.dataset.reader);
    pdf.GlobalWorkerOptions.workerSrc = at.dataset.worker;
    const task = pdf.getDocument({ data: new Uint8Array(await answer.arrayBuffer()), wasmUrl: at.dataset.images,
      useWasm: false, enableXfa: false, stopAtErrors: false, verbosity: 0 });
    try {
      await pages(at, await task.promise, all, covered);
    } finally {
      await task.destroy();
    }
  } catch {
    at.replaceChildren(said("Brevet kan ikke vises her. Åbn det for sig."));
  } finally {
    at.removeAttribute("aria-busy");
    at.classList.add("is-drawn");
  }
}

async function pages(at, document, all, covered) {
  const drawn = [];
  let pictures = false;
  for (let n = 1; n <= (all ? document.numPages : 1); n++) {
    const page = await document.getPage(n);
    const { canvas, words } = await picture(page, at.clientWidth, covered);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${at.dataset.label}, side ${n} af ${document.numPages}`);
    pictures ||= !words;
    drawn.push(canvas);
  }
  if (pictures && covered) drawn.push(said("Siden er et billede: et CPR-nummer på den kan ikke dækkes til."));
  if (!all && document.numPages > 1) {
    const more = Object.assign(window.document.createElement("button"), { type: "button", className: "bd-link",
      textContent: `Vis alle ${document.numPages} sider` });
    more.addEventListener("click", () => draw(at, { all: true, covered: at.dataset.covered !== "no" }));
    drawn.push(more);
  }
  at.replaceChildren(...drawn);
}

async function picture(page, width, covered) {
  const one = page.getViewport({ scale: 1 });
  const dense = Math.min(window.devicePixelRatio || 1, 2);
  const viewport = page.getViewport({ scale: (Math.max(width, 300) * dense) / one.width });
  const canvas = Object.assign(window.document.createElement("canvas"),
    { width: Math.floor(viewport.width), height: Math.floor(viewport.height) });
  await page.render({ canvas, viewport }).promise;
  const text = await page.getTextContent();
  if (covered) cover(canvas, viewport, text);
  return { canvas, words: text.items.some((item) => item.str?.trim()) };
}

// cover paints over the last four digits of each number. Where they stand in a line with other words, their place is
// reckoned from how wide letters usually are, and more is covered on both sides.
function cover(canvas, viewport, text) {
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
