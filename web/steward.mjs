// Walks the steward's local page in headless Chromium as a steward does, on the folder of a synthetic city, and fails on any accessibility violation.
// Usage: node steward.mjs CITY_DIR [--shots DIR]; CITY_DIR is what `wdl demo --no-serve --dir CITY_DIR` made, BIN where the programs are (../target/debug).
// Also fails on a request that leaves this machine, a script error, a page wider than a 320-pixel screen, or a page over 350 KB.
// The file is chosen and sent with the keyboard alone, once with JavaScript and once without.

import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const budget = 350 * 1024;

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node steward.mjs CITY_DIR [--shots DIR]');
  process.exit(2);
}
const city = resolve(folder);
const bin = resolve(process.env.BIN ?? '../target/debug');
const shotsAt = process.argv.indexOf('--shots');
const shots = shotsAt > 0 ? resolve(process.argv[shotsAt + 1]) : null;
const work = mkdtempSync(join(tmpdir(), 'wdl-steward-'));
const programs = [];
const faults = [];
const checked = new Set();
let passes = 0;
let heaviest = 0;

// Starts a program and waits for the address it writes.
const start = (name, args) => new Promise((ok, no) => {
  const program = spawn(join(bin, name), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  programs.push(program);
  let told = '';
  const hear = (bytes) => {
    told += bytes;
    const address = /http:\/\/127\.0\.0\.1:\d+[^\s\"`,]*/.exec(told);
    if (address) ok(address[0]);
  };
  program.stdout.on('data', hear);
  program.stderr.on('data', hear);
  program.on('exit', (code) => no(new Error(`${name} ended with ${code}: ${told}`)));
});

const body = 'comune';
const dataset = 'aiuti';
const exports = join(city, 'city/exports', body);
const period = readdirSync(exports).sort().at(-1);
const original = readFileSync(join(exports, period, `${dataset}.csv`));

// The export as it may come: the same rows, another name of a column, a few rows wrong.
const text = original.toString('latin1');
const eol = text.includes('\r\n') ? '\r\n' : '\n';
const [header, ...rows] = text.split(eol).filter((line) => line);
const names = header.split(';');
const at = (name) => names.indexOf(name);
const change = (line, name, value) => {
  const cells = rows[line].split(';');
  cells[at(name)] = value;
  rows[line] = cells.join(';');
};
change(1, 'DATA', '31/02/2026');
change(2, 'MISURA', 'non_esiste');
change(3, 'IMPORTO', '12.3O4');
change(4, 'CODICE_FISCALE', '');
const wrong = Buffer.from([header.replace('CODICE_FISCALE', 'COD_FISC'), ...rows, ''].join(eol), 'latin1');

const visit = async (page, name) => {
  checked.add(name);
  const fault = (words) => faults.push(`${name}: ${words}`);
  for (const [width, height] of [[1280, 900], [320, 800]]) {
    await page.setViewportSize({ width, height });
    await page.evaluate(() => document.querySelectorAll('details').forEach((each) => { each.open = true; }));
    await page.evaluate(axe);
    const report = await page.evaluate((values) => window.axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] }), tags);
    passes += report.passes.length;
    for (const violation of report.violations) {
      const where = violation.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} — ${node.failureSummary.split('\n').slice(1, 2).join(' ').trim()}`);
      fault(`${width}px ${violation.id} (${violation.impact}): ${where.join(' | ')}`);
    }
    const overflow = await page.evaluate(() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth);
    if (overflow > 0) fault(`${width}px wide: the page is ${overflow}px wider than the screen`);
    if (shots) await page.screenshot({ path: join(shots, `${name}-${width}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
};

// The element that has the focus after as many tabs as it takes.
const tabTo = async (page, selector) => {
  for (let press = 0; press < 60; press += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((css) => document.activeElement?.matches(css), selector)) return;
  }
  faults.push(`no number of tabs leads to ${selector} on ${page.url()}`);
};
const sendFile = async (page, name, buffer) => {
  await page.locator('body').focus().catch(() => {});
  await tabTo(page, 'input[type=file]');
  // A browser opens the choice of a file with Enter or with Space.
  let chooser;
  for (const key of ['Enter', 'Space', 'Enter']) {
    [chooser] = await Promise.all([page.waitForEvent('filechooser', { timeout: 10000 }).catch(() => null), page.keyboard.press(key)]);
    if (chooser) break;
  }
  await chooser.setFiles({ name, mimeType: 'text/csv', buffer });
  await tabTo(page, 'main button');
  await Promise.all([page.waitForURL(/\/check\/\d+$/), page.keyboard.press('Enter')]);
};

