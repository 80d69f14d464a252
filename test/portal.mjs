// What the browser tests share: the portal under test, a browser, one page of
// every type, and a record of what a page asked for and complained about.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

for (const name of ["BASE", "SITE", "CHROMIUM"]) {
  if (!process.env[name]) {
    throw new Error(`${name} is not set; run test/browser.sh`);
  }
}

/** base is the address of the portal, without a slash at its end; site is the folder it is served from. */
export const base = process.env.BASE.replace(/\/$/, "");
export const site = process.env.SITE;

/** launch starts Chromium with a profile of its own; it looks for nothing outside. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM,
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** files are the paths of all files of the site, from its root. */
export const files = readdirSync(site, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => `${entry.parentPath ?? entry.path}/${entry.name}`.slice(site.length + 1).replaceAll("\\", "/"))
  .sort();

/** read returns a file of the site as text; gzipped its size in bytes, compressed. */
export const read = (file) => readFileSync(`${site}/${file}`, "utf8");
export const gzipped = (file) => gzipSync(readFileSync(`${site}/${file}`)).length;

/** htmlUnder are the pages whose path matches, the largest first: the one with most to go wrong. */
export function htmlUnder(pattern) {
  return files.filter((file) => pattern.test(file)).map((file) => [file, read(file).length])
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([file]) => file);
}

export const urlOf = (file) => `/${file.replace(/index\.html$/, "")}`;

/** entityPages are the files of all entity pages, by kind. */
export const entityPages = new Map();
for (const file of htmlUnder(/^catalog\/[^/]+\/[^/]+\/[^/]+\/index\.html$/)) {
  if (read(file).includes('class="layout-entity"')) {
    const kind = file.split("/")[2];
    entityPages.set(kind, [...(entityPages.get(kind) ?? []), file]);
  }
}

/** richDocs are the docs pages that use the most of the dialect. */
function richDocs() {
  const marks = ["tabbed-set", "admonition", "<details", "highlight", "line-numbers", "table-wrapper", "task-list", "footnote", "<figure", "<img", "mermaid", 'class="math', "<kbd", "critic", "<dl>"];
  const score = (file) => {
    const text = read(file);
    return marks.filter((mark) => text.includes(mark)).length;
  };
  const pages = htmlUnder(/^docs\/.+\/index\.html$/).map((file) => [file, score(file)]).sort((a, b) => b[1] - a[1]);
  const first = pages.find(([file]) => read(file).includes("tabbed-set"));
  return [first[0], pages.find(([file]) => file !== first[0])[0]];
}

/** samples are one page of every type, as [type, address]. */
export const samples = [
  ["home", "/"],
  ["catalog", "/catalog/"],
  ["catalog by kind", "/catalog/kind/component/"],
  ["facet", urlOf(htmlUnder(/^catalog\/tag\/[^/]+\/index\.html$/)[0])],
  ...[...entityPages].sort().map(([kind, [file]]) => [kind, urlOf(file)]),
  ["docs index", "/docs/"],
  ...richDocs().map((file, i) => [`docs page ${i + 1}`, urlOf(file)]),
  ["api-docs", "/api-docs/"],
  ["explore", "/explore/"],
  ["graph", "/graph/"],
  ["search", "/search/"],
  ["a-z", "/search/a-z/"],
  ["problems", "/problems/"],
  ["about", "/about/"],
  ["announcement", urlOf(htmlUnder(/^announcements\/.+\/index\.html$/)[0])],
  ["not found", "/no/such/page/here/"],
];

/** watch records the requests of a page and everything that went wrong on it. */
export function watch(page) {
  const seen = { requests: [], wrong: [], main: "" };
  const origin = new URL(base).origin;
  page.on("request", (request) => {
    seen.requests.push(request);
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) {
      seen.main = request.url();
    } else if (!request.url().startsWith("data:") && new URL(request.url()).origin !== origin) {
      seen.wrong.push(`request to another origin: ${request.url()}`);
    }
  });
  page.on("requestfailed", (request) => {
    if (request.failure()?.errorText !== "net::ERR_ABORTED") { // the page was left before it ended
      seen.wrong.push(`request failed: ${request.url()}: ${request.failure()?.errorText}`);
    }
  });
  page.on("response", (response) => {
    if (response.status() >= 400 && response.url() !== seen.main) {
      seen.wrong.push(`status ${response.status()}: ${response.url()}`);
    }
  });
  page.on("pageerror", (error) => seen.wrong.push(`uncaught ${error}`));
  page.on("console", (message) => {
    // That the page itself is a 404 is what the page for 404 is about.
    const isPage = message.location().url === seen.main && /status of 404/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !isPage) {
      seen.wrong.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  return seen;
}

/** settled waits until a page has loaded and drawn itself. */
export async function settled(page) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)))));
}

/** none fails with one line for each failure. */
export function none(failures) {
  if (failures.length > 0) {
    throw new assert.AssertionError({ message: failures.join("\n"), stackStartFn: none });
  }
}
