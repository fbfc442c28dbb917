// Every posted request (JSON lines of judges_dump) before the judges of its sink; a table at the end, exit 1 when one
// of them objects. Each judge first proves that it can object: it must refuse something that is wrong on purpose.
//   node judge.mjs requests.jsonl
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import * as cloudevents from './judges/cloudevents.mjs';
import * as chats from './judges/chats.mjs';
import * as discord from './judges/discord.mjs';
import * as matrix from './judges/matrix.mjs';
import * as rocketchat from './judges/rocketchat.mjs';
import * as teams from './judges/teams.mjs';
import * as types from './judges/types.mjs';
import * as unparsed from './judges/unparsed.mjs';
import * as webhook from './judges/webhook.mjs';

// A judge: { sinks, forms (all where absent), name, control() → throws when it cannot object, judge(request) → throws
// an objection, finish() → objections of those that judge all requests at once }.
const judges = [webhook, cloudevents, discord, teams, ...chats.judges, rocketchat, matrix, unparsed, types];

const kinds = ['mention', 'story', 'growth', 'digest', 'rollup', 'spike', 'escalation', 'health', 'report', 'test', 'edit'];
const rows = new Map(), problems = [];  // "slack edit" → how many of each kind, and the names of the judges
let judged = 0;

for (const judge of judges) judge.control();
for await (const line of createInterface({ input: createReadStream(process.argv[2]) })) {
  const request = JSON.parse(line);
  const bench = judges.filter((judge) => judge.sinks.includes(request.sink) && (judge.forms ?? [request.form]).includes(request.form));
  if (bench.length === 0) continue;
  judged++;
  const title = `${request.sink} ${request.form}`, row = rows.get(title) ?? { names: bench.map((judge) => judge.name), counts: {} };
  rows.set(title, row);
  row.counts[request.kind] = (row.counts[request.kind] ?? 0) + 1;
  for (const judge of bench) {
    try {
      judge.judge(request);
    } catch (objection) {
      problems.push(`${title}, ${request.kind} in ${request.language}, ${request.what}: ${objection.message}`);
    }
  }
}
for (const judge of judges) problems.push(...(judge.finish?.() ?? []));

console.log(['sink and form'.padEnd(18), ...kinds.map((k) => k.padStart(10)), '  judged by'].join(''));
for (const [title, { names, counts }] of rows)
  console.log([title.padEnd(18), ...kinds.map((k) => String(counts[k] ?? 0).padStart(10)), '  ', names.join('; ')].join(''));
for (const problem of problems.slice(0, 40)) console.error(problem);
console.log(`${judged} requests, ${problems.length} objections`);
process.exit(problems.length || judged === 0 ? 1 : 0);
