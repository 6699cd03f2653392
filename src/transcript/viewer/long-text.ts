import { appendTo, button, h } from './dom.ts';
import { formatCount } from './format.ts';

/** Characters that are drawn at once: some thousand lines, far below what makes a page slow. */
const stepCharacters = 100_000;

/** A `<pre>` of a long text that is drawn step by step. Characters that would not be seen are shown by their names. */
export function drawLongText(length: number, read: (start: number, end: number) => string): HTMLElement {
  const pre = h('pre', { tabindex: 0, class: 'payload-text' });
  const box = h('div', {}, [pre]);
  let end = 0;
  const more = button('', () => grow());
  const grow = (): void => {
    const start = end;
    end = Math.min(length, end + stepCharacters);
    appendTo(pre, [read(start, end)]);
    more.textContent = `Show more: ${formatCount(length - end)} left`;
    if (end === length) more.remove();
    else box.append(more);
  };
  grow();
  return box;
}
