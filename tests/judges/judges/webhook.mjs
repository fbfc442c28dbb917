// Standard Webhooks' own verifier: signature, time stamp and id.
import { Webhook } from 'standardwebhooks';

export const name = 'standardwebhooks (signature)', sinks = ['webhook'];

const verifier = new Webhook('whsec_S3CR3TS3CR3TS3CR3TS3CR3TS3CR3TS3CR3TS3CR');  // the secret of the test settings

const refused = (body, headers) => {
  try {
    verifier.verify(body, headers);
  } catch {
    return true;
  }
  return false;
};

export function control() {
  const headers = { 'webhook-id': 'x', 'webhook-timestamp': String(Math.floor(Date.now() / 1000)), 'webhook-signature': 'v1,AAAA' };
  if (!refused('{}', headers)) throw new Error('standardwebhooks takes a wrong signature');
}

export function judge({ headers, body }) {
  const event = verifier.verify(body, headers);
  if (!/^[a-z]+\.[a-z]+$/.test(event.type) || Number.isNaN(Date.parse(event.timestamp)) || !event.data)
    throw new Error('not { type, timestamp, data }');
  if (!refused(body + ' ', headers)) throw new Error('a changed body is still accepted');
}
