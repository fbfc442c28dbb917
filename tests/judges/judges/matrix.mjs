// matrix-js-sdk, which most clients are made of, reads what belongs to an earlier event: below it in its thread, or in
// its place.
import { isDeepStrictEqual } from 'node:util';
import { MatrixEvent } from 'matrix-js-sdk/lib/models/event.js';

export const name = 'matrix-js-sdk (relations)', sinks = ['matrix'], forms = ['below', 'edit'];

const eventOf = (content, event_id) =>
  new MatrixEvent({ type: 'm.room.message', room_id: '!r:x.example', sender: '@earshot:x.example', origin_server_ts: 1, event_id, content });

function below(event, root) {
  if (event.threadRootId !== root) throw new Error(`stands in the thread of ${event.threadRootId}`);
  if (event.replyEventId !== root) throw new Error('is no reply where threads are not known');
}

function edit(event, first) {
  if (!event.isRelation('m.replace') || event.relationEventId !== first) throw new Error('replaces nothing');
  const original = eventOf({ msgtype: 'm.notice', body: 'old' }, first), wire = event.getContent(), anew = wire['m.new_content'];
  original.makeReplaced(event);
  const shown = original.getContent();
  if (!isDeepStrictEqual(shown, anew) || !shown.body || !shown.formatted_body) throw new Error('shows something else');
  if (original.isRelation()) throw new Error('what is shown is a relation itself');
  for (const content of [wire, shown])
    if (!isDeepStrictEqual(content['m.mentions'], {})) throw new Error('mentions are not switched off');
  for (const key of ['body', 'formatted_body'])
    if (wire[key] !== '* ' + shown[key]) throw new Error(`${key} is another one where edits are not known`);
}

const refused = (look, content) => {
  try {
    look(eventOf(content, '$2'), '$1');
  } catch {
    return true;
  }
  return false;
};

export function control() {
  const relates = (rel_type) => ({ msgtype: 'm.notice', body: 'x', 'm.relates_to': { rel_type, event_id: '$1' } });
  if (!refused(below, relates('m.replace'))) throw new Error('takes an edit for a thread');
  if (!refused(edit, relates('m.thread'))) throw new Error('takes a message of a thread for an edit');
  if (!refused(edit, relates('m.replace'))) throw new Error('takes an edit without new content');
}

export function judge({ form, message, body }) {
  (form === 'edit' ? edit : below)(eventOf(JSON.parse(body), '$new'), message);
}
