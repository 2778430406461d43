// Builds the style sheets of the public site and of the steward's local page, and copies their fonts, into crates/wdl-publication/assets and crates/wdl-holder/assets.
// The results are committed, so that cargo alone builds the program; `--check` says whether they are what this script makes.

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as sass from 'sass';
import { transformSync } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const kit = join(here, 'node_modules/bootstrap-italia');
const fonts = join(kit, 'dist/fonts/Titillium_Web');
const font = (weight) => readFileSync(join(fonts, `titillium-web-v10-latin-ext_latin-${weight}.woff2`));

const sheet = (name) => {
  const made = sass.compile(join(here, `styles/${name}.scss`), {
    loadPaths: [join(kit, 'src/scss'), join(here, 'styles')],
    quietDeps: true,
    silenceDeprecations: ['import', 'global-builtin', 'color-functions', 'if-function'],
    logger: sass.Logger.silent,
    charset: false,
  });
  const small = transformSync(made.css, { loader: 'css', minify: true, legalComments: 'none', target: ['chrome100', 'firefox100', 'safari15'] });
  return Buffer.from(banner + small.code);
};
const banner = '/* Parts of bootstrap-italia 2.18.3, BSD-3-Clause, see NOTICE.txt; the rest is part of Welfare DataLab, EUPL-1.2. */\n';

const notice = (name) => [
  'Third-party works in this folder.',
  '',
  `${name} holds parts of bootstrap-italia 2.18.3 (https://github.com/italia/bootstrap-italia), licence BSD-3-Clause:`,
  '',
  readFileSync(join(kit, 'LICENSE'), 'utf8').trim(),
  '',
  'titillium-web-*.woff2 are the font Titillium Web, as shipped with bootstrap-italia, licence SIL Open Font License 1.1:',
  '',
  readFileSync(join(fonts, 'OFL.txt'), 'utf8').replaceAll('\r\n', '\n').trim(),
  '',
].join('\n');

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="5" fill="#06c"/><path d="M6 25V16h4v9zm7 0V8h4v17zm7 0V12h4v13z" fill="#fff"/></svg>\n`;

const shared = [
  ['titillium-web-regular.woff2', font('regular')],
  ['titillium-web-600.woff2', font('600')],
  ['titillium-web-700.woff2', font('700')],
  ['icon.svg', Buffer.from(icon)],
];
const rooms = [
  { out: join(here, '../crates/wdl-publication/assets'), style: 'site', name: 'site.css', own: [] },
  // `page.js` is written by hand.
  { out: join(here, '../crates/wdl-holder/assets'), style: 'holder', name: 'page.css', own: ['page.js'] },
];

for (const { out, style, name: sheetName, own } of rooms) {
  const files = new Map([[sheetName, sheet(style)], ...shared, ['NOTICE.txt', Buffer.from(notice(sheetName))]]);
  if (process.argv.includes('--check')) {
    const there = new Set(readdirSync(out));
    const stale = [...files].filter(([name, bytes]) => !there.has(name) || !readFileSync(join(out, name)).equals(bytes));
    const extra = [...there].filter((name) => !files.has(name) && !own.includes(name));
    if (stale.length || extra.length) {
      console.error(`out of date in ${out}: ${[...stale.map(([name]) => name), ...extra].join(', ')}; run \`npm run assets\` in web/ and commit`);
      process.exit(1);
    }
    console.log(`${out} is up to date`);
  } else {
    mkdirSync(out, { recursive: true });
    for (const [name, bytes] of files) {
      writeFileSync(join(out, name), bytes);
      console.log(`${name} ${bytes.length} bytes`);
    }
  }
}
