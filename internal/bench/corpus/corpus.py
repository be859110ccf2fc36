#!/usr/bin/env python3
"""Makes merged letters of 1,000 pages in all, the same letters by each of five producers of PDF.

Usage: corpus.py DIRECTORY [PRODUCER ...]

A file that is there already is left alone. Debian's packages: chromium, fonts-dejavu-core, texlive-latex-base, lmodern,
libcairo2, libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0; requirements.txt has those from PyPI.
"""
import datetime
import html
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

PAGES = 1000
DATE = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.timezone.utc)  # Of the files, where the producer asks.
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
WIDTH, HEIGHT, MARGIN, TOP = 595.28, 841.89, 62.4, 51  # Of A4, in points.
FOOT, LEADING = 34, 12.5  # The footer's baseline above the edge, and from line to line.
# The kinds of line on a page: whether bold, the size, and the space below.
KINDS = {"sender": (True, 9, 0), "from": (False, 9, 28), "address": (False, 9, 0), "number": (False, 9, 5),
         "date": (False, 9, 22), "heading": (True, 12, 8), "text": (False, 9, 5)}
FOOTER = "Nordøby Kommune · CVR-nr. 99 06 08 16"
FIRST = "Åse Søren Jørgen Bjørn Kåre Lærke Pål Sørine Anne Mette Peter Lars Hanne Niels Karen Ægir Øjvind Bodil".split()
MIDDLE = ["", "", "", "Højgaard", "Kjær", "Nørskov", "Overgård"]
LAST = "Bækgaard Sørensen Østergård Ågård Møller Kjærsgård Nørgaard Jensen Pedersen Lindstrøm Vestergaard".split()
STREETS = "Ægirsvej Østergade Åboulevarden Kirkestræde Møllevænget Rådhusgade Bøgebakken Skovvej".split()
TOWNS = ["9999 Nordøby", "9998 Sønderå", "9997 Ærøhavn", "9996 Østermose", "9995 Vesterbæk"]
MONTHS = "januar februar marts april maj juni juli august september oktober november december".split()
HEADINGS = ["Afgørelse om boligstøtte", "Indkaldelse til samtale", "Ændring af din hjælp", "Kvittering for ansøgning"]
SENTENCES = """
Vi har behandlet din ansøgning og skriver til dig for at fortælle, hvad vi er kommet frem til.
Afgørelsen bygger på de oplysninger, som du selv har givet os, og på det, der står i vores egne registre.
Hvis dine forhold ændrer sig, skal du give os besked hurtigst muligt og helst inden for en uge.
Er du ikke enig i afgørelsen, kan du klage til os senest fire uger efter, at du har fået dette brev.
Vi ser derefter på sagen igen, og hvis vi fastholder afgørelsen, sender vi klagen videre til Ankestyrelsen.
Beløbet er beregnet efter husstandens samlede indkomst og antallet af børn, der bor hjemme.
Har du spørgsmål, er du altid velkommen til at ringe på telefon 70 99 00 11 mellem kl. 9 og 14.
Sagsbehandlingen tager normalt seks til otte uger, men den kan trække ud, når vi venter på andre.
""".strip().splitlines()


def write_letters():
    """Returns letters of one to three pages, 1,000 pages in all and always the same. A page is a list of kind, text."""
    r = random.Random(1)
    made, left = [], PAGES
    while left:
        i = len(made)
        pages = min(left, r.choices([1, 2, 3], [50, 35, 15])[0])
        left -= pages
        name = " ".join(filter(None, [r.choice(FIRST), r.choice(MIDDLE), r.choice(LAST)]))
        # The same fictitious numbers as in internal/bench/bench.go.
        cpr = f"{i % 28 + 1:02}{i // 28 % 12 + 1:02}{40 + i // 336 % 50:02}-{i % 7000:04}"
        letter = [paragraphs(r, r.randint(28, 38 if n else 32)) for n in range(pages)]
        letter[0][:0] = [
            ("sender", "Nordøby Kommune"), ("from", "Borgerservice, Rådhuspladsen 1, 9999 Nordøby"), ("address", name),
            ("address", f"{r.choice(STREETS)} {i + 1}"), ("address", r.choice(TOWNS)), ("number", f"CPR-nr.: {cpr}"),
            ("date", f"{r.randint(1, 28)}. {r.choice(MONTHS)} 2026"), ("heading", r.choice(HEADINGS)),
            ("text", f"Kære {name}")]
        letter[-1].append(("text", "Venlig hilsen, Nordøby Kommune"))
        made.append(letter)
    return made


