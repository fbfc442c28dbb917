// The Adaptive Cards library parses the card as version 1.4 and must have nothing to say.
import { createRequire } from 'node:module';

const { AdaptiveCard, SerializationContext, Versions } = createRequire(import.meta.url)('adaptivecards/dist/adaptivecards.js');

export const name = 'adaptivecards 1.4 (parser and validator)', sinks = ['teams'];

function objections(card) {
  const context = new SerializationContext(Versions.v1_4);
  const parsed = new AdaptiveCard();
  parsed.parse(card, context);
  const out = [];
  for (let i = 0; i < context.eventCount; i++) out.push(context.getEventAt(i).message);
  for (const event of parsed.validateProperties().validationEvents) out.push(event.message);
  return out;
}

export function control() {
  const wrong = { type: 'AdaptiveCard', version: '1.4', body: [{ type: 'TextBlock', text: 'x', size: 'Enormous' }, { type: 'Nonsense' }] };
  if (objections(wrong).length < 2) throw new Error('adaptivecards takes a wrong card');
}

export function judge({ body }) {
  const [attachment] = JSON.parse(body).attachments;
  if (attachment.contentType !== 'application/vnd.microsoft.card.adaptive') throw new Error(attachment.contentType);
  const said = objections(attachment.content);
  if (said.length) throw new Error(said.join('; '));
}
