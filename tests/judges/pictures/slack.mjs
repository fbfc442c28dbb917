// Block Kit: context, rich_text and actions, the blocks that the sink uses.
import { escaped } from './html.mjs';

const inline = (e) => {
  const text = escaped(e.text).replaceAll('\n', '<br>');
  const bold = e.style?.bold ? `<b>${text}</b>` : text;
  return e.type === 'link' ? `<a href="${escaped(e.url)}">${bold}</a>` : bold;
};
const inlines = (e) => e.elements.map(inline).join('');

const rich = {
  rich_text_section: (e) => `<div>${inlines(e)}</div>`,
  rich_text_quote: (e) => `<blockquote>${inlines(e)}</blockquote>`,
  rich_text_list: (e) => `<ul>${e.elements.map((s) => `<li>${inlines(s)}</li>`).join('')}</ul>`,
};

const blocks = {
  context: (b) => `<div class="context">${b.elements.map((e) => escaped(e.text)).join(' ')}</div>`,
  rich_text: (b) => b.elements.map((e) => rich[e.type](e)).join(''),
  actions: (b) => `<div class="actions">${b.elements.map((e) => `<button class="${e.style ?? ''}">${escaped(e.text.text)}</button>`).join('')}</div>`,
  section: (b) => `<div>${escaped(b.text.text)}</div>`,
  header: (b) => `<h3>${escaped(b.text.text)}</h3>`,
};

export const slack = (message) => message.blocks.map((b) => blocks[b.type](b)).join('');
