// Standard Webhooks' own verifier: signature, time stamp and id. It knows v1 alone; v1a (ed25519) is verified with Node's
// cryptography, from the text of the specification.
import { createPrivateKey, createPublicKey, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

export const name = 'standardwebhooks (signature), node:crypto (ed25519)', sinks = ['webhook'];

// The secrets of the test settings.
const verifier = new Webhook('whsec_S3CR3TS3CR3TS3CR3TS3CR3TS3CR3TS3CR3TS3CR');
const secretKey = 'whsk_S3CR3TS3CR3TS3CR3TS3CR3TS3CR3TS3CR3TS3CR3TE=';

// The key that belongs to the 32 bytes of a secret one, in PKCS #8 (RFC 8410, 7).
const publicOf = (whsk) =>
  createPublicKey(createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(whsk.slice(5), 'base64')]),
    format: 'der',
    type: 'pkcs8',
  }));

const verified = (key, headers, body) => {
  const content = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
  return headers['webhook-signature'].split(' ').some((one) => {
    const [scheme, signature] = one.split(',');
    const bytes = Buffer.from(signature, 'base64');
    return scheme === 'v1a' && bytes.length === 64 && verify(null, content, key, bytes);
  });
};

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
  // What the Go library of Standard Webhooks gives in its own tests.
  const known = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag==',
  };
  const key = publicOf('whsk_VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk=');
  if (!verified(key, known, '{"test": 2432232314}')) throw new Error('a v1a signature of the Go library is not taken');
  if (verified(key, known, '{"test": 2432232315}')) throw new Error('a wrong v1a signature is taken');
}

export function judge({ headers, body }) {
  const event = verifier.verify(body, headers);
  if (!/^[a-z]+\.[a-z]+$/.test(event.type) || Number.isNaN(Date.parse(event.timestamp)) || !event.data)
    throw new Error('not { type, timestamp, data }');
  if (!refused(body + ' ', headers)) throw new Error('a changed body is still accepted');
  const key = publicOf(secretKey);
  if (!verified(key, headers, body)) throw new Error('the ed25519 signature is not valid');
  if (verified(key, headers, body + ' ')) throw new Error('a changed body still has a valid ed25519 signature');
}
