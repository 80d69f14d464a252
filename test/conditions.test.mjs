// Readers whose clock, colours, motion or paper differ.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { base, launch, none, read, files, settled } from "./portal.mjs";

const service = "/catalog/default/component/checkout-service/";
const runbook = "/docs/default/component/checkout-service/runbook/";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** visit opens a page in a context of its own and hands it to a check. */
async function visit(path, options, check) {
  const { clock, ...rest } = options;
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...rest });
  try {
    const page = await context.newPage();
    if (clock) {
      await page.clock.setFixedTime(clock);
    }
    await page.goto(base + path);
    await settled(page);
    await check(page);
  } finally {
    await context.close();
  }
}

test("moments are told from the reader's own clock", async () => {
  const moment = (file) => Date.parse(/<time datetime="([^"]+)" data-ago/.exec(read(file))[1]);
  const hours = 3_600_000;
  const about = moment("about/index.html");
  for (const [later, words] of [[3 * hours, "3 hours ago"], [5 * 60_000, "5 minutes ago"], [49 * hours, "2 days ago"], [15 * 24 * hours, "2 weeks ago"]]) {
    await visit("/about/", { clock: about + later }, async (page) => {
      const text = await page.locator("time[data-ago]").first().textContent();
      assert.match(text, /^\d{1,2} \w{3} \d{4}, \d\d:\d\d UTC/, "the moment itself is told first");
      assert.ok(text.endsWith(`(${words})`), `/about/ read ${words.replace(" ago", "")} later says “${text}”`);
    });
  }
  await visit(service, { clock: Date.parse("2027-11-30T00:00:00Z") }, async (page) => {
    const times = await page.locator("#source time").evaluateAll((all) => all.map((t) => t.title));
    assert.ok(times.length > 0 && times.every((t) => t.includes("last year") || t.includes("year")), `${service} in 2027: ${times}`);
  });
});

test("a moment past its largest age turns stale, a younger one does not", async () => {
  const path = "/about/";
  const moment = Date.parse(/<time datetime="([^"]+)" data-ago/.exec(read("about/index.html"))[1]);
  for (const [age, stale] of [[1800, false], [7200, true]]) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.clock.setFixedTime(moment + age * 1000);
    await page.route(`**${path}`, async (route) => { // no page of the demo has an age limit
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replace(" data-ago>", ' data-ago data-max-age="3600">') });
    });
    await page.goto(base + path);
    assert.equal(await page.locator("time[data-max-age]").first().evaluate((t) => t.classList.contains("stale")), stale, `${path}: ${age} s old with a limit of 3600 s`);
    await context.close();
  }
});

test("forced colours leave focus, status and drawings to be seen", () => visit(service, { forcedColors: "active" }, async (page) => {
  const failures = [];
  for (let i = 0; i < 15; i++) {
    await page.keyboard.press("Tab");
    const bad = await page.evaluate(() => {
      const node = document.activeElement;
      const style = getComputedStyle(node);
      return style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2 ? node.outerHTML.slice(0, 90) : "";
    });
    if (bad) {
      failures.push(`${service} [forced colours] no outline when focused: ${bad}`);
    }
  }
  await page.goto(`${base}/problems/`);
  const states = page.locator("main .state:visible");
  const n = await states.count();
  assert.ok(n > 0, "/problems/ shows no state");
  for (let i = 0; i < Math.min(n, 20); i++) {
    const glyph = await states.nth(i).locator("svg").first().boundingBox();
    const words = (await states.nth(i).textContent()).trim();
    if (!glyph?.width || words === "") {
      failures.push(`/problems/ [forced colours] a state without ${words ? "glyph" : "word"}: ${words}`);
    }
  }
  none(failures);
}));

test("with reduced motion nothing moves", async () => {
  for (const path of ["/", service, runbook]) {
    await visit(path, { reducedMotion: "reduce" }, async (page) => {
      const moving = await page.evaluate(() => [...document.querySelectorAll("*")].filter((node) => {
        const style = getComputedStyle(node);
        return style.animationName !== "none" || style.transitionDuration.split(",").some((d) => parseFloat(d) > 0) || style.scrollBehavior === "smooth";
      }).map((node) => node.outerHTML.slice(0, 80)));
      await page.locator("main a").first().hover();
      const running = await page.evaluate(() => document.getAnimations().length);
      assert.deepEqual([moving.slice(0, 5), running], [[], 0], `${path} [reduced motion]`);
    });
  }
});

test("motion is short where it is wanted", () => visit(service, { reducedMotion: "no-preference" }, async (page) => {
  const long = await page.evaluate(() => [...document.querySelectorAll("*")].flatMap((node) => getComputedStyle(node).transitionDuration.split(",").map((d) => [parseFloat(d), node.localName])).filter(([d]) => d > 0.15));
  assert.deepEqual(long, [], `${service}: transitions of more than 150 ms`);
}));

test("paper has the text, not the navigation", async () => {
  for (const path of [service, runbook]) {
    await visit(path, { colorScheme: "dark" }, async (page) => {
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      for (const hidden of [".site-nav", ".search-link", ".docs-side", ".docs-toc", ".pager", ".skip", "button.copy"]) {
        const n = await page.locator(`${hidden}:visible`).count();
        assert.equal(n, 0, `${path} [print] ${hidden} is printed`);
      }
      assert.ok(await page.locator("h1").isVisible(), `${path} [print] has its title`);
      const ink = await page.locator("h1").evaluate((node) => getComputedStyle(node).color.match(/\d+/g).slice(0, 3).map(Number));
      assert.ok(Math.max(...ink) < 128, `${path} [print, dark] prints its title in rgb(${ink})`);
      const place = path === service ? page.locator("#source").getByText(/catalog-info\.yaml:\d+/) : page.locator(".docs-meta");
      assert.ok(await place.first().isVisible(), `${path} [print] says where it came from`);
      const pdf = await page.pdf({ format: "A4" });
      assert.equal(pdf.subarray(0, 5).toString(), "%PDF-", `${path} [print]`);
      const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
      assert.ok(pages >= 1 && pages <= 12, `${path} [print] takes ${pages} sheets`);
    });
  }
});

test("paper has every tab of a docs page", async () => {
  const file = files.find((f) => f.startsWith("docs/") && f.endsWith(".html") && read(f).includes("tabbed-set"));
  const path = `/${file.replace(/index\.html$/, "")}`;
  await visit(path, {}, async (page) => {
    await page.emulateMedia({ media: "print" });
    const blocks = page.locator(".tabbed-block");
    assert.equal(await blocks.evaluateAll((all) => all.filter((b) => b.offsetHeight === 0).length), 0, `${path} [print] leaves tabs out`);
  });
});
