// The vendors' TypeScript types: each shape of request once, texts taken out, before the TypeScript compiler. A member
// that the method does not know, a missing one or one of the wrong type is an error.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { shapes } from './shapes.mjs';

export const name = 'TypeScript and the vendor\'s types', sinks = [...new Set(shapes.map((s) => s.sink))];

const here = dirname(fileURLToPath(import.meta.url));
const seen = new Map(shapes.map((s) => [s, new Map()]));  // a value as JSON → where it was seen

// Free texts say nothing about the shape; values such as "section" do.
const free = new Set(['text', 'url', 'title', 'label', 'name', 'description', 'body', 'formatted_body', 'fallbackText', 'chat_id', 'channel', 'ts',
  'thread_ts', 'thread_id', 'threadKey', 'requestId', 'key', 'event_id', '$schema', 'fallback', 'pretext', 'title_link', 'message',
  'channel_id', 'root_id', 'id']);
const shape = (value, key) =>
  typeof value === 'string' ? (free.has(key) ? 'https://x.example/' : value)
    : typeof value === 'number' ? 1
      : Array.isArray(value) ? [...new Map(value.map((v) => shape(v, key)).map((v) => [JSON.stringify(v), v])).values()]
        : value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, shape(v, k)])) : value;

export function control() {}  // in finish(): what is wrong on purpose is expected to be an error

export function judge(request) {
  const known = shapes.find((s) => s.sink === request.sink && s.of(request));
  if (!known) throw new Error(`no type for ${request.method} ${request.url}`);
  const value = JSON.stringify(shape(known.value(request)));
  if (!seen.get(known).has(value)) seen.get(known).set(value, `${request.form}, ${request.kind}, ${request.what}`);
}

// One file a method: the type, what it must refuse, and the values, a line each.
function fileOf({ type, wrong }, values) {
  const refused = wrong.flatMap((value, i) => ['// @ts-expect-error', `export const wrong${i}: Body = ${value};`]);
  const head = [...type.split('\n'), ...refused];
  return { first: head.length, text: [...head, ...[...values.keys()].map((value, i) => `export const body${i}: Body = ${value};`)].join('\n') };
}

export function finish() {
  const files = new Map([...seen].map(([s, values], i) => [join(here, `shape${i}.ts`), { ...s, ...fileOf(s, values), where: [...values.values()] }]));
  const options = { strict: true, noEmit: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (path) => files.get(path)?.text ?? readFile(path);
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.getSourceFile = (path, ...rest) => files.has(path) ? ts.createSourceFile(path, files.get(path).text, options.target) : getSourceFile(path, ...rest);
  return ts.getPreEmitDiagnostics(ts.createProgram([...files.keys()], options, host)).map((d) => {
    const said = ts.flattenDiagnosticMessageText(d.messageText, '\n').split('\n').slice(0, 3).join(' ').slice(0, 500);
    const file = files.get(d.file?.fileName);
    if (!file) return `${d.file?.fileName ?? 'TypeScript'}: ${said}`;
    return `${file.sink}, ${file.method}, ${file.where[d.file.getLineAndCharacterOfPosition(d.start).line - file.first] ?? 'its types'}: ${said}`;
  });
}
