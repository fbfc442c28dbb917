// Renders what Slack, Teams and Discord would show of each scene, as wide as a phone, to <folder>/<sink>.png.
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
  .filter((r) => r.what.startsWith('scene '));
const css = readFileSync(join(here, 'pictures/pictures.css'), 'utf8');

const chromium = (page, ...more) => execFileSync('chromium', ['--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars',
  '--force-device-scale-factor=1', '--virtual-time-budget=3000', ...more, `file://${page}`],
{ stdio: ['ignore', 'pipe', 'ignore'], timeout: 120000, encoding: 'utf8', maxBuffer: 1 << 26 });
// How high the page is, where a picture's height can be read from.
const measure = '<script>onload = () => { document.body.dataset.height = Math.ceil(document.body.getBoundingClientRect().height) + 24; };</script>';

for (const [sink, draw, script] of [['slack', slack], ['discord', discord], ['teams', teams.html, teams.script]]) {
  const cards = requests.filter((r) => r.sink === sink)
    .map((r) => `<article><h6>${r.what.slice('scene '.length)}</h6>${draw(JSON.parse(r.body))}</article>`);
  const page = join(folder, `${sink}.html`);
  writeFileSync(page, `<!doctype html><meta charset="utf-8"><style>${css}</style><body class="${sink}">${cards.join('')}${script?.() ?? ''}${measure}`);
  const height = /data-height="(\d+)"/.exec(chromium(page, '--window-size=1240,1500', '--dump-dom'))[1];
  chromium(page, `--window-size=1240,${height}`, `--screenshot=${join(folder, `${sink}.png`)}`);
  console.log(join(folder, `${sink}.png`));
}
