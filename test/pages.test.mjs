// Every type of page, wide and narrow, light and dark: accessibility, errors,
// requests, layout shift, narrow screens and large text.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { base, entityPages, files, gzipped, launch, none, read, samples, settled, watch } from "./portal.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
// Every rule for WCAG 2.0 to 2.2, levels A and AA, and axe's best practice; none is left out.
const everyRule = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
// Light and dark differ in colours alone, so dark pages are judged by the rules about colour.
const colourRules = { type: "rule", values: ["color-contrast", "link-in-text-block"] };
const KB = 1024;

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** violations runs axe on a page as it is, and returns one line for each node that breaks a rule. */
async function violations(page, runOnly) {
  if (!(await page.evaluate(() => "axe" in window))) {
    await page.evaluate(axe);
  }
  const found = await page.evaluate(
    async (only) => {
      const rules = only.type === "tag" ? { "target-size": { enabled: true } } : {}; // off by default in axe
      const { violations } = await globalThis.axe.run(document, { runOnly: only, rules, resultTypes: ["violations"], iframes: false });
      return violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ target, failureSummary }) => ({ target, failureSummary })) }));
    },
    runOnly,
  );
  return found.flatMap(({ id, nodes }) => nodes.slice(0, 5).map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`));
}

/** shifts returns what moved since the page began to load. A sum that is 0.000 in
    the three digits such figures are told with is none: parts of a pixel count too. */
function shifts(page) {
  return page.evaluate(() => new Promise((done) => {
    const found = [];
    let sum = 0;
    const take = (list) => {
      for (const entry of list.getEntries()) {
        const nodes = entry.sources.map(({ node }) => node?.nodeType === 1 ? `${node.localName}.${node.className?.baseVal ?? node.className}` : `text in ${node?.parentElement?.localName}`);
        sum += entry.value;
        found.push(`moved by ${entry.value.toFixed(4)}: ${nodes.join(", ")}`);
      }
    };
    const observer = new PerformanceObserver(take);
    observer.observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => setTimeout(() => {
      take({ getEntries: () => observer.takeRecords() });
      done(sum < 0.0005 ? [] : found);
    }, 0));
  }));
}

/** overflow returns the elements that make the page wider than the window. */
function overflow(page) {
  return page.evaluate(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) {
      return [];
    }
    const wide = [...document.body.querySelectorAll("*")].filter((node) => {
      const box = node.getBoundingClientRect();
      if (box.right <= root.clientWidth + 0.5 || box.width === 0) {
        return false;
      }
      for (let up = node.parentElement; up; up = up.parentElement) {
        if (getComputedStyle(up).overflowX !== "visible" && up !== document.body && up !== root) {
          return false; // scrolls or is cut inside something that fits
        }
      }
      return true;
    });
    const leaves = wide.filter((node) => !wide.some((other) => other !== node && node.contains(other)));
    return [`${root.scrollWidth} wide in a window of ${root.clientWidth}: ${leaves.slice(0, 5).map((n) => `${n.localName}.${n.className?.baseVal ?? n.className} "${(n.textContent ?? "").trim().slice(0, 40)}"`).join("; ")}`];
  });
}

/** own are the requests of the page's frame; pictures in the text and the search of the search page come on top. */
const own = (requests) => requests.filter((r) => !r.url().startsWith("data:") && !(r.resourceType() === "image" && !r.url().includes("/brand/")) && !/\/(assets\/search\.|search\/)[^/]+$/.test(r.url()));

for (const [type, path] of samples) {
  test(`${type}: ${path}`, async () => {
    const failures = [];
    const note = (mode, lines) => failures.push(...lines.map((line) => `${path} [${mode}] ${line}`));
    const context = await browser.newContext({ colorScheme: "light", reducedMotion: "reduce" }); // colours are judged at rest
    try {
      for (const width of [1280, 390]) {
        const page = await context.newPage();
        await page.setViewportSize({ width, height: 800 });
        const seen = watch(page);
        await page.goto(base + path, { waitUntil: "load" });
        if (type === "search") {
          await page.waitForLoadState("networkidle"); // its code comes after the page
        }
        await settled(page);
        note(`${width} px`, await shifts(page));
        note(`${width} px`, await overflow(page));
        note(`${width} px`, seen.wrong);
        const requests = own(seen.requests);
        if (requests.length > 6) {
          note(`${width} px`, [`${requests.length} requests at first view, more than 6: ${requests.map((r) => r.url()).join(" ")}`]);
        }
        note(`${width} px light`, await violations(page, everyRule));
        await page.emulateMedia({ colorScheme: "dark" });
        note(`${width} px dark`, await violations(page, colourRules));
        if (width === 1280) {
          await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
          note("1280 px, text 200 %", await overflow(page));
        } else {
          await page.setViewportSize({ width: 320, height: 640 });
          note("320 px", await overflow(page));
          await page.evaluate(() => { // WCAG 1.4.12
            const sheet = new CSSStyleSheet();
            sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }");
            document.adoptedStyleSheets.push(sheet);
          });
          note("320 px, text spaced", await overflow(page));
        }
        await page.close();
      }
    } finally {
      await context.close();
    }
    none(failures);
  });
}

test("pages stay inside their budgets", (t) => {
  const failures = [];
  const limit = (what, size, most) => {
    if (size > most) {
      failures.push(`${what} has ${size} bytes compressed, more than ${most}`);
    }
    return size;
  };
  const pages = [...entityPages.values()].flat();
  assert.ok(pages.length > 50, `only ${pages.length} entity pages`);
  const largest = Math.max(...pages.map((file) => limit(file, gzipped(file), 25 * KB)));
  const html = read("index.html");
  const linked = (pattern) => [...html.matchAll(pattern)].map(([, path]) => path.replace(/^\.\//, ""));
  const total = (list) => list.reduce((sum, file) => sum + gzipped(file), 0);
  const css = linked(/<link rel="stylesheet" href="([^"]+)"/g);
  const js = linked(/<script[^>]* src="([^"]+)"/g);
  const search = files.filter((file) => /^assets\/search\..*\.js$/.test(file));
  assert.ok(css.length === 1 && js.length === 2 && search.length === 1, `style sheets ${css}, scripts ${js}, search ${search}`);
  t.diagnostic(`compressed: largest of ${pages.length} entity pages ${largest}, CSS ${limit("CSS", total(css), 14 * KB)}, JS at load ${limit("JS at load", total(js), 6 * KB)}, palette ${limit("palette", total(search), 12 * KB)} bytes`);
  none(failures);
});
