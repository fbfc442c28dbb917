// One embed: the bar in the severity's colour, author, title, description.
import { createRequire } from 'node:module';
import { escaped } from './html.mjs';

const { toHTML } = createRequire(import.meta.url)('discord-markdown');

export const discord = ({ embeds: [e] }) => `<div class="embed" style="border-color:#${e.color.toString(16).padStart(6, '0')}">
  <div class="author">${escaped(e.author.name)}</div>
  ${e.title ? `<div class="title">${e.url ? `<a href="${escaped(e.url)}">` : ''}${toHTML(e.title, { embed: true })}${e.url ? '</a>' : ''}</div>` : ''}
  <div class="description">${toHTML(e.description ?? '', { embed: true })}</div></div>`;