def paragraphs(r, lines):
    """Returns paragraphs that fill about so many lines."""
    made = []
    while lines > 0:
        text = " ".join(r.sample(SENTENCES, min(lines, r.randint(2, 5))))
        lines -= len(textwrap.wrap(text, 98))
        made.append(("text", text))
    return made


def as_html(pages):
    css = f"""@page {{ size: 210mm 297mm; margin: 0 }} body {{ margin: 0; font: 9pt/{LEADING}pt 'DejaVu Sans' }}
      section {{ position: relative; box-sizing: border-box; width: 210mm; height: 296.9mm; overflow: hidden;
                 padding: {TOP}pt {MARGIN}pt 0; break-after: page }} section:last-child {{ break-after: auto }}
      footer {{ position: absolute; bottom: {FOOT}pt; left: {MARGIN}pt; right: {MARGIN}pt; display: flex;
                justify-content: space-between; font-size: 8pt }}"""
    for kind, (bold, size, below) in KINDS.items():
        css += f".{kind} {{ font-size: {size}pt; font-weight: {700 if bold else 400}; margin: 0 0 {below}pt }}"
    out = [f'<!doctype html><html lang="da"><meta charset="utf-8"><title>Breve</title><style>{css}</style><body>']
    for page, count in pages:
        out.append("<section>")
        for kind, text, *_ in page:
            tag = "h1" if kind == "heading" else "p"
            out.append(f'<{tag} class="{kind}">{html.escape(text)}</{tag}>')
        out.append(f"<footer><span>{FOOTER}</span><span>{count}</span></footer></section>")
    return "\n".join(out)


