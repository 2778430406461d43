// Opens every page of a generated site in headless Chromium, from its files, and fails on any accessibility violation.
// Usage: node axe.mjs SITE_DIR [--each N]: at most N pages of each folder, spread over it; without it, every page.
// Also fails on a request that leaves the folder, a missing file, a page wider than a 320-pixel screen, or a page over 150 KB.

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const budget = 150 * 1024;

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node axe.mjs SITE_DIR [--each N]');
  process.exit(2);
}
const root = resolve(folder);
const pages = (at) => readdirSync(at, { withFileTypes: true }).flatMap((entry) => {
  const path = join(at, entry.name);
  if (entry.isDirectory()) return pages(path);
  return entry.name.endsWith('.html') ? [path] : [];
}).sort();
let all = pages(root);
const everyPage = all;
const each = process.argv.indexOf('--each');
if (each > 0) {
  const most = Number(process.argv[each + 1]);
  const folders = new Map();
  for (const path of all) folders.set(dirname(path), [...(folders.get(dirname(path)) ?? []), path]);
  // The first, the last and as many between them.
  const spread = (own) => own.length <= most ? own : Array.from({ length: most }, (_, at) => own[Math.round(at * (own.length - 1) / (most - 1))]);
  all = [...folders.values()].flatMap(spread);
}
if (all.length === 0) {
  console.error(`no page under ${root}`);
  process.exit(2);
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const faults = new Map();
let passes = 0;
let heaviest = 0;

// What is wrong with one page, in a context of its own.
const visit = async (path) => {
  const wrong = [];
  const fault = (text) => wrong.push(text);
  faults.set(path, wrong);
  // The page at the root sends the reader on at once: the place it leads to is checked on its own.
  const onward = /http-equiv="refresh" content="0; url=([^"]+)"/.exec(readFileSync(path, 'utf8'));
  if (onward) {
    if (!everyPage.includes(join(root, onward[1]))) fault(`leads to ${onward[1]}, which is not a page`);
    return;
  }
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: true });
  const page = await context.newPage();
  const weights = new Map();
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'file:' || !fileURLToPath(url).startsWith(root)) return fault(`asks for ${request.url()}`);
    try {
      const file = fileURLToPath(url);
      const bytes = readFileSync(file);
      weights.set(file, file.endsWith('.woff2') ? bytes.length : gzipSync(bytes).length);
    } catch {
      fault(`asks for a missing file ${url.pathname}`);
    }
  });
  page.on('pageerror', (error) => fault(`script error ${error.message}`));
  for (const [width, height] of [[1280, 900], [320, 800]]) {
    await page.setViewportSize({ width, height });
    await page.goto(pathToFileURL(path).href, { waitUntil: 'load' });
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
  }
  const weight = [...weights.values()].reduce((sum, bytes) => sum + bytes, 0);
  heaviest = Math.max(heaviest, weight);
  if (weight > budget) fault(`weighs ${Math.round(weight / 1024)} KB`);
  await context.close();
};

// As many pages at the same time as there are cores.
const waiting = [...all];
const visitor = async () => {
  for (let path = waiting.shift(); path; path = waiting.shift()) await visit(path);
};
await Promise.all(Array.from({ length: availableParallelism() }, visitor));
await browser.close();
const told = all.flatMap((path) => faults.get(path).map((text) => `${path.slice(root.length + 1)}: ${text}`));
for (const text of told) console.error(text);
console.log(`${all.length} pages, ${passes} rules passed, heaviest page ${Math.round(heaviest / 1024)} KB, ${told.length} faults`);
process.exit(told.length ? 1 : 0);
