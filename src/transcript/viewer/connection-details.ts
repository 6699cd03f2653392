import { copyButton } from './clipboard.ts';
import { h } from './dom.ts';
import { drawCode, drawFacts, drawHeaders, drawTitle, type Fact } from './facts.ts';
import { formatBytes, formatClock, formatMoment, formatMs } from './format.ts';
import type { ConnectionLine, HandshakeFields } from './lines.ts';
import { wscatCommand } from './repro.ts';
import type { Store } from './store.ts';
import { describeAnswer, describeEnd } from './words.ts';

/** Draws one connection: how it began and ended, the command that repeats it, its opening handshake. */
export function drawConnection(line: ConnectionLine, store: Store): Node[] {
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
      ['Closed', close === undefined ? describeEnd(line) : `${formatMoment(close.ms)}: ${describeEnd(line)}`],
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
