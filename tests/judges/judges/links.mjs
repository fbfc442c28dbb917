// A foreign address may be seen as what it is. Under another name stand only what the test alerts link: their mentions,
// and a button "x", whose address is the team's own business.
const ours = ['www.theregister.com', 'earshot.example.com', 'evil.example', 'example.com',
  'news.example.com', 'social.example', 'wire.example.net', 'forum.example.org'];

export const misleading = (shown, target) =>
  shown !== target && shown !== 'x' && !ours.includes(URL.canParse(target) ? new URL(target).hostname : '');