try {
  const dir = join(work, 'body');
  cpSync(join(city, 'bodies', body), dir, { recursive: true });
  const keys = join(city, 'state/keys/public');
  const custodians = [];
  for (const id of readdirSync(join(city, 'custodians'))) {
    custodians.push(await start('wdl-keys', ['serve', '--dir', join(city, 'custodians', id), '--bodies', join(keys, 'bodies'), '--agreement', join(keys, 'agreement.pub')]));
  }
  const first = await start('wdl-holder', ['ui', '--lab', join(city, 'lab'), '--body', body, '--dir', dir,
    '--recipient', join(keys, 'lab.recipient'), ...custodians.flatMap((address) => ['--custodian', address]), '--out', join(work, 'out')]);
  const tool = programs.at(-1);
  const { origin } = new URL(first);

  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const enter = async (javaScriptEnabled) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled });
    const page = await context.newPage();
    let weight = 0;
    page.on('request', (request) => {
      if (!request.url().startsWith(`${origin}/`)) faults.push(`asks for ${request.url()}`);
      if (request.isNavigationRequest()) weight = 0;
    });
    page.on('response', async (response) => {
      const bytes = await response.body().catch(() => Buffer.alloc(0));
      weight += bytes.length;
      heaviest = Math.max(heaviest, weight);
    });
    page.on('pageerror', (error) => faults.push(`script error ${error.message}`));
    page.on('console', (message) => { if (message.type() === 'error' && !/status of (404|422)/.test(message.text())) faults.push(`console: ${message.text()}`); });
    await page.goto(first);
    return page;
  };

  const page = await enter(true);
  await visit(page, 'deliveries');
  await page.goto(`${origin}/it/send/${dataset}/${period}`);
  await visit(page, 'send');
  await sendFile(page, 'export del trimestre.csv', wrong);
  if (await page.locator('select').count()) {
    await visit(page, 'ask');
    await page.locator('main button').focus();
    await Promise.all([page.waitForURL(/\/check\/\d+$/), page.keyboard.press('Enter')]);
  } else faults.push('the column under another name was not asked about');
  await page.waitForSelector('.wdl-verdict-red');
  await visit(page, 'red');
  for (const [part, magic] of [['rows.xlsx', 'PK'], ['full.html', '<!DOCTYPE'], ['shareable.html', '<!DOCTYPE']]) {
    const bytes = await (await page.request.get(`${page.url()}/${part}`)).body();
    if (!bytes.toString('latin1').startsWith(magic)) faults.push(`${part} is not what it should be`);
    if (!part.endsWith('.html')) continue;
    const paper = await (await browser.newContext()).newPage();
    await paper.setContent(bytes.toString('utf8'));
    await visit(paper, part);
    await paper.context().close();
  }
  const justify = page.locator('.wdl-justify').first();
  if (await justify.count()) {
    // The visit left every fold open.
    if (!(await justify.locator('textarea').isVisible())) await justify.locator('summary').click();
    await justify.locator('textarea').fill('verificato con lo sportello');
    await justify.locator('button').click();
    await page.waitForSelector('.wdl-said');
    await visit(page, 'justified');
  } else faults.push('nothing was to be justified');
  await page.goto(`${page.url()}/compare`);
  await visit(page, 'compare');
  await page.goto(page.url().replace('/compare', '/seal'));
  await visit(page, 'seal');
  await page.check('input[type=checkbox]');
  const reason = page.locator('input[name=reason]');
  if (await reason.count()) await reason.fill('file corretto');
  await Promise.all([page.waitForURL(/\/receipts\//), page.locator('main form button').click()]);
  await visit(page, 'receipt');
  const sealed = await (await page.request.get(`${page.url()}/file`)).body();
  if (sealed.length < 500 || sealed.toString('latin1').includes(rows[0].split(';')[at('CODICE_FISCALE')])) faults.push('the sealed file is not sealed');
  await page.goto(`${origin}/it/receipts`);
  await visit(page, 'receipts');
  await page.goto(`${origin}/en/`);
  await visit(page, 'english');
  await page.goto(`${origin}/it/nowhere`);
  await visit(page, 'problem');

  // The same without JavaScript: forms alone.
  const plain = await enter(false);
  await plain.goto(`${origin}/it/send/${dataset}/${period}`);
  await sendFile(plain, `${dataset}.csv`, original);
  if (!(await plain.locator('.wdl-verdict-green, .wdl-verdict-amber').count())) faults.push('the export as the city makes it is not accepted');

  await page.goto(`${origin}/it/`);
  await Promise.all([page.waitForURL(/\/quit$/), page.locator('footer button').click()]);
  await visit(page, 'bye');
  await browser.close();
  if (tool.exitCode === null) await new Promise((ok) => tool.on('exit', ok));
  if (readdirSync(dir).includes('incoming')) faults.push('files in work were left behind');
} catch (error) {
  faults.push(`the walk stopped: ${error.stack}`);
} finally {
  for (const program of programs) program.kill();
  rmSync(work, { recursive: true, force: true });
}
if (heaviest > budget) faults.push(`a page weighs ${Math.round(heaviest / 1024)} KB`);
for (const words of faults) console.error(words);
console.log(`steward's page: ${checked.size} pages, ${passes} rules passed, heaviest page ${Math.round(heaviest / 1024)} KB, ${faults.length} faults`);
process.exit(faults.length ? 1 : 0);
