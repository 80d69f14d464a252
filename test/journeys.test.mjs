// What people do, by keyboard and by mouse, from end to end.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { base, htmlUnder, launch, none, read, urlOf, watch } from "./portal.mjs";

const service = "/catalog/default/component/seat-map-service/";

let browser, context, page, seen;
before(async () => { browser = await launch(); });
after(() => browser?.close());
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, permissions: ["clipboard-read", "clipboard-write"], reducedMotion: "reduce" });
  context.setDefaultTimeout(20_000);
  page = await context.newPage();
  seen = watch(page);
});
afterEach(async () => {
  const wrong = seen.wrong.map((line) => `${page.url()} ${line}`);
  await context.close();
  none(wrong);
});

/** focused describes the element that has the focus. */
const focused = () => page.evaluate(() => {
  const node = document.activeElement;
  return { name: node.localName, href: node.getAttribute("href"), text: (node.textContent ?? "").trim(), palette: "palette" in node.dataset };
});

const palette = () => page.locator("dialog.search-palette");
const choice = () => palette().locator('[role="option"][aria-selected="true"]');

/** tabTo presses Tab until the focused element fits. */
async function tabTo(fits, most = 60) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press("Tab");
    if (fits(await focused())) {
      return;
    }
  }
  assert.fail(`${page.url()}: not reached by ${most} presses of Tab; the last was ${JSON.stringify(await focused())}`);
}

test("Ctrl-K, half a name with a slip, arrows and Enter lead to the service", async (t) => {
  await page.goto(`${base}/`);
  const before = seen.requests.length;
  await page.keyboard.press("Control+k");
  await palette().waitFor();
  assert.equal((await focused()).name, "input", "the field of the palette has the focus");
  await page.keyboard.type("availabilty serv");
  await page.locator(".search-palette [role=option] .search-result-title").filter({ hasText: "Availability service" }).first().waitFor();
  const input = palette().getByRole("combobox");
  assert.equal(await input.getAttribute("aria-expanded"), "true");
  assert.equal(await input.getAttribute("aria-activedescendant"), await choice().getAttribute("id"), "the field names the chosen option");
  const first = await choice().textContent();
  await page.keyboard.press("ArrowDown");
  assert.notEqual(await choice().textContent(), first, "the arrow moves the choice");
  await page.keyboard.press("ArrowUp");
  assert.equal(await choice().textContent(), first, "and back");
  for (let i = 0; i < 10 && !(await choice().getAttribute("href")).endsWith("/component/availability-service/"); i++) {
    await page.keyboard.press("ArrowDown");
  }
  const sizes = await Promise.all(seen.requests.slice(before).map((r) => r.sizes().then((s) => s.responseBodySize, () => 0)));
  const total = sizes.reduce((a, b) => a + b, 0);
  t.diagnostic(`${sizes.length} requests and ${total} bytes to the first result`);
  assert.ok(total > 0 && total <= 120 * 1024, `${total} bytes to the first result, more than 120 KiB`);
  await page.keyboard.press("Enter");
  await page.waitForURL(`${base}/catalog/default/component/availability-service/`);
  assert.equal(await page.locator("h1").textContent(), "Availability service");
});

test("Escape closes the palette and gives the focus back", async () => {
  await page.goto(base + service);
  await tabTo((e) => e.palette);
  await page.keyboard.press("Enter");
  await palette().waitFor();
  await page.keyboard.type("x");
  await page.keyboard.press("Escape");
  if (await palette().isVisible()) {
    await page.keyboard.press("Escape"); // the first may empty the field, as browsers do in search fields
  }
  await palette().waitFor({ state: "hidden" });
  assert.ok((await focused()).palette, `the focus is on ${JSON.stringify(await focused())}`);
  await page.keyboard.press("Control+k");
  await palette().waitFor();
});

test("the owner of a service and a way to reach them, by keyboard alone", async () => {
  await page.goto(`${base}/`);
  await page.keyboard.press("Control+k");
  await palette().waitFor();
  await page.keyboard.type("seat map service");
  await choice().filter({ hasText: "Seat map service" }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(base + service);
  await page.keyboard.press("Tab");
  assert.equal((await focused()).text, "Skip to content", "the first stop is the way past the header");
  await page.keyboard.press("Enter");
  const owner = page.locator(".entity-head dt", { hasText: "Owner" }).locator("xpath=following-sibling::dd").getByRole("link");
  const name = (await owner.textContent()).trim();
  await tabTo((e) => e.text === name, 15);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/catalog\/default\/group\/[^/]+\/$/);
  assert.equal((await page.locator("h1").textContent()).trim(), name);
  assert.ok(await page.locator('a[href^="mailto:"]').first().isVisible(), "the team can be reached");
});

test("every stop of the keyboard shows where it is", async () => {
  await page.goto(base + service);
  const blind = [];
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const node = document.activeElement;
      const style = getComputedStyle(node.matches(".cover") ? node.closest(".card-link") : node); // a card is outlined as a whole
      const box = node.getBoundingClientRect();
      const header = document.querySelector(".site-header").getBoundingClientRect();
      return {
        what: node.outerHTML.slice(0, 90), body: node === document.body,
        outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        hidden: !node.closest(".site-header, .skip") && box.bottom <= header.bottom && getComputedStyle(document.querySelector(".site-header")).position === "sticky",
      };
    });
    if (at.body) {
      break;
    }
    if (!at.outlined || at.hidden) {
      blind.push(`${service} ${at.outlined ? "is below the header" : "has no outline of 2 px"} when focused: ${at.what}`);
    }
  }
  none(blind);
});

