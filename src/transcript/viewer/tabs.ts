import { button, h } from './dom.ts';

/** One tab: its panel is drawn when it is first shown. */
export interface Tab {
  readonly label: string;
  draw(): Node;
}

/** The label of the tab that the reader chose last: the next frame opens with it. */
let lastChosen = '';

/** Tabs as the ARIA practices have them: arrow keys change the tab, Tab goes into its panel. */
export function drawTabs(tabs: readonly Tab[], label: string): HTMLElement[] {
  const panel = h('div', { role: 'tabpanel', id: 'tab-panel' });
  const handles = tabs.map((tab) =>
    button(tab.label, () => choose(tab), { role: 'tab', 'aria-controls': 'tab-panel' }),
  );
  const show = (tab: Tab): void => {
    for (const [index, handle] of handles.entries()) {
      const isChosen = tabs[index] === tab;
      handle.setAttribute('aria-selected', String(isChosen));
      handle.tabIndex = isChosen ? 0 : -1;
    }
    panel.setAttribute('aria-label', tab.label);
    panel.replaceChildren(tab.draw());
  };
  const choose = (tab: Tab): void => {
    lastChosen = tab.label;
    show(tab);
  };
  const list = h('div', { role: 'tablist', 'aria-label': label }, handles);
  list.addEventListener('keydown', (event) => {
    const step = steps.get(event.key);
    const from = handles.findIndex((handle) => handle === document.activeElement);
    if (step === undefined || from === -1) return;
    event.preventDefault();
    const to = (from + step + tabs.length) % tabs.length;
    choose(tabs[to]);
    handles[to].focus();
  });
  show(tabs.find((tab) => tab.label === lastChosen) ?? tabs[0]);
  return [list, panel];
}

const steps: ReadonlyMap<string, number> = new Map([
  ['ArrowRight', 1],
  ['ArrowLeft', -1],
]);
