// Drives OUVRIR.HTM in headless Chromium as a person does: every line of stdin is one errand in JSON,
// and is answered by one line. `node drive.mjs MODULES PAGE PROFILE [WIDTH HEIGHT LOCALE]`
import { createRequire } from "node:module";
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
context.on("request", (one) => /^(file|blob|data|about):/.test(one.url()) || reached.push(one.url()));
page.on("pageerror", (fault) => errors.push(String(fault)));
page.on("console", (one) => one.type() === "error" && errors.push(one.text()));
await page.goto(pathToFileURL(file).href);

const idle = () => page.waitForSelector('#app:not([aria-busy="true"])', { timeout: 120_000 });
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
  async folder({ folder }) { await page.setInputFiles("#folder-input", folder); await idle(); },
  async accept() { for (let n = 0; n < (await page.locator(".signer input").count()); n++) await page.locator(".signer input").nth(n).check(); },
  async fill({ selector, value }) { await page.fill(selector, value); },
  async click({ selector, nth = 0 }) { await enter(page.locator(selector).nth(nth)); await idle(); },
  async press({ keys }) { for (const key of keys) await page.keyboard.press(key); },
  async open() {
    if (!(await page.locator("#key button[type=submit]").count())) return false;
    await page.click("#key button[type=submit]");
    await idle();
    return true;
  },
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
  async shot({ target }) { await page.screenshot({ path: target, fullPage: true }); },
  async evaluate({ script }) { return page.evaluate(script); },
  async told() { return { reached, errors }; },
  // one hostile input, whole: given, accepted where it may be, opened as far as it goes
  async attempt({ moment, files, accept, words, dossiers }) {
    await errands.again();
    await errands.at({ moment });
    await errands.give({ files });
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
        await page.waitForSelector("#dossier iframe, #dossier .refused, #dossier h3");
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
