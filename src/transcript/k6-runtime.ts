import { quote } from './k6-secrets.ts';

/** What a script has beside its steps. */
export interface RuntimeNeeds {
  /** Origin of all connections; `undefined` when there are several. */
  readonly base: string | undefined;
  /** Whether a binary message is sent. */
  readonly readsBytes: boolean;
}

/**
 * The parts of a k6 script around its steps. Messages wait in a list until a step takes them, as on the client that was
 * recorded: no race between sending and listening.
 */
export function k6Runtime(steps: readonly string[], { base, readsBytes }: RuntimeNeeds): string[] {
  return [
    "import { check } from 'k6';",
    ...(readsBytes ? ["import { b64decode } from 'k6/encoding';"] : []),
    "import { clearTimeout, setTimeout } from 'k6/timers';",
    "import { WebSocket } from 'k6/websockets';",
    '',
    options,
    ...(base === undefined ? [] : [`const base = __ENV.BASE_URL || ${quote(base)};`]),
    '/** Longest time that a step waits, in milliseconds. */',
    'const patience = 10000;',
    '',
    'export default async function () {',
    '  const clients = [];',
    '  try {',
    ...steps.map((line) => `    ${line}`),
    '  } finally {',
    '    for (const { socket } of clients) socket.close();',
    '  }',
    '}',
    '',
    helpers,
  ];
}

const options = `export const options = {
  vus: 1,
  iterations: 1,
  thresholds: { checks: ['rate==1'] },
};
`;

const helpers = `/** Opens a connection that keeps what it receives until a step takes it. */
function connect(name, url, params) {
  const socket = new WebSocket(url, null, params);
  socket.binaryType = 'arraybuffer';
  const client = { name, socket, messages: [], isOpen: false, isClosed: false, changed: () => {} };
  socket.onmessage = ({ data }) => {
    client.messages.push(messageOf(data));
    client.changed();
  };
  return new Promise((resolve, reject) => {
    socket.onopen = () => {
      client.isOpen = true;
      check(client, { [\`\${name} opens\`]: () => true });
      resolve(client);
    };
    socket.onerror = ({ error }) => {
      if (!client.isOpen) check(client, { [\`\${name} opens\`]: () => false });
      reject(new Error(\`\${name}: \${error}\`));
    };
    socket.onclose = () => {
      client.isClosed = true;
      client.changed();
    };
  });
}

function messageOf(data) {
  if (typeof data !== 'string') return { data, text: undefined, value: undefined };
  try {
    return { data, text: data, value: JSON.parse(data) };
  } catch (error) {
    return { data, text: data, value: data };
  }
}

/** Takes the first message that meets the expectation, as soon as it is there. */
function take(client, label, meets) {
  return until(client, label, () => {
    const index = client.messages.findIndex(meets);
    if (index !== -1) return client.messages.splice(index, 1);
    return client.isClosed ? [] : undefined;
  });
}

/** Waits until the other side has closed. */
function closed(client, label) {
  return until(client, label, () => (client.isClosed ? [client] : undefined));
}

/** Ends with what \`look\` finds; an empty list, or nothing in time, is a failed check and the end of the iteration. */
function until(client, label, look) {
  return new Promise((resolve, reject) => {
    const end = (found) => {
      clearTimeout(timer);
      client.changed = () => {};
      if (check(found, { [label]: () => found.length > 0 })) resolve(found[0]);
      else reject(new Error(\`\${client.name}: \${label} failed\`));
    };
    const timer = setTimeout(() => end([]), patience);
    client.changed = () => {
      const found = look();
      if (found !== undefined) end(found);
    };
    client.changed();
  });
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Whether a value has all members of the expected one, at any depth. */
function contains(value, expected) {
  if (typeof expected !== 'object' || expected === null) return value === expected;
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(expected) && (!Array.isArray(value) || value.length !== expected.length)) return false;
  return Object.keys(expected).every((name) => contains(value[name], expected[name]));
}

function hasMembers(value, names) {
  return typeof value === 'object' && value !== null && names.every((name) => name in value);
}

/** A value that the recording does not have. */
function secret(name) {
  if (__ENV[name] === undefined) throw new Error(\`Set \${name}: k6 run -e \${name}=…\`);
  return __ENV[name];
}
`;
