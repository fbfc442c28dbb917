// The parsers behind other chats: Rocket.Chat's own, the library that the Markdown of Mattermost and of Zulip's clients
// comes from, and an HTML sanitiser with the tags that the Matrix specification allows. Foreign text must not become markup in any of them.
import { createRequire } from 'node:module';
import { misleading } from './links.mjs';

const require = createRequire(import.meta.url);
const { parse } = require('@rocket.chat/message-parser');
const { marked } = require('marked');
const sanitize = require('sanitize-html');

const tell = (found) => {
  if (found.length) throw new Error('foreign text became ' + [...new Set(found)].join(', '));
};

// Our own: paragraphs, bold, links, emoji of Unicode. Anything else came from outside.
function rocketchat(nodes, found = []) {
  for (const node of [nodes].flat()) {
    if (!node || typeof node !== 'object') continue;
    if (['MENTION_USER', 'MENTION_CHANNEL', 'ITALIC', 'STRIKE', 'INLINE_CODE', 'CODE', 'HEADING', 'IMAGE', 'SPOILER', 'KATEX', 'INLINE_KATEX',
      'TASKS', 'COLOR'].includes(node.type) || node.shortCode) found.push(node.type);
    if (node.type === 'LINK') {
      const shown = [node.value.label].flat().map((l) => plain(l)).join('');
      if (misleading(shown, node.value.src.value) && !node.value.src.value.endsWith(shown)) found.push(`"${shown}" → ${node.value.src.value}`);
    } else {
      rocketchat(node.value, found);
    }
  }
  return found;
}
const links = (nodes) => [nodes].flat().reduce((n, node) => n + (!node || typeof node !== 'object' ? 0 : node.type === 'LINK' ? 1 : links(node.value)), 0);
const plain = (node) => (typeof node?.value === 'string' ? node.value : [node?.value ?? []].flat().map(plain).join(''));

function markdown(tokens, found = []) {
  for (const token of tokens ?? []) {
    if (['heading', 'code', 'hr', 'html', 'image', 'table', 'em', 'del', 'codespan', 'def'].includes(token.type)) found.push(token.type);
    if (token.type === 'link') {
      const shown = (token.tokens ?? []).map((t) => t.text).join('');
      if (misleading(shown, token.href) && !token.href.endsWith(shown)) found.push(`"${shown}" → ${token.href}`);
    } else {
      markdown(token.tokens ?? token.items, found);
    }
  }
  return found;
}

// https://spec.matrix.org, "m.room.message msgtypes", HTML; what the sink uses of it.
const allowed = { allowedTags: ['b', 'a', 'br', 'blockquote'], allowedAttributes: { a: ['href'] }, allowedSchemes: ['http', 'https'], selfClosing: ['br'] };
const html = (text) => sanitize(text, allowed).replaceAll('<br />', '<br>');
const decoded = (text) => text.replaceAll('&quot;', '"');

const control = (parse, harmful, n) => () => {
  if (parse(harmful).length < n) throw new Error('the parser does not see ' + harmful);
};

export const judges = [
  {
    name: "@rocket.chat/message-parser", sinks: ['rocketchat'],
    control: control((t) => rocketchat(parse(t)), '@all _x_ `x` [bank.example](https://trap.example) #x :smile:', 6),
    judge: ({ body }) => {
      const message = JSON.parse(body);
      for (const text of [message.text, message.attachments?.[0].text].filter(Boolean)) {  // an edit has none
        const nodes = parse(text), written = text.match(/\]\(https?:/g) ?? [];
        tell(rocketchat(nodes));
        if (links(nodes) < written.length) throw new Error(`${links(nodes)} links of ${written.length}`);
      }
    },
  },
  {
    name: 'marked (which Mattermost forked)', sinks: ['mattermost'],
    control: control((t) => markdown(marked.lexer(t)), '# x\n*x* `x` [bank.example](https://trap.example) ![x](y)', 5),
    judge: ({ body }) => {
      const message = JSON.parse(body), [a] = (message.props ?? message).attachments;  // a bot's are under "props"
      tell([a.pretext, a.text, ...(a.title_link ? [] : [a.title ?? ''])].flatMap((t) => markdown(marked.lexer(t))));
    },
  },
  {
    name: 'marked (which Zulip forked)', sinks: ['zulip'],
    control: control((t) => markdown(marked.lexer(t)), '# x\n*x* `x` [bank.example](https://trap.example) ![x](y)', 5),
    judge: ({ body }) => tell(markdown(marked.lexer(new URLSearchParams(body).get('content')))),
  },
  {
    name: 'sanitize-html (tags of the specification)', sinks: ['matrix'],
    control: control((t) => (html(t) === t ? [] : [t]), '<script>x</script>', 1),
    judge: ({ body }) => {
      const content = JSON.parse(body);
      for (const { formatted_body: text } of [content, content['m.new_content']].filter(Boolean))
        if (decoded(html(text)) !== decoded(text)) throw new Error('is not left as it is: ' + text.slice(0, 200));
    },
  },
];
