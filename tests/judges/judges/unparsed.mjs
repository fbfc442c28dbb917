// Slack's rich text and Telegram's entities carry the markup beside the text, so only what we dressed may have a
// meaning: bold, quotes, lists, links that lead where they say. By the services' documentation, since no library looks
// at meanings.
import { misleading } from './links.mjs';

export const name = 'documentation (meanings beside the text)', sinks = ['slack', 'telegram'];

const dressed = {
  slack: new Set(['context', 'plain_text', 'rich_text', 'rich_text_section', 'rich_text_quote', 'rich_text_list', 'text', 'link', 'actions', 'button']),
  telegram: new Set(['bold', 'blockquote', 'text_link']),
};

function slack({ text, blocks }, found) {
  // docs.slack.dev, "Formatting message text": everything with a meaning is <…>.
  for (const [piece] of text.matchAll(/<[^>]*>?/g)) found.push(piece);
  const walk = (node) => {
    if (node.type && !dressed.slack.has(node.type)) found.push(node.type);
    if (node.type === 'link' && misleading(node.text, node.url)) found.push(`"${node.text}" → ${node.url}`);
    for (const part of Object.values(node)) if (part && typeof part === 'object') walk(part);
  };
  walk(blocks);
}

function telegram({ text, entities = [], parse_mode }, found) {
  if (parse_mode) found.push(parse_mode);
  for (const { type, offset, length, url } of entities) {
    const piece = text.slice(offset, offset + length);
    if (!dressed.telegram.has(type)) found.push(type);
    if (piece.length !== length || length === 0 || !piece.isWellFormed()) found.push(`an entity that ends inside a character: ${piece}`);
    if (type === 'text_link' && misleading(piece, url)) found.push(`"${piece}" → ${url}`);
  }
}

function foundIn(sink, message) {
  const found = [];
  ({ slack, telegram })[sink](message, found);
  return found;
}

export function control() {
  const link = { type: 'link', text: 'bank.example', url: 'https://trap.example' };
  const wrong = {
    slack: { text: '<!channel>', blocks: [{ type: 'rich_text', elements: [{ type: 'broadcast', range: 'here' }, link] }] },
    telegram: { text: 'bank.example 😀', parse_mode: 'HTML', entities: [{ type: 'text_mention', offset: 0, length: 14 },
      { type: 'text_link', offset: 0, length: 12, url: link.url }] },
  };
  for (const sink of sinks)
    if (foundIn(sink, wrong[sink]).length < 3) throw new Error(`${sink}: not everything wrong was seen`);
}

export function judge({ sink, body }) {
  const found = foundIn(sink, JSON.parse(body));
  if (found.length) throw new Error('has a meaning: ' + [...new Set(found)].join(', '));
}
