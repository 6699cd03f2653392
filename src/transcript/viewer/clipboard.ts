import { button, h, part } from './dom.ts';

/** A button that copies what `read` returns at the click. */
export function copyButton(label: string, read: () => string): HTMLButtonElement {
  return button(label, () => {
    void copyText(read()).then((isCopied) => announce(isCopied ? 'Copied' : 'Cannot copy: the browser refused it'));
  });
}

/** Tells the reader something, also by a screen reader. */
export function announce(text: string): void {
  part('message').textContent = text;
}

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without https the clipboard is missing, in a frame it may be refused.
    return copySelection(text);
  }
}

function copySelection(text: string): boolean {
  const field = h('textarea', { class: 'for-readers', 'aria-hidden': 'true' });
  field.value = text;
  const before = document.activeElement;
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return isCopied;
}
