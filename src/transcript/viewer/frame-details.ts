import { closeCodeName } from '../../protocol/close-code.ts';
import { copyButton } from './clipboard.ts';
import { type Conversation, frameOf, positionOf } from './conversation.ts';
import { h } from './dom.ts';
import { drawFacts, drawLink, drawTitle, type Fact } from './facts.ts';
import { formatBytes, formatClock, formatCount, formatMoment, formatMs } from './format.ts';
import { drawHex } from './hex-view.ts';
import { drawJsonTree } from './json-tree.ts';
import type { FrameLine } from './lines.ts';
import { drawLongText } from './long-text.ts';
import { isCutBetween, type Mark } from './marks.ts';
import { frameBytes, textOf } from './payload.ts';
import type { Store } from './store.ts';
import { drawTabs, type Tab } from './tabs.ts';
import { hasInvisible } from './visible-text.ts';
import { nameOf } from './words.ts';

/** Draws one frame: its facts, what waits made of it, its payload. */
export function drawFrame(frame: FrameLine, store: Store): Node[] {
  const isSent = frame.direction === 'sent';
  const number = frame.message === undefined ? '' : ` #${frame.message}`;
  return [
    drawTitle(isSent ? '↑' : '↓', `${isSent ? 'Sent' : 'Received'} ${frame.opcode}${number}`),
    drawFacts([...placeFacts(frame, store), ...waitFacts(frame, store), ...contentFacts(frame)]),
    h('p', { class: 'actions' }, [
      copyButton('Copy payload', () => copyableOf(frame)),
      copyButton('Copy as JSON line', () => JSON.stringify(frame)),
    ]),
    ...drawTabs(tabsOf(frame), 'Payload'),
  ];
}

function placeFacts(frame: FrameLine, { conversation }: Store): Fact[] {
  const before = frameBefore(frame, conversation);
  const gap = before === undefined ? '' : `, ${formatMs(frame.ms - before.ms)} after the frame before it`;
  const number = frame.message === undefined ? undefined : `#${frame.message} of its connection`;
  return [
    ['Connection', frame.connection],
    ['Time', `${formatMoment(frame.ms)}${gap}, ${formatClock(frame.time)} UTC`],
    ['Size', frame.size < 1000 ? `${frame.size} B` : `${formatBytes(frame.size)}, ${formatCount(frame.size)} B`],
    ['Message', number],
  ];
}

/** The frame before it on its connection; `undefined` when that one is left out. */
function frameBefore(frame: FrameLine, { cuts, frames }: Conversation): FrameLine | undefined {
  let position = positionOf(frames, frame.sequence) - 1;
  while (position >= 0 && frames[position].connection !== frame.connection) position -= 1;
  if (position < 0 || isCutBetween(frames[position], frame, cuts)) return undefined;
  return frames[position];
}

const markLabels: Readonly<Record<Mark['kind'], string>> = {
  claimed: 'Claimed by',
  decided: 'Failed',
  nearest: 'Nearest of',
  late: 'Too late for',
};

function waitFacts(frame: FrameLine, store: Store): Fact[] {
  const { answers, connections, marks } = store.conversation;
  const waits = marks.get(frame.sequence) ?? [];
  const links = waits.map(({ kind, wait }): Fact => {
    return [markLabels[kind], drawLink(store, wait, `${wait.method}, ${wait.location}`)];
  });
  const claim = frame.claimedBy;
  // A slice of shared connections may lack the wait of an earlier test.
  if (claim !== undefined && !waits.some(({ kind }) => kind === 'claimed')) {
    links.push(['Claimed by', `${claim.method}, ${claim.location}`]);
  }
  const answer = answers.get(frame.sequence);
  const other = answer === undefined ? undefined : frameOf(answer.other, store.conversation);
  if (answer === undefined || other === undefined) return links;
  const link = drawLink(store, other, nameOf(other, connections.length));
  const fact: Fact = [answer.isReply ? 'Answers' : 'Answered by', [link, ` after ${formatMs(answer.ms)}`]];
  return [...links, fact];
}

/** Characters that are looked through for such that are not seen. */
const searchedCharacters = 1_000_000;

function contentFacts(frame: FrameLine): Fact[] {
  const { code, cut, hiddenBy, invalid, masked, opcode, value } = frame;
  const meaning = code === undefined ? 'none' : `${code} ${closeCodeName(code) ?? 'without a registered name'}`;
  const isOdd = frame.base64 !== undefined && opcode !== 'binary';
  return [
    ['Close code', opcode === 'close' ? meaning : undefined],
    ['Close reason', frame.reason],
    ['Hidden by', hiddenBy],
    ['Value', value === undefined ? undefined : 'as the codec of the client read it'],
    ['Schema', invalid === true ? 'the schema or the codec refused it' : undefined],
    ['Masked', masked === true ? 'secrets in it are replaced by ***' : undefined],
    ['Left out', cut === undefined ? undefined : `the last ${formatCount(cut)} B are not in this page`],
    ['Encoding', isOdd ? 'not valid UTF-8: Hex shows the bytes as they were' : undefined],
    [
      'Unseen',
      hasInvisible(textOf(frame).slice(0, searchedCharacters))
        ? 'characters that draw nothing are shown by their names'
        : undefined,
    ],
  ];
}

function tabsOf(frame: FrameLine): Tab[] {
  const text = textOf(frame);
  const hex: Tab = { label: 'Hex', draw: () => drawHex(frameBytes(frame)) };
  if (frame.opcode === 'binary' && text === '') return [hex];
  const plain: Tab = { label: 'Text', draw: () => drawText(text) };
  const tree = frame.opcode === 'text' || frame.opcode === 'binary' ? drawJsonTree(text) : undefined;
  return tree === undefined ? [plain, hex] : [{ label: 'Tree', draw: () => tree }, plain, hex];
}

function drawText(text: string): HTMLElement {
  if (text === '') return h('p', { class: 'quiet' }, ['No text']);
  return drawLongText(text.length, (start, end) => text.slice(start, end));
}

/** Text as it is, bytes as base64. */
function copyableOf(frame: FrameLine): string {
  return frame.opcode === 'binary' ? (frame.base64 ?? '') : textOf(frame);
}
