// The vendors' TypeScript types: each shape of message once, texts taken out, before the TypeScript compiler. A member
// that the service does not know, a missing one or one of the wrong type is an error.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const types = {
  slack: ['@slack/types', "import type { KnownBlock } from '@slack/types';\ntype Body = { text: string; blocks: KnownBlock[] };",
    "{ text: 'x', blocks: [{ type: 'context', elements: [{ type: 'plain_txt', text: 'x' }] }] }"],
  teams: ['@microsoft/teams.cards', "import type { IAdaptiveCard } from '@microsoft/teams.cards';\ntype Body = { type: 'message'; attachments: { contentType: string; contentUrl: null; content: Omit<IAdaptiveCard, 'msteams'> & { msteams: { width: 'Full' } } }[] };",  // "Full" as its guide spells it
    "{ type: 'message', attachments: [{ contentType: 'x', contentUrl: null, content: { type: 'AdaptiveCard', msteams: { width: 'Full' }, body: [{ type: 'TextBlock' }] } }] }"],
  googlechat: ['@googleapis/chat', "import type { chat_v1 } from '@googleapis/chat/build/v1.js';\ntype Body = chat_v1.Schema$Message;",
    "{ cardsV2: [{ cardId: 1 }] }"],
  telegram: ['@grammyjs/types', "import type { ApiMethods } from '@grammyjs/types';\ntype Body = Parameters<ApiMethods<never>['sendMessage']>[0];",
    "{ chat_id: '1', text: 'x', entities: [{ type: 'blockquot', offset: 0, length: 1 }] }"],
};

export const name = 'TypeScript and the vendor\'s types', sinks = Object.keys(types);

const here = dirname(fileURLToPath(import.meta.url));
const shapes = new Map(sinks.map((sink) => [sink, new Map()]));

// Free texts say nothing about the shape; values such as "section" do.
const free = new Set(['text', 'url', 'title', 'label', 'fallbackText', 'chat_id', '$schema']);
const shape = (value, key) =>
  typeof value === 'string' ? (free.has(key) ? 'https://x.example/' : value)
    : typeof value === 'number' ? 1
      : Array.isArray(value) ? [...new Map(value.map((v) => shape(v, key)).map((v) => [JSON.stringify(v), v])).values()]
        : value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, shape(v, k)])) : value;

export function control() {}  // in finish(): a wrong body of each sink is expected to be an error

export function judge({ sink, kind, what, body }) {
  shapes.get(sink).set(JSON.stringify(shape(JSON.parse(body))), `${kind}, ${what}`);
}

export function finish() {
  const files = new Map();
  for (const [sink, seen] of shapes) {
    const [, preamble, wrong] = types[sink];
    const bodies = [...seen.keys()].map((body, i) => `export const body${i}: Body = ${body};`);
    files.set(join(here, `${sink}.ts`), `${preamble}\n// @ts-expect-error\nexport const wrong: Body = ${wrong};\n${bodies.join('\n')}\n`);
  }
  const options = { strict: true, noEmit: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.fileExists = (path) => files.has(path) || fileExists(path);
  const source = host.getSourceFile;
  host.getSourceFile = (path, ...rest) => files.has(path) ? ts.createSourceFile(path, files.get(path), options.target) : source(path, ...rest);
  return ts.getPreEmitDiagnostics(ts.createProgram([...files.keys()], options, host)).map((d) => {
    const sink = d.file?.fileName.replace(/.*\//, '').replace('.ts', '');
    const line = d.file ? d.file.getLineAndCharacterOfPosition(d.start).line - types[sink]?.[1].split('\n').length - 2 : -1;
    return `${sink}, ${line >= 0 ? [...(shapes.get(sink)?.values() ?? [])][line] : 'its types'}: ${ts.flattenDiagnosticMessageText(d.messageText, '\n').split('\n').slice(0, 3).join(' ').slice(0, 500)}`;
  });
}
