// Adaptive Cards by their own renderer, with a host configuration close to Teams'.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const library = createRequire(import.meta.url).resolve('adaptivecards/dist/adaptivecards.min.js');

const config = {
  fontFamily: "'Segoe UI','Noto Sans',sans-serif", spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
  fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
  containerStyles: {
    default: { backgroundColor: '#ffffff', foregroundColors: {
      default: { default: '#242424', subtle: '#616161' }, accent: { default: '#4f52b2', subtle: '#4f52b2' },
      attention: { default: '#c4314b', subtle: '#c4314b' }, warning: { default: '#b35b00', subtle: '#b35b00' } } },
    emphasis: { backgroundColor: '#f5f5f5', foregroundColors: { default: { default: '#242424', subtle: '#616161' } } } },
  actions: { actionsOrientation: 'horizontal', buttonSpacing: 8, maxActions: 6, spacing: 'default' },
};

export const teams = {
  html: (message) => `<div class="card" data-card="${encodeURIComponent(JSON.stringify(message.attachments[0].content))}"></div>`,
  script: () => `<script>${readFileSync(library, 'utf8')}</script><script>
    AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
      const div = document.createElement('div'); div.textContent = text.replace(/\\\\([\\\\*_\\[\\]()#+\\-~\`>|!])/g, '$1');
      result.outputHtml = div.innerHTML; result.didProcess = true; };
    for (const place of document.querySelectorAll('.card')) {
      const card = new AdaptiveCards.AdaptiveCard(); card.hostConfig = new AdaptiveCards.HostConfig(${JSON.stringify(config)});
      card.parse(JSON.parse(decodeURIComponent(place.dataset.card))); place.append(card.render()); }</script>`,
};
