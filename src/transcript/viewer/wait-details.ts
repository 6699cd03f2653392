import { frameOf } from './conversation.ts';
import { h } from './dom.ts';
import { drawCode, drawFacts, drawLink, drawTitle, type Fact } from './facts.ts';
import { formatMoment, formatMs } from './format.ts';
import type { WaitLine } from './lines.ts';
import { textOf } from './payload.ts';
import type { Store } from './store.ts';
import { describeOutcome, nameOf } from './words.ts';

/** Of a wait for thousands of messages the first ones are enough to find the others. */
const shownLinks = 100;
/** Characters of the nearest message; its own details have all. */
const shownText = 5000;

/** Draws one wait: what it expected, how it ended, the frames that it was about. */
export function drawWait(wait: WaitLine, store: Store): Node[] {
  const nearest = wait.nearest === undefined ? undefined : frameOf(wait.nearest, store.conversation);
  return [
    drawTitle(wait.outcome === 'passed' ? '✓' : '✗', `${wait.method}: ${describeOutcome(wait)}`),
    drawFacts([...callFacts(wait, store), ...timeFacts(wait), ...frameFacts(wait, store)]),
    ...section('Expected', wait.expected),
    ...section('Where', wait.where),
    ...section('Nearest', nearest === undefined ? undefined : textOf(nearest).slice(0, shownText)),
  ];
}

function callFacts({ call, connections, location }: WaitLine, store: Store): Fact[] {
  const linked = store.conversation.connections.filter(({ name }) => connections.includes(name));
  return [
    ['Assertion', location],
    ['Call', call],
    ['Connections', linked.map((line) => drawLink(store, line, line.name))],
  ];
}

function timeFacts(wait: WaitLine): Fact[] {
  const { detail, endedMs, startedMs, timeout } = wait;
  return [
    ['Outcome', describeOutcome(wait)],
    ['Because', detail],
    ['Began', formatMoment(startedMs)],
    ['Ended', endedMs === undefined ? 'never' : formatMoment(endedMs)],
    ['Timeout', timeout === 0 ? 'none of its own' : formatMs(timeout)],
  ];
}

function frameFacts({ claimed, decidedBy, late, nearest }: WaitLine, store: Store): Fact[] {
  const { conversation } = store;
  const link = (sequence: number): Node | string => {
    const frame = frameOf(sequence, conversation);
    if (frame === undefined) return 'a frame that is left out here ';
    return drawLink(store, frame, nameOf(frame, conversation.connections.length));
  };
  const after = late === undefined ? '' : `came ${formatMs(late.afterMs)} after the deadline`;
  return [
    ['Claimed', claimed.length === 0 ? 'nothing' : claimed.slice(0, shownLinks).map(link)],
    ['Failed by', decidedBy === undefined ? undefined : [link(decidedBy)]],
    ['Too late', late === undefined ? undefined : [link(late.sequence), after]],
    ['Nearest', nearest === undefined ? undefined : [link(nearest)]],
  ];
}

function section(title: string, text: string | undefined): Node[] {
  return text === undefined ? [] : [h('h3', {}, [title]), drawCode(text)];
}
