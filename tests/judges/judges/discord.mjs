// Discord's builder library checks every part of an embed and the 6,000 characters, its table of routes where a post and
// an edit go; its Markdown dialect, as another library reads it, must not find a mention, and no link that hides where it
// goes.
import { createRequire } from 'node:module';
import { misleading } from './links.mjs';

const { EmbedBuilder, embedLength } = createRequire(import.meta.url)('@discordjs/builders');
const { RouteBases, Routes } = createRequire(import.meta.url)('discord-api-types/v10');
const { markdownEngine, rulesEmbed } = createRequire(import.meta.url)('discord-markdown');

export const name = '@discordjs/builders (limits); discord-api-types (routes); discord-markdown (mentions, links)', sinks = ['discord'];

// As an embed is read: with masked links.
const embedded = markdownEngine.parserFor(rulesEmbed);
const parser = (text) => embedded(text, { inline: true });

export function control() {
  try {
    new EmbedBuilder().setTitle('x'.repeat(257));
  } catch {
    const nodes = parser('<@1> [bank.example](https://trap.example)');
    const found = walk(nodes, []);
    if (found.length === 2) return;
    throw new Error('discord-markdown does not see a mention and a link: ' + JSON.stringify(found));
  }
  throw new Error('@discordjs/builders takes a title of 257 characters');
}

const text = (nodes) => (Array.isArray(nodes) ? nodes : [nodes]).map((n) => (typeof n.content === 'string' ? n.content : n.content ? text(n.content) : '')).join('');

// What would ping, or lead away under another name.
function walk(nodes, found) {
  for (const node of nodes) {
    if (['discordUser', 'discordChannel', 'discordRole', 'discordEveryone', 'discordHere', 'discordEmoji'].includes(node.type))
      found.push(node.type);
    if (['url', 'link', 'autolink'].includes(node.type)) {
      const shown = text(node);
      if (misleading(shown, node.target)) found.push(`"${shown}" → ${node.target}`);
    }
    if (Array.isArray(node.content)) walk(node.content, found);
  }
  return found;
}

// Of the test settings.
const hook = ['123456789012345678', 'S3CR3Ttoken'];

function goesTo({ form, message, method, url }) {
  const { origin, pathname } = new URL(url);
  const route = form === 'edit' ? ['PATCH', Routes.webhookMessage(...hook, message)] : ['POST', Routes.webhook(...hook)];
  if (method !== route[0] || origin + pathname !== RouteBases.api + route[1]) throw new Error(`goes to ${method} ${url}`);
}

export function judge(request) {
  goesTo(request);
  const message = JSON.parse(request.body);
  if (message.embeds.length !== 1 || message.allowed_mentions.parse.length !== 0) throw new Error('not one embed without pings');
  const [embed] = message.embeds;
  new EmbedBuilder().setAuthor(embed.author).setColor(embed.color).setTitle(embed.title ?? null)
    .setURL(embed.url ?? null).setDescription(embed.description ?? null);
  if (embedLength(embed) > 6000) throw new Error(`${embedLength(embed)} characters`);
  for (const part of [embed.title, embed.description]) {
    const found = part ? walk(parser(part), []) : [];
    if (found.length) throw new Error('Markdown finds ' + found.join(', '));
  }
}
