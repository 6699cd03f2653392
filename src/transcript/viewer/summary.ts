import { type Conversation, hasPassed } from './conversation.ts';
import { button, h, part } from './dom.ts';
import { formatBytes, plural } from './format.ts';
import type { Line } from './lines.ts';
import type { Store } from './store.ts';
import { visibleLine } from './visible-text.ts';
import { describeAnswer, describeKind, describeOutcome } from './words.ts';

/** Problems that are listed one by one; the list of frames has all. */
const shownProblems = 50;
/** Characters of a problem: more than a line has room for. */
const shownCharacters = 300;

/** Fills the head of the page: what there is, and what went wrong. */
export function drawSummary(store: Store): void {
  const { conversation } = store;
  part('counts').textContent = countsOf(conversation).join(' · ');
  const problems = problemsOf(conversation);
  const items = problems.slice(0, shownProblems).map((problem) => h('li', {}, [drawProblem(problem, store)]));
  if (problems.length > items.length)
    items.push(h('li', { class: 'quiet' }, [`and ${problems.length - items.length} more`]));
  part('problems').hidden = problems.length === 0;
  part('problem-list').replaceChildren(...items);
}

/** The line that the page opens with: what went wrong first, or the first frame. */
export function firstSelected(conversation: Conversation): Line | undefined {
  return problemsOf(conversation)[0]?.line ?? conversation.rows[0]?.line;
}

/** Counts of the whole test, what the page leaves out included. */
function countsOf({ connections, frames, requests, rows, transcript, waits }: Conversation): string[] {
  const failed = waits.filter((wait) => !hasPassed(wait)).length;
  const cutBytes = rows.reduce((sum, row) => sum + (row.moment === 'cut' ? row.line.bytes : 0), 0);
  const bytes = frames.reduce((sum, { size }) => sum + size, cutBytes);
  const made = transcript?.requests ?? requests.length;
  const began = transcript === undefined ? [] : [transcript.startedAt.replace('T', ' ').replace('Z', ' UTC')];
  return [
    plural(connections.length, 'connection'),
    `${plural(transcript?.frames ?? frames.length, 'frame')}, ${formatBytes(bytes)}`,
    `${plural(transcript?.waits ?? waits.length, 'wait')}${failed > 0 ? `, ${failed} failed` : ''}`,
    ...(made > 0 ? [plural(made, 'HTTP request')] : []),
    ...began,
  ];
}

interface Problem {
  readonly line: Line;
  readonly kind: 'bad' | 'note';
  readonly title: string;
  readonly text: string;
  readonly location: string;
}

/** Findings, failed waits, connections that did not open, notes. */
function problemsOf({ connections, findings, waits }: Conversation): Problem[] {
  const ofFindings = findings.map((line): Problem => {
    const { location, text } = line;
    return { line, kind: line.type === 'finding' ? 'bad' : 'note', title: describeKind(line), text, location };
  });
  const ofWaits = waits
    .filter((wait) => !hasPassed(wait))
    .map((line): Problem => {
      const text = `${describeOutcome(line)}, expected ${line.expected ?? ''}`;
      return { line, kind: 'bad', title: line.method, text, location: line.location };
    });
  const refused = connections
    .filter(({ expected, handshake, openedMs }) => {
      return openedMs === undefined && handshake?.accepted !== true && expected !== true;
    })
    .map((line): Problem => {
      return {
        line,
        kind: 'bad',
        title: `${line.name} did not open`,
        text: describeAnswer(line),
        location: line.location,
      };
    });
  const all = [...ofFindings, ...ofWaits, ...refused];
  return [...all.filter(({ kind }) => kind === 'bad'), ...all.filter(({ kind }) => kind === 'note')];
}

function drawProblem({ kind, line, location, text, title }: Problem, store: Store): HTMLElement {
  const element = button('', () => store.select(line), { class: `problem is-${kind}` });
  element.append(
    h('span', { 'aria-hidden': 'true' }, [kind === 'bad' ? '✗' : '•']),
    h('strong', {}, [visibleLine(title)]),
    h('span', { class: 'problem-text' }, [visibleLine(text.slice(0, shownCharacters))]),
    h('span', { class: 'location' }, [visibleLine(location)]),
  );
  return element;
}
