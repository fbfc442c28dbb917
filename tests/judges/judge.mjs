// Every posted request (JSON lines of judges_dump) before the judge of its sink; a table at the end, exit 1 when one
// of them objects. Each judge first proves that it can object: it must refuse something that is wrong on purpose.
//   node judge.mjs requests.jsonl
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import * as cloudevents from './judges/cloudevents.mjs';
import * as chats from './judges/chats.mjs';
import * as discord from './judges/discord.mjs';
import * as teams from './judges/teams.mjs';
import * as types from './judges/types.mjs';
import * as webhook from './judges/webhook.mjs';

// A judge: { sinks, name, control() → throws when it cannot object, judge(request) → throws an objection,
// finish() → objections of those that judge all requests at once }.
const judges = [webhook, cloudevents, discord, teams, ...chats.judges, types];

const kinds = ['mention', 'story', 'growth', 'digest', 'rollup', 'spike', 'escalation', 'health', 'report', 'test', 'edit'];
const counts = new Map(), judged = new Map(), problems = [];

for (const judge of judges) judge.control();
for await (const line of createInterface({ input: createReadStream(process.argv[2]) })) {
  const request = JSON.parse(line);
  for (const judge of judges) {
    if (!judge.sinks.includes(request.sink)) continue;
    judged.set(request.sink, (judged.get(request.sink) ?? new Set()).add(judge.name));
    const key = `${request.sink} ${request.kind}`;
    counts.set(key, (counts.get(key) ?? new Set()).add(line));
    try {
      judge.judge(request);
    } catch (objection) {
      problems.push(`${request.sink}, ${request.kind} in ${request.language}, ${request.what}: ${objection.message}`);
    }
  }
}
for (const judge of judges) problems.push(...(judge.finish?.() ?? []));

console.log(['sink'.padEnd(12), ...kinds.map((k) => k.padStart(10)), '  judged by'].join(''));
for (const [sink, names] of judged)
  console.log([sink.padEnd(12), ...kinds.map((k) => String(counts.get(`${sink} ${k}`)?.size ?? 0).padStart(10)),
    '  ', [...names].join('; ')].join(''));
for (const problem of problems.slice(0, 40)) console.error(problem);
console.log(`${problems.length} objections`);
process.exit(problems.length || judged.size === 0 ? 1 : 0);
