// Renders what Slack, Teams and Discord would show of every kind of alert, as wide as a phone, to <folder>/<sink>.png.
// Teams' cards by the Adaptive Cards renderer itself, Discord's Markdown by a library that knows the dialect, Slack's
// blocks by a few lines that follow its documentation; all in headless Chromium.
//   node pictures.mjs requests.jsonl folder
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { discord } from './pictures/discord.mjs';
import { slack } from './pictures/slack.mjs';
import { teams } from './pictures/teams.mjs';

const [, , input, output] = process.argv;
const here = dirname(fileURLToPath(import.meta.url));
const folder = resolve(output);
mkdirSync(folder, { recursive: true });

const requests = readFileSync(input, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line))
  .filter((r) => r.what === 'plain' && r.language === 'en');
const css = readFileSync(join(here, 'pictures/pictures.css'), 'utf8');

for (const [sink, draw, script] of [['slack', slack], ['discord', discord], ['teams', teams.html, teams.script]]) {
  const cards = requests.filter((r) => r.sink === sink)
    .map((r) => `<article><h6>${r.kind}</h6>${draw(JSON.parse(r.body))}</article>`);
  const page = join(folder, `${sink}.html`);
  writeFileSync(page, `<!doctype html><meta charset="utf-8"><style>${css}</style><body class="${sink}">${cards.join('')}${script?.() ?? ''}`);
  execFileSync('chromium', ['--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--force-device-scale-factor=1',
    '--window-size=1240,1500', '--virtual-time-budget=3000', `--screenshot=${join(folder, `${sink}.png`)}`, `file://${page}`],
  { stdio: 'ignore', timeout: 120000 });
  console.log(join(folder, `${sink}.png`));
}
