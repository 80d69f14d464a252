// The portal under a path of another site, as on a project's pages.
import assert from "node:assert/strict";
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { after, before, test } from "node:test";
import { launch, none, settled, site, watch } from "./portal.mjs";

const types = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml", ".xml": "application/xml" };
const prefix = "/portal/";

let browser, server, origin;
before(async () => {
  server = createServer((request, response) => {
    let path = decodeURIComponent(new URL(request.url, "http://host").pathname);
    path += path.endsWith("/") ? "index.html" : "";
    const file = join(site, normalize(`/${path.slice(prefix.length)}`));
    if (!path.startsWith(prefix) || !statSync(file, { throwIfNoEntry: false })?.isFile()) {
      response.writeHead(404).end("not here");
      return;
    }
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  origin = `http://127.0.0.1:${server.address().port}`;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

test("links, search and docs work from a sub-path", async () => {
  const page = await (await browser.newContext()).newPage();
  const stray = [];
  const seen = watch(page);
  page.on("request", (request) => {
    if (!request.url().startsWith(origin + prefix) && !request.url().startsWith("data:")) {
      stray.push(`${page.url()} asks for ${request.url()}, outside ${prefix}`);
    }
  });
  await page.goto(origin + prefix);
  for (const name of ["Catalog", "Docs", "APIs", "Explore", "Graph", "Problems"]) {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true }).click();
    await page.waitForLoadState("load");
    assert.equal(await page.locator("h1").count(), 1, `${page.url()} has one h1`);
    assert.ok(page.url().startsWith(origin + prefix) && page.url() !== origin + prefix, `${name} leads to ${page.url()}`);
  }
  await page.goto(`${origin}${prefix}docs/`);
  await page.locator("#docs tbody th a").first().click();
  await page.waitForURL(/\/portal\/docs\/.+\/.+\//);
  await page.locator('.pager a[rel="next"]').click();
  await page.waitForLoadState("load");
  await page.locator(".brand").click();
  await page.waitForURL(origin + prefix);
  await page.keyboard.press("Control+k");
  await page.locator(".search-palette").waitFor();
  await page.keyboard.type("seat map servce");
  await page.locator('.search-palette [aria-selected="true"]').waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(`${origin}${prefix}catalog/default/component/seat-map-service/`);
  await settled(page);
  none([...stray, ...seen.wrong.filter((line) => !/another origin/.test(line)).map((line) => `${prefix} ${line}`)]);
});
