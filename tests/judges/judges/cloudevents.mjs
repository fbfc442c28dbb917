// The CloudEvents SDK: reads binary and structured requests back into a valid event.
import { createRequire } from 'node:module';

const { HTTP, CloudEvent } = createRequire(import.meta.url)('cloudevents');

export const name = 'cloudevents SDK (both modes)', sinks = ['cloudevents'];

export function control() {
  try {
    new CloudEvent({ id: 'x', source: '', type: '' });
  } catch {
    return;
  }
  throw new Error('cloudevents takes an event without a source');
}

export function judge({ headers, body }) {
  const event = HTTP.toEvent({ headers, body });
  event.validate();
  if (event.specversion !== '1.0' || typeof event.data !== 'object') throw new Error('no CloudEvent 1.0 with JSON data');
  const data = typeof event.data === 'string' ? JSON.parse(event.data) : event.data;
  if (event.id !== data.delivery_id) throw new Error('the id is not the delivery id');
}
