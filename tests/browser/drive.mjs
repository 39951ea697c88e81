// Drives OUVRIR.HTM in headless Chromium as a person does: every line of stdin is one errand in JSON,
// and is answered by one line. `node drive.mjs MODULES PAGE|ADDRESS PROFILE [WIDTH HEIGHT LOCALE]`
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, file, profile, width = "1100", height = "900", locale = "en-GB"] = process.argv.slice(2);
const { chromium } = createRequire(join(modules, "playwright-core", "package.json"))("playwright-core");
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  locale,
  viewport: { width: Number(width), height: Number(height) },
  acceptDownloads: true,
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
  ],
});
const page = await context.newPage();
const reached = [];
const errors = [];
const answered = [];
context.on("request", (one) => /^(file|blob|data|about):/.test(one.url()) || reached.push(one.url()));
page.on("response", (one) => answered.push([new URL(one.url()).pathname, one.status()]));
page.on("pageerror", (fault) => errors.push(String(fault)));
page.on("console", (one) => one.type() === "error" && errors.push(one.text()));
await page.goto(file.startsWith("http:") ? file : pathToFileURL(file).href);

// benchmarks wait longer than tests
const patience = Number(process.env.OPENER_PATIENCE ?? 120_000);
const idle = async () => {
  await page.waitForSelector('#app:not([aria-busy="true"])', { timeout: patience });
  await page.waitForFunction(() => document.querySelector("#found")?.textContent !== "");
};
const text = async (selector) => ((await page.locator(selector).count()) ? page.locator(selector).allInnerTexts() : []);

// with the keyboard: beside the frame of a dossier, a click of the driver now and then lands in the frame
const enter = async (one) => { await one.focus(); await page.keyboard.press("Enter"); };

