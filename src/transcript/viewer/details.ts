import { drawConnection } from './connection-details.ts';
import { h, part } from './dom.ts';
import { drawCode, drawFacts, drawTitle, type Fact } from './facts.ts';
import { formatMoment, formatMs } from './format.ts';
import { drawFrame } from './frame-details.ts';
import type { CutLine, FindingLine, GapLine, Line, RequestLine } from './lines.ts';
import type { Store } from './store.ts';
import { drawWait } from './wait-details.ts';
import { describeClose, describeCut, describeGapEnd, describeKind } from './words.ts';

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
    case 'gap':
      return drawGap(line);
    case 'cut':
      return drawCut(line);
    default:
      return [];
  }
}

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
      ['Effect', isFinding ? 'fails the test' : 'none: the test had failed already'],
    ]),
    drawCode(line.text),
  ];
}

function drawGap(line: GapLine): Node[] {
  const { attempts, close, connection, endedMs, failure, ms } = line;
  return [
    drawTitle('↯', `${connection} was lost`),
    drawFacts([
      ['Close', describeClose(close)],
      ['Failure', failure],
      ['Lost', formatMoment(ms)],
      ['End', describeGapEnd(line)],
      ['Ended', endedMs === undefined ? 'not yet' : formatMoment(endedMs)],
      ...attempts.map(({ failure: reason, handshake, ms: began, number }): Fact => {
        const answer = reason ?? `opened: ${handshake?.status ?? ''} ${handshake?.url ?? ''}`.trimEnd();
        return [`Attempt ${number}`, `${formatMoment(began)}: ${answer}`];
      }),
    ]),
  ];
}

function drawCut(line: CutLine): Node[] {
  const why = 'A page keeps the first and the last frames of a long test. The limits are options of the report.';
  return [drawTitle('✂', describeCut(line)), h('p', {}, [why])];
}