test("a search has an address that can be passed on, and Back returns to it", async () => {
  await page.goto(`${base}/search/`);
  await page.getByRole("searchbox").fill("refund");
  await page.waitForURL(`${base}/search/?q=refund`);
  const address = page.url();
  const titles = page.locator("#search .search-result-title");
  await titles.first().waitFor();
  const found = await titles.allTextContents();
  const other = await context.newPage();
  await other.goto(address);
  await other.locator("#search .search-result-title").first().waitFor();
  assert.deepEqual(await other.locator("#search .search-result-title").allTextContents(), found, "another reader sees the same");
  await other.close();
  await titles.first().click();
  await page.waitForURL((url) => !url.pathname.startsWith("/search/"));
  await page.goBack();
  await page.waitForURL(address);
  await titles.first().waitFor();
  assert.equal(await page.getByRole("searchbox").inputValue(), "refund");
  assert.deepEqual(await titles.allTextContents(), found, "Back shows what was found");
});

test("search says plainly that nothing matches", async () => {
  await page.goto(`${base}/search/?q=xqzjwv`);
  await page.locator("#search").getByText(/Nothing matches/).waitFor();
});

test("the search field of the home page leads to the results", async () => {
  await page.goto(`${base}/`);
  await page.locator(".hero").getByRole("searchbox").fill("ledger");
  await page.keyboard.press("Enter");
  await page.waitForURL(`${base}/search/?q=ledger`);
  await page.locator("#search .search-result-title").first().waitFor();
});

const rows = () => page.locator("#rows tbody tr:not([hidden])");
const names = () => rows().locator("th a.ref").allTextContents();

test("filter and order of a list are in its address, and Back restores them", async () => {
  await page.goto(`${base}/catalog/kind/component/`);
  const all = await rows().count();
  await page.locator("[data-filter] input").fill("box office");
  await page.waitForURL(/[?&]filter=box(\+|%20)office/);
  const some = await rows().count();
  assert.ok(some > 0 && some < all, `${some} of ${all} rows are left`);
  assert.match(await page.locator("[data-count]").textContent(), new RegExp(`\\b${some}\\b.*\\b${all}\\b`), "the count is told");
  const name = page.locator("#rows thead th").first();
  await name.getByRole("button").click();
  assert.equal(await name.getAttribute("aria-sort"), "ascending");
  const up = await names();
  await name.getByRole("button").click();
  assert.equal(await name.getAttribute("aria-sort"), "descending");
  assert.deepEqual(await names(), up.toReversed?.() ?? [...up].reverse(), "the other way round");
  assert.match(page.url(), /[?&]sort=-0/);
  const address = page.url();
  const shown = await names();
  await rows().first().locator("th a.ref").click();
  await page.waitForURL((url) => url.pathname !== "/catalog/kind/component/");
  await page.goBack();
  await page.waitForURL(address);
  await page.waitForFunction((n) => document.querySelectorAll("#rows tbody tr:not([hidden])").length === n, some);
  assert.deepEqual(await names(), shown, "Back shows the same rows in the same order");
  assert.equal(await page.locator("[data-filter] input").inputValue(), "box office");
});

test("the theme goes through system, light and dark, and stays without a flash", async () => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto(base + service);
  const button = page.locator("[data-theme-switch]");
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme ?? "system");
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const paper = await ground();
  assert.equal(await theme(), "system");
  await button.click();
  assert.equal(await theme(), "light");
  assert.match(await button.getAttribute("aria-label"), /light/);
  await button.click();
  assert.equal(await theme(), "dark");
  assert.notEqual(await ground(), paper, "dark is dark");
  const night = await ground();
  // The first frame of the next page: the choice is there before the body is.
  await context.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (document.body) {
        globalThis.themeAtBody = document.documentElement.dataset.theme;
        observer.disconnect();
      }
    }).observe(document, { childList: true, subtree: true });
  });
  await page.reload({ waitUntil: "domcontentloaded" });
  assert.equal(await page.evaluate(() => globalThis.themeAtBody), "dark", "the choice is known before there is a body to paint");
  assert.equal(await ground(), night);
  await page.goto(`${base}/docs/`);
  assert.equal(await theme(), "dark", "other pages follow");
  await page.locator("[data-theme-switch]").click();
  assert.equal(await theme(), "system");
  await page.emulateMedia({ colorScheme: "dark" });
  assert.equal(await ground(), night, "the system's choice is followed again");
});

test("code is copied as it was written", async () => {
  const file = htmlUnder(/^docs\/.+\/index\.html$/).find((f) => /<div[^>]* class="highlight"/.test(read(f)) && !read(f).includes("tabbed-set"));
  await page.goto(base + urlOf(file));
  const button = page.locator("main .highlight > button.copy").first();
  const code = await page.locator("main .highlight:has(> button.copy)").first().locator("pre code").evaluate((node) => {
    const copy = node.cloneNode(true);
    copy.querySelectorAll(".gp").forEach((prompt) => prompt.remove());
    return copy.textContent.replace(/\n$/, "");
  });
  await button.focus();
  await page.keyboard.press("Enter");
  await page.locator("button.copy[data-done]").waitFor();
  assert.ok(code.length > 0);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), code, `${urlOf(file)}: the clipboard has the code`);
});

test("a star is kept and leads back from the home page", async () => {
  await page.goto(base + service);
  const star = page.locator("button[data-star]");
  await star.click();
  assert.equal(await star.getAttribute("aria-pressed"), "true");
  await page.goto(`${base}/`);
  await page.locator("[data-starred]").getByRole("link", { name: "Seat map service" }).click();
  await page.waitForURL(base + service);
  assert.equal(await star.getAttribute("aria-pressed"), "true");
  await star.click();
  await page.goto(`${base}/`);
  assert.equal(await page.locator("[data-starred] li").count(), 0, "and is gone when it is taken away");
  assert.equal(await page.locator("[data-starred]").isVisible(), false, "an empty list is not shown");
});
