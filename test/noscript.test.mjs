// What works without JavaScript: everything that answers a question.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { base, htmlUnder, launch, none, read, urlOf } from "./portal.mjs";

const service = "/catalog/default/component/checkout-service/";

let browser, context;
before(async () => {
  browser = await launch();
  context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 800 } });
});
after(() => browser?.close());

/** visit opens a page, hands it to a check, and closes it. */
async function visit(path, check, viewport) {
  const page = await context.newPage();
  try {
    if (viewport) {
      await page.setViewportSize(viewport);
    }
    await page.goto(base + path);
    await check(page);
  } finally {
    await page.close();
  }
}

/** missing names the locators that nobody can see. */
async function missing(path, wanted) {
  const failures = [];
  for (const [what, locator] of Object.entries(wanted)) {
    if (!(await locator.first().isVisible())) {
      failures.push(`${path} [no script] ${what} is not to be seen: ${locator}`);
    }
  }
  return failures;
}

test("a service says who owns it, how to reach them and what to do at night", () => visit(service, async (page) => {
  const head = page.locator(".entity-head");
  none(await missing(service, {
    owner: head.getByRole("link", { name: "Box Office", exact: true }),
    channel: head.getByRole("link", { name: "#box-office" }),
    "mail address": head.locator('a[href^="mailto:"]'),
    runbook: head.getByRole("link", { name: "Runbook" }),
    docs: page.locator('#docs a[href*="/docs/default/component/checkout-service/"]'),
    relations: page.locator("#relations").getByRole("link"),
    "drawing of relations": page.locator("#relations svg"),
    "provided API": page.locator("#parts").getByRole("link", { name: "Checkout API" }),
    provenance: page.locator("#source").getByText(/catalog-info\.yaml:\d+/),
    "link to edit": page.locator("#source").getByRole("link", { name: "Edit descriptor" }),
    "last change": page.locator("#source time"),
  }));
  const fold = await head.boundingBox();
  assert.ok(fold.y + fold.height <= 800, `${service}: owner and runbook end at ${fold.y + fold.height} px, below a screen of 800`);
}));

test("nothing is offered that needs script", async () => {
  for (const path of ["/", "/catalog/", "/docs/", service]) {
    await visit(path, async (page) => {
      const dead = await page.locator("button:visible, input:visible").evaluateAll((all) => all.filter((e) => !e.closest("form[action]") && !e.closest(".tabbed-set, .task-list-item")).map((e) => e.outerHTML.slice(0, 120)));
      assert.deepEqual(dead, [], `${path} [no script] has controls that do nothing`);
    });
  }
});

test("the catalog is narrowed by links", () => visit("/catalog/", async (page) => {
  const before = await page.locator("#rows tbody tr").count();
  await page.locator(".facets").getByRole("link", { name: /^API/ }).first().click();
  await page.waitForURL("**/catalog/kind/api/");
  const after = await page.locator("#rows tbody tr").count();
  assert.ok(after > 0 && after < before, `${after} of ${before} rows are left`);
  await page.goto(`${base}/catalog/`);
  await page.locator(".sorts a:not([aria-current])").first().click();
  assert.equal(await page.locator("#rows tbody tr").count(), before, "another order has the same rows");
}));

test("the search page offers the index from A to Z", () => visit("/search/", async (page) => {
  await page.locator("#search noscript, #search .notice").getByRole("link", { name: /A.Z/ }).first().click();
  await page.waitForURL("**/search/a-z/");
  none(await missing("/search/a-z/", { "an entity": page.getByRole("link", { name: "Seat map service" }) }));
}));

test("the search link leads to the search page", () => visit("/", async (page) => {
  await page.locator("a[data-palette]").click();
  await page.waitForURL("**/search/");
}));

test("every tab of a docs page can be read", async () => {
  const file = htmlUnder(/^docs\/.+\/index\.html$/).find((f) => read(f).includes("tabbed-set"));
  await visit(urlOf(file), async (page) => {
    const set = page.locator(".tabbed-set").first();
    const labels = set.locator(":scope > .tabbed-labels > label");
    const blocks = set.locator(":scope > .tabbed-content > .tabbed-block");
    const n = await labels.count();
    assert.ok(n > 1, `${urlOf(file)}: ${n} tabs`);
    for (let i = 0; i < n; i++) {
      await labels.nth(i).click();
      assert.ok(await blocks.nth(i).isVisible(), `${urlOf(file)} [no script] tab ${i + 1} stays hidden`);
    }
  });
});

test("the navigation is within reach on a telephone", () => visit(service, async (page) => {
  const nav = page.getByRole("navigation", { name: "Main" });
  const menu = page.locator(".site-header summary");
  if (await menu.isVisible()) {
    await menu.click();
  }
  for (const name of ["Catalog", "Docs", "APIs", "Explore", "Problems"]) {
    const link = nav.getByRole("link", { name, exact: true });
    assert.ok(await link.isVisible(), `${service} [no script, 390 px] ${name} is not to be seen`);
  }
  await nav.getByRole("link", { name: "Docs", exact: true }).click();
  await page.waitForURL("**/docs/");
}, { width: 390, height: 800 }));

test("the tree of a docs site is within reach on a telephone", async () => {
  const path = "/docs/default/component/checkout-service/";
  await visit(path, async (page) => {
    await page.locator(".docs-side summary").first().click();
    await page.locator(".docs-side summary", { hasText: "How it works" }).click();
    const link = page.locator(".docs-side").getByRole("link", { name: "Baskets" }).first();
    assert.ok(await link.isVisible(), `${path} [no script, 390 px] the tree does not unfold`);
  }, { width: 390, height: 800 });
});
