// What a Rocket.Chat server itself checks a bot's requests with, from its published typings: a member that it does not
// know is refused there, and so is a thread without a room's id.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import ts from 'typescript';

export const name = "@rocket.chat/rest-typings (the server's own checks)", sinks = ['rocketchat'];

// The package is written for a bundler and no module of Node.js, so its two files are compiled here.
const folder = join(dirname(createRequire(import.meta.url).resolve('@rocket.chat/rest-typings/package.json')), 'dist', 'v1');
function load(file) {
  const require = createRequire(file), module = { exports: {} };
  const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
  const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), { compilerOptions: options });
  const resolve = (id) => (id.startsWith('./') ? load(join(folder, `${id}.js`)) : require(id));
  new Function('require', 'module', 'exports', outputText)(resolve, module, module.exports);
  return module.exports;
}
const { isChatPostMessageProps, isChatUpdateProps } = load(join(folder, 'chat.js'));
const checks = { '/api/v1/chat.postMessage': isChatPostMessageProps, '/api/v1/chat.update': isChatUpdateProps };

function check(path, body) {
  const valid = checks[path];
  if (!valid(body)) throw new Error(`${path}: ${valid.errors.map((e) => `${e.instancePath} ${e.message}`).join(', ')}`);
}

export function control() {
  for (const [path, body] of [['/api/v1/chat.postMessage', { channel: '#pr', text: 'x', tmid: 'y' }],
    ['/api/v1/chat.update', { roomId: 'x', msgId: 'y', text: 'z', attachments: [] }]]) {
    try {
      check(path, body);
    } catch {
      continue;
    }
    throw new Error(`${path}: the wrong was taken`);
  }
}

export function judge({ url, form, message, headers, body }) {
  const { pathname } = new URL(url), said = JSON.parse(body);
  if (pathname.startsWith('/hooks/')) return;  // an integration takes what it knows and passes over the rest
  if (!checks[pathname]) throw new Error(`no such method: ${pathname}`);
  check(pathname, said);
  if (!headers['X-Auth-Token'] || !headers['X-User-Id']) throw new Error('without token or user');
  const place = form === 'edit' ? `${said.roomId}/${said.msgId}` : form === 'below' ? `${said.roomId}/${said.tmid}` : message;
  if (place !== message) throw new Error(`${form}: ${place} in place of ${message}`);
}