def chromium(pages, out):
    """Like each of the producers, writes the pages to out and returns how many there are in it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as tmp:
        page = Path(tmp, "letters.html")
        page.write_text(as_html(pages), encoding="utf-8")
        run("/usr/bin/chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            f"--user-data-dir={tmp}/profile", "--no-pdf-header-footer",
            f"--print-to-pdf={out.absolute()}", page.as_uri())
    return max(map(int, re.findall(rb"/Count (\d+)", out.read_bytes())), default=0)


def weasyprint(pages, out):
    from weasyprint import HTML
    document = HTML(string=as_html(pages)).render()
    document.write_pdf(out)
    return len(document.pages)


def fpdf2(pages, out):
    from fpdf import FPDF
    pdf = FPDF(unit="pt", format="A4")
    pdf.set_creation_date(DATE)
    pdf.set_auto_page_break(False)
    pdf.add_font("DejaVu", "", FONT)
    pdf.add_font("DejaVu", "B", FONT.with_name("DejaVuSans-Bold.ttf"))
    pdf.set_margins(MARGIN, TOP)
    for page, count in pages:
        pdf.add_page()
        for _, text, bold, size, below in page:
            pdf.set_font("DejaVu", "B" if bold else "", size)
            pdf.multi_cell(0, LEADING, text, align="L", new_x="LMARGIN", new_y="NEXT")
            pdf.ln(below)
        pdf.set_y(-FOOT - 10)
        pdf.set_font("DejaVu", "", 8)
        pdf.cell(300, 10, FOOTER)
        pdf.cell(0, 10, count, align="R")
    pdf.output(out)
    return pdf.pages_count


def cairo(pages, out):
    import cairocffi
    surface = cairocffi.PDFSurface(str(out), WIDTH, HEIGHT)
    surface.set_metadata(cairocffi.PDF_METADATA_CREATE_DATE, DATE.isoformat())
    context = cairocffi.Context(surface)

    def show(text, y, bold=False, size=8, right=False):
        context.select_font_face("DejaVu Sans", cairocffi.FONT_SLANT_NORMAL, int(bold))
        context.set_font_size(size)
        context.move_to(WIDTH - MARGIN - context.text_extents(text)[4] if right else MARGIN, y)
        context.show_text(text)

    for page, count in pages:
        y = TOP
        for _, text, bold, size, below in page:
            for line in textwrap.wrap(text, 98):
                y += LEADING
                show(line, y, bold, size)
            y += below
        show(FOOTER, HEIGHT - FOOT)
        show(count, HEIGHT - FOOT, right=True)
        context.show_page()
    surface.finish()
    return len(pages)


def pdflatex(pages, out):
    tex = [r"\documentclass[a4paper]{article}", r"\usepackage[utf8]{inputenc}", r"\usepackage[T1]{fontenc}",
           r"\usepackage{lmodern,textcomp}", r"\renewcommand{\familydefault}{\sfdefault}",
           rf"\usepackage[top={TOP}bp,left={MARGIN}bp,right={MARGIN}bp,bottom={FOOT}bp]{{geometry}}",
           r"\pagestyle{empty}\parindent0pt\raggedright\begin{document}"]
    for page, count in pages:
        for _, text, bold, size, below in page:
            font = (r"\large" if size > 9 else "") + (r"\bfseries" if bold else "")
            tex.append(rf"{{{font} {text}\par}}\vspace{{{below}bp}}")
        tex.append(rf"\vfill{{\footnotesize {FOOTER}\hfill {count}}}\newpage")
    tex.append(r"\end{document}")
    with tempfile.TemporaryDirectory(dir=out.parent) as tmp:
        Path(tmp, "letters.tex").write_text("\n".join(tex), encoding="utf-8")
        run("pdflatex", "-interaction=batchmode", "-halt-on-error", "letters.tex", cwd=tmp)
        Path(tmp, "letters.pdf").rename(out)
        log = Path(tmp, "letters.log").read_text(errors="replace")
    return int(re.search(r"\((\d+) pages", log.replace("\n", ""))[1])


def run(*command, cwd=None):
    if not shutil.which(command[0]):
        raise ImportError(f"there is no {command[0]}")
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, errors="replace", timeout=1800)
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {(done.stdout + done.stderr)[-600:]}")


PRODUCERS = {f.__name__: f for f in (chromium, weasyprint, fpdf2, cairo, pdflatex)}


def make(producer, pages, out):
    """Makes one file, under its name only when it is whole. Tells whether it did."""
    part, start = out.with_name(out.name + ".part"), time.monotonic()
    try:
        if not FONT.exists():
            raise ImportError("its font is in Debian's fonts-dejavu-core")
        made = PRODUCERS[producer](pages, part)
        if made != PAGES:
            raise RuntimeError(f"{made} pages instead of {PAGES}")
    except Exception as err:
        # A library of Debian's that is not there gives an OSError without a number.
        missing = isinstance(err, ImportError) or isinstance(err, OSError) and err.errno is None
        print(f"{producer} {'is not installed' if missing else 'failed'}: {str(err).split(chr(10))[0]}", flush=True)
    else:
        part.rename(out)
        print(f"{out}: {PAGES} pages, {time.monotonic() - start:.0f} s", flush=True)
        return True
    part.unlink(missing_ok=True)
    return False


def main(directory, *wanted):
    unknown = [name for name in wanted if name not in PRODUCERS]
    if unknown:
        sys.exit(f"no such producer: {', '.join(unknown)}; there are {', '.join(PRODUCERS)}")
    os.environ.update(SOURCE_DATE_EPOCH=str(int(DATE.timestamp())), FORCE_SOURCE_DATE="1")
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    letters = write_letters()
    pages = [([(kind, text, *KINDS[kind]) for kind, text in page], f"Side {n} af {len(letter)}")
             for letter in letters for n, page in enumerate(letter, 1)]
    index = folder / "letters.json"
    count = json.loads(index.read_text()) if index.exists() else {}
    whole = True
    for name in wanted or PRODUCERS:
        out = folder / f"{name}-{PAGES}.pdf"
        if out.exists():
            print(f"{out} is there already")
            count.setdefault(out.name, len(letters))
        elif make(name, pages, out):
            count[out.name] = len(letters)
        else:
            whole = False
    part = index.with_name("letters.json.part")
    part.write_text(json.dumps(count, indent=2) + "\n")
    part.rename(index)
    return 0 if whole else 1


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
