import { copyButton } from './clipboard.ts';
import { positionOf } from './conversation.ts';
import { h, part } from './dom.ts';
import { drawCode, drawFacts, drawHeaders, drawLink, drawTitle, type Fact } from './facts.ts';
import { formatBytes, formatClock, formatMoment, formatMs } from './format.ts';
import { drawFrame } from './frame-details.ts';
import type { ConnectionLine, CutLine, FindingLine, HandshakeFields, Line, RequestLine, WaitLine } from './lines.ts';
import { wscatCommand } from './repro.ts';
import type { Store } from './store.ts';
import { describeAnswer, describeCut, describeEnd, describeKind, describeOutcome } from './words.ts';

/** The side that shows the selected line in full. */
export class Details {
  readonly #store: Store;
  readonly #element: HTMLElement = part('details');

  constructor(store: Store) {
    this.#store = store;
    store.subscribe(({ selected }, before) => {
      if (selected !== before.selected) this.#draw(selected);
    });
  }

  focus(): void {
    this.#element.focus();
  }

  #draw(line: Line | undefined): void {
    this.#element.replaceChildren(...(line === undefined ? [] : drawLine(line, this.#store)));
    this.#element.scrollTop = 0;
  }
}

function drawLine(line: Line, store: Store): Node[] {
  switch (line.type) {
    case 'frame':
      return drawFrame(line, store);
    case 'connection':
      return drawConnection(line, store);
    case 'wait':
      return drawWait(line, store);
    case 'request':
      return drawRequest(line);
    case 'finding':
    case 'note':
      return drawFinding(line);
    case 'cut':
      return drawCut(line);
    default:
      return [];
  }
}

function drawConnection(line: ConnectionLine, store: Store): Node[] {
  const { close, failure, handshake, ms, name, openedMs, time, url } = line;
  const own = store.conversation.frames.filter(({ connection }) => connection === name);
  const sent = own.filter(({ direction }) => direction === 'sent').length;
  const command = wscatCommand(line);
  return [
    drawTitle('⚑', name),
    drawFacts([
      ['URL', url],
      ['Made at', line.location],
      ['Began', `${formatMoment(ms)}, ${formatClock(time)} UTC`],
      ['Opened', openedMs === undefined ? 'never' : `${formatMoment(openedMs)}: ${describeAnswer(line)}`],
      ['Failure', failure],
      ['Closed', close === undefined ? 'not yet' : `${formatMoment(close.ms)}: ${describeEnd(line)}`],
      ['Clean', close === undefined ? undefined : describeClean(close.wasClean)],
      ['Frames', `${sent} sent, ${own.length - sent} received`],
    ]),
    h('p', { class: 'actions' }, [
      copyButton('Copy wscat command', () => command),
      copyButton('Copy frames as JSON lines', () => own.map((frame) => JSON.stringify(frame)).join('\n')),
    ]),
    drawCode(command),
    ...(handshake === undefined ? [] : drawHandshake(handshake)),
  ];
}

function describeClean(wasClean: boolean): string {
  return wasClean ? 'yes: close frames went both ways' : 'no: the closing handshake was not completed';
}

function drawHandshake(handshake: HandshakeFields): Node[] {
  const { accepted, body, duration, extensions, status, statusText, subprotocol, url } = handshake;
  const facts: Fact[] = [
    ['Request', `GET ${url}`],
    ['Answer', `${status} ${statusText}, ${accepted ? 'accepted' : 'refused'}`],
    ['Duration', formatMs(duration)],
    ['Subprotocol', subprotocol === '' ? 'none' : subprotocol],
    ['Extensions', extensions === '' ? 'none' : extensions],
  ];
  return [
    h('h3', {}, ['Opening handshake']),
    drawFacts(facts),
    ...drawHeaders('Request headers', handshake.requestHeaders),
    ...drawHeaders('Response headers', handshake.responseHeaders),
    ...(body === undefined ? [] : drawBody(body)),
  ];
}

function drawBody({ cut, size, text }: NonNullable<HandshakeFields['body']>): Node[] {
  const left = cut === undefined ? '' : `, the last ${formatBytes(cut)} left out`;
  return [h('h3', {}, [`Response body, ${formatBytes(size)}${left}`]), drawCode(text ?? '')];
}

function drawWait(wait: WaitLine, store: Store): Node[] {
  const { call, detail, endedMs, expected, late, location, startedMs, timeout } = wait;
  const { connections, frames } = store.conversation;
  const link = (sequence: number): Node => {
    const frame = frames[positionOf(frames, sequence)];
    return frame === undefined ? document.createTextNode(`#${sequence} `) : drawLink(store, frame, `#${sequence}`);
  };
  const linked = connections.filter(({ name }) => wait.connections.includes(name));
  const facts: Fact[] = [
    ['Assertion', location],
    ['Call', call],
    ['Connections', linked.map((line) => drawLink(store, line, line.name))],
    ['Outcome', describeOutcome(wait)],
    ['Because', detail],
    ['Began', formatMoment(startedMs)],
    ['Ended', endedMs === undefined ? 'never' : formatMoment(endedMs)],
    ['Timeout', timeout === 0 ? 'none of its own' : formatMs(timeout)],
    ['Claimed', wait.claimed.length === 0 ? 'nothing' : wait.claimed.slice(0, shownLinks).map(link)],
    ['Failed by', wait.decidedBy === undefined ? undefined : link(wait.decidedBy)],
    [
      'Too late',
      late === undefined ? undefined : [link(late.sequence), `came ${formatMs(late.afterMs)} after the deadline`],
    ],
    ['Nearest', wait.nearest === undefined ? undefined : link(wait.nearest)],
  ];
  const wanted = expected === undefined ? [] : [h('h3', {}, ['Expected']), drawCode(expected)];
  return [
    drawTitle(wait.outcome === 'passed' ? '✓' : '✗', `${wait.method}: ${describeOutcome(wait)}`),
    drawFacts(facts),
    ...wanted,
  ];
}

/** Of a wait for thousands of messages the first ones are enough to find the others. */
const shownLinks = 100;

function drawRequest({
  endedMs,
  failure,
  method,
  source,
  startedMs,
  status,
  statusText = '',
  url,
}: RequestLine): Node[] {
  return [
    drawTitle('⇄', `${method} ${url}`),
    drawFacts([
      ['Status', status === undefined ? 'no answer' : `${status} ${statusText}`.trimEnd()],
      ['Made by', source === 'page' ? 'a page of the browser' : 'the test'],
      ['Failure', failure],
      ['Began', formatMoment(startedMs)],
      ['Ended', endedMs === undefined ? 'not yet' : formatMoment(endedMs)],
      ['Duration', endedMs === undefined ? undefined : formatMs(endedMs - startedMs)],
    ]),
  ];
}

function drawFinding(line: FindingLine): Node[] {
  const isFinding = line.type === 'finding';
  return [
    drawTitle(isFinding ? '✗' : '•', describeKind(line)),
    drawFacts([
      ['Line', line.location],
      ['Weight', isFinding ? 'a finding: it fails the test' : 'a note: the test had failed already'],
    ]),
    drawCode(line.text),
  ];
}

function drawCut(line: CutLine): Node[] {
  const why = 'A page keeps the first and the last frames of a long test. The limits are options of the report.';
  return [drawTitle('✂', describeCut(line)), h('p', {}, [why])];
}
