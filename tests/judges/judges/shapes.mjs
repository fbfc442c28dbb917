// What is judged by which of a vendor's types: the requests of a sink that go to one method, what of them is looked at,
// and values that the type must refuse.
const query = ({ url }) => Object.fromEntries([...new URL(url).searchParams].map(([k, v]) => [k, v === 'true' ? true : v]));
const to = (end) => ({ url }) => new URL(url).pathname.endsWith(end);
const json = ({ body }) => JSON.parse(body);

// An enumeration of strings as the strings themselves, which is what JSON has.
const strings = 'type Strings<T> = T extends string ? `${T}` : T extends object ? { [K in keyof T]: Strings<T[K]> } : T;\n';

// Mattermost's type of a post says nothing of what is in its props.
const attachments = "import { Client4 } from '@mattermost/client';\nimport type { MessageAttachment } from '@mattermost/types/message_attachments';\n" +
  'type Attachments = { props: { attachments: MessageAttachment[] } };\n';

export const shapes = [
  { sink: 'slack', method: 'webhook', of: ({ url }) => new URL(url).hostname === 'hooks.slack.com', value: json,
    type: "import type { KnownBlock } from '@slack/types';\ntype Body = { text: string; blocks: KnownBlock[] };",
    wrong: ["{ text: 'x', blocks: [{ type: 'context', elements: [{ type: 'plain_txt', text: 'x' }] }] }"] },
  { sink: 'slack', method: 'chat.postMessage', of: to('/chat.postMessage'), value: json,
    type: "import type { ChatPostMessageArguments } from '@slack/web-api';\ntype Body = ChatPostMessageArguments;",
    wrong: ["{ channel: 'C1', text: 'x', blocks: [], reply_broadcast: true }", "{ channel: 'C1', text: 'x', blocks: [], thread_ts: 1.5 }",
      "{ channel: 'C1', text: 'x', blocks: [], thread: '1' }"] },
  { sink: 'slack', method: 'chat.update', of: to('/chat.update'), value: json,
    type: "import type { ChatUpdateArguments } from '@slack/web-api';\ntype Body = ChatUpdateArguments;",
    wrong: ["{ channel: 'C1', text: 'x', blocks: [] }", "{ channel: 'C1', ts: '1', text: 'x', blocks: [], unfurl_links: false }"] },
  { sink: 'teams', method: 'workflow', of: () => true, value: json,  // "Full" as its guide spells it
    type: "import type { IAdaptiveCard } from '@microsoft/teams.cards';\ntype Body = { type: 'message'; attachments: { contentType: string; contentUrl: null; content: Omit<IAdaptiveCard, 'msteams'> & { msteams: { width: 'Full' } } }[] };",
    wrong: ["{ type: 'message', attachments: [{ contentType: 'x', contentUrl: null, content: { type: 'AdaptiveCard', msteams: { width: 'Full' }, body: [{ type: 'TextBlock' }] } }] }"] },
  { sink: 'googlechat', method: 'spaces.messages.create', of: to('/messages'),
    value: (request) => {  // the library's users have no webhook's token
      const { token, ...rest } = query(request);
      return { ...rest, requestBody: json(request) };
    },
    type: "import type { chat_v1 } from '@googleapis/chat/build/v1.js';\ntype Body = chat_v1.Params$Resource$Spaces$Messages$Create;",
    wrong: ['{ requestBody: { cardsV2: [{ cardId: 1 }] } }', "{ requestBody: { thread: { key: 'x' } } }", "{ replyOption: 'x', requestBody: {} }"] },
  { sink: 'telegram', method: 'sendMessage', of: to('/sendMessage'), value: json,
    type: "import type { ApiMethods } from '@grammyjs/types';\ntype Body = Parameters<ApiMethods<never>['sendMessage']>[0];",
    wrong: ["{ chat_id: '1', text: 'x', entities: [{ type: 'blockquot', offset: 0, length: 1 }] }", "{ chat_id: '1', text: 'x', reply_parameters: { message: 1 } }"] },
  { sink: 'telegram', method: 'editMessageText', of: to('/editMessageText'), value: json,
    type: "import type { ApiMethods } from '@grammyjs/types';\ntype Body = Parameters<ApiMethods<never>['editMessageText']>[0];",
    wrong: ["{ chat_id: '1', message_id: '7', text: 'x' }", "{ chat_id: '1', message_id: 7, text: 'x', disable_notification: true }"] },
  { sink: 'discord', method: 'execute webhook', of: ({ method }) => method === 'POST', value: (r) => ({ query: query(r), body: json(r) }),
    type: "import type { RESTPostAPIWebhookWithTokenJSONBody as B, RESTPostAPIWebhookWithTokenQuery as Q } from 'discord-api-types/v10';\ntype Body = { query: Q; body: B };",
    wrong: ["{ query: {}, body: { embeds: [{ colour: 1 }] } }", "{ query: { wait: 'yes' }, body: {} }"] },
  { sink: 'discord', method: 'edit webhook message', of: ({ method }) => method === 'PATCH', value: (r) => ({ query: query(r), body: json(r) }),
    type: "import type { RESTPatchAPIWebhookWithTokenMessageJSONBody as B, RESTPatchAPIWebhookWithTokenMessageQuery as Q } from 'discord-api-types/v10';\ntype Body = { query: Q; body: B };",
    wrong: ["{ query: {}, body: { username: 'x' } }", '{ query: { wait: true }, body: {} }'] },
  { sink: 'mattermost', method: 'incoming webhook', of: ({ url }) => new URL(url).pathname.startsWith('/hooks/'), value: json,
    type: "import type { MessageAttachment } from '@mattermost/types/message_attachments';\ntype Body = { attachments: MessageAttachment[]; silent: boolean };",
    wrong: ["{ attachments: [{ titel: 'x' }], silent: true }"] },
  { sink: 'mattermost', method: 'createPost', of: ({ method }) => method === 'POST', value: json,
    type: `${attachments}type Body = Parameters<Client4['createPost']>[0] & Attachments;`,
    wrong: ["{ channel_id: 'x', props: { attachments: [] } }", "{ channel_id: 'x', message: '', props: { attachments: [{ color: 1 }] } }",
      "{ channel_id: 'x', message: '', root: 'x', props: { attachments: [] } }"] },
  { sink: 'mattermost', method: 'patchPost', of: ({ method, url }) => method === 'PUT' && url.endsWith('/patch'),
    value: (request) => ({ id: decodeURIComponent(new URL(request.url).pathname.split('/').at(-2)), ...json(request) }),
    type: `${attachments}type Body = Parameters<Client4['patchPost']>[0] & Attachments;`,
    wrong: ["{ props: { attachments: [] } }", "{ id: 'x', text: 'x', props: { attachments: [] } }"] },
  { sink: 'matrix', method: 'm.room.message', of: () => true, value: json,
    // Its type of a whole message does not know all that its type of a relation does.
    type: "import type { RoomMessageTextEventContent as Text } from 'matrix-js-sdk/lib/@types/events.js';\n" +
      "import type { IEventRelation } from 'matrix-js-sdk/lib/models/event.js';\n" +
      `${strings}type Body = Strings<Text & { 'm.new_content'?: Text; 'm.relates_to'?: IEventRelation }>;`,
    wrong: ["{ msgtype: 'm.notce', body: 'x' }", "{ msgtype: 'm.notice', body: 'x', 'm.new_content': { body: 'x' } }",
      "{ msgtype: 'm.notice', body: 'x', 'm.relates_to': { rel_type: 'm.replace', event: '$1' } }"] },
];