const errands = {
  async at({ moment }) { await page.clock.setFixedTime(new Date(moment)); },
  async again() {
    if (await page.locator("#choose").count()) {
      if (await page.locator("#choose > button").count()) await page.click("#choose > button");
    } else await page.reload();
  },
  async give({ files }) { await page.setInputFiles("#files-input", files); await idle(); },
  // without waiting for the end
  async begin({ files, selector }) { await (files ? page.setInputFiles("#files-input", files) : enter(page.locator(selector).first())); },
  async folder({ folder }) { await page.setInputFiles("#folder-input", folder); await idle(); },
  async accept() {
    const boxes = page.locator(".signer:not(#stamp-roots) input");
    for (let n = 0; n < (await boxes.count()); n++) await boxes.nth(n).check();
  },
  // say of every certificate that it is believed for time-stamps; each packages are judged again
  async believe() {
    const boxes = page.locator("#stamp-roots input");
    for (let n = 0; n < (await boxes.count()); n++) {
      await boxes.nth(n).check();
      await idle();
    }
  },
  async fill({ selector, value }) {
    await page.fill(selector, value);
    // the list is found elsewhere, and says for which words it is
    if (selector === "#search") await page.waitForFunction((words) => document.querySelector("#found")?.dataset.words === words, value);
  },
  async click({ selector, nth = 0 }) { await enter(page.locator(selector).nth(nth)); await idle(); },
  async leave({ selector }) { await enter(page.locator(selector)); },
  // the next two frames are drawn: what was asked for is on the screen
  async settled() { await page.evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 60))); },
  async focus({ selector }) { await page.locator(selector).first().focus(); },
  async drag({ selector, start, end, button = "left" }) {
    const box = await page.locator(selector).first().boundingBox();
    await page.mouse.move(box.x + start[0], box.y + start[1]);
    await page.mouse.down({ button });
    await page.mouse.move(box.x + end[0], box.y + end[1], { steps: 4 });
    await page.mouse.up({ button });
  },
  async press({ keys }) { for (const key of keys) await page.keyboard.press(key); },
  async open() {
    if (!(await page.locator("#key button[type=submit]").count())) return false;
    await page.click("#key button[type=submit]");
    await idle();
    return true;
  },
  async goto({ address }) { await page.goto(address); },
  async reload() { await page.reload(); await idle(); },
  async wait({ selector }) { await page.waitForSelector(selector, { timeout: 60_000 }); },
  // what the frame is given: nothing runs in it, so that the driver cannot look into it either
  async frame() {
    return page.evaluate(() => {
      const frame = document.querySelector("#dossier iframe");
      return new DOMParser().parseFromString(frame.srcdoc, "text/html").body.textContent.replace(/\s+/g, " ");
    });
  },
  async text({ selector }) { return text(selector); },
  async count({ selector }) { return page.locator(selector).count(); },
  async save({ selector, nth = 0, target }) {
    const waiting = page.waitForEvent("download");
    await enter(page.locator(selector).nth(nth));
    const download = await waiting;
    await download.saveAs(target);
    return download.suggestedFilename();
  },
  async shot({ target, whole = true }) { await page.screenshot({ path: target, fullPage: whole }); },
  // what a printer gets: the page, or the tab that `selector` opens
  async pdf({ target, selector }) {
    let printed = page;
    if (selector) [printed] = await Promise.all([context.waitForEvent("page"), enter(page.locator(selector))]);
    await printed.waitForLoadState("load");
    await printed.waitForFunction(() => document.body?.childElementCount);
    await printed.pdf({ path: target, format: "A4" });
    if (selector) await printed.close();
  },
  // what axe-core finds against WCAG 2.2 (A, AA) and its best practices, outside the frame of the dossier
  async axe() {
    if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(readFileSync(join(modules, "axe-core", "axe.min.js"), "utf8"));
    const found = await page.evaluate(() => window.axe.run({ exclude: ["iframe"] }, { iframes: false }));
    return found.violations.map((one) => [one.id, one.help, ...one.nodes.map((node) => node.target.join(" "))]);
  },
  async evaluate({ script }) { return page.evaluate(script); },
  async told() { return { reached, errors, answered }; },
  // one hostile input, whole: given, accepted where it may be, opened as far as it goes
  // what is said of a package: since when it exists, and what keeps it from being opened
  async judged({ moment, files }) {
    await errands.again();
    await errands.at({ moment });
    await errands.give({ files });
    await errands.believe();
    const refused = (await text("#verdict > .refused")).join(" ").match(/\[([a-z0-9-]+)\]/)?.[1] ?? "";
    const found = await page.evaluate(() => ({ ...document.querySelector("#verdict > .judged")?.dataset }));
    return { refused, existence: found.existence ?? "", held: found.held ?? "" };
  },
  async attempt({ moment, files, accept, words, dossiers }) {
    await errands.again();
    await errands.at({ moment });
    await errands.give({ files });
    await errands.believe();
    if (accept) await errands.accept();
    if (words && (await page.locator("#unit-words").count())) await errands.fill({ selector: "#unit-words", value: words });
    const tried = await errands.open();
    const refused = await text(".refused, #said");
    if (await page.locator("#dossier").count()) {
      const found = { opened: "dossier", refused: await text(".refused") };
      await page.click("#dossier .actions button");
      return found;
    }
    const rows = await page.locator("#patients button.link").count();
    const inside = [];
    for (let n = 0; dossiers && n < rows; n++) {
      await page.locator("#patients button.link").nth(n).click();
      await idle();
      if (await page.locator("#dossier").count()) {
        await page.waitForSelector("#dossier iframe, #dossier .refused, #dossier #files");
        await page.waitForFunction(() => document.querySelector("#dossier > div")?.childElementCount);
        inside.push(await text("#dossier .refused"));
        await page.click("#dossier .actions button");
      } else inside.push(await text("#patients .refused"));
    }
    return { opened: rows ? "keyring" : "", tried, refused, inside };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { errand, ...rest } = JSON.parse(line);
  try {
    process.stdout.write(`${JSON.stringify({ answer: (await errands[errand](rest)) ?? null })}\n`);
  } catch (fault) {
    process.stdout.write(`${JSON.stringify({ fault: String(fault) })}\n`);
  }
}
await context.close();
