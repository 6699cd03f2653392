import { announce } from './clipboard.ts';
import { type Conversation, ConversationReader } from './conversation.ts';
import { Details } from './details.ts';
import { part } from './dom.ts';
import { compileFilter } from './filter.ts';
import { formatCount, plural } from './format.ts';
import { FrameList } from './frame-list.ts';
import { gunzip } from './gunzip.ts';
import { listenToKeys } from './keyboard.ts';
import { LineReader } from './line-reader.ts';
import type { FrameLine } from './lines.ts';
import { scanRows } from './scan.ts';
import { Store } from './store.ts';
import { drawSummary, firstSelected } from './summary.ts';
import { Timeline } from './timeline.ts';
import { Toolbar } from './toolbar.ts';

/** Reads the transcript of the page and brings the page to life. */
async function start(): Promise<void> {
  const store = new Store(await readConversation());
  // Before anything is measured.
  document.documentElement.dataset['state'] = 'ready';
  const { conversation } = store;
  part('viewer').hidden = false;
  part('open-help').hidden = false;
  let shown: Uint32Array = new Uint32Array();
  const toolbar = new Toolbar(store, () => framesAt(conversation, shown));
  drawSummary(store);
  const list = new FrameList(store);
  const details = new Details(store);
  listenToKeys(store, { details, list, toolbar });
  let scan = new AbortController();
  const applyFilter = async (): Promise<void> => {
    scan.abort();
    scan = new AbortController();
    const found = await filterRows(store, toolbar, scan.signal);
    if (found === undefined) return;
    shown = found;
    list.show(shown);
    announce(describeShown(framesAt(conversation, shown).length, conversation.frames.length));
  };
  store.subscribe(({ filter }, before) => {
    if (filter !== before.filter) void applyFilter();
  });
  await applyFilter();
  new Timeline(store).start();
  store.select(firstSelected(conversation));
}

async function readConversation(): Promise<Conversation> {
  const data = part('transcript');
  const conversation = new ConversationReader();
  const reader = new LineReader();
  const chunks = gunzip(data.textContent).getReader();
  // The document needs it no longer.
  data.remove();
  // A line of a large payload comes in many chunks: joined once, not at each of them.
  let rest: string[] = [];
  for (let chunk = await chunks.read(); !chunk.done; chunk = await chunks.read()) {
    const [head = '', ...lines] = chunk.value.split('\n');
    rest.push(head);
    for (const line of lines) {
      conversation.add(reader.read(rest.join('')));
      rest = [line];
    }
  }
  return conversation.finish();
}

/** Indexes of the rows to show; `undefined` when there is a newer filter, or when this one is none. */
async function filterRows(store: Store, toolbar: Toolbar, signal: AbortSignal): Promise<Uint32Array | undefined> {
  try {
    const isShown = compileFilter(store.state.filter, store.conversation);
    toolbar.showError('');
    return await scanRows(store.conversation.rows, isShown, signal);
  } catch (error) {
    toolbar.showError(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

function framesAt({ rows }: Conversation, shown: Uint32Array): FrameLine[] {
  return Array.from(shown, (index) => rows[index]).flatMap((row) => (row.moment === 'frame' ? [row.line] : []));
}

function describeShown(shown: number, all: number): string {
  return shown === all ? plural(all, 'frame') : `${formatCount(shown)} of ${plural(all, 'frame')}`;
}

void start().catch((error: unknown) => {
  document.documentElement.dataset['state'] = 'failed';
  part('failure').textContent = `The frames cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
});
