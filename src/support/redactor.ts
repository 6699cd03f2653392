import { lastSequence } from '../frames/sequence.ts';
import type { FrameLog } from '../frames/frame-log.ts';
import type { Handshake } from '../protocol/handshake.ts';
import { jsonWebToken, secretsOfHeader, secretsOfLogin, secretsOfSubprotocols } from './credentials.ts';
import { errorMessage } from './errors.ts';
import { decoded, isSecretName, mask, maskUrls, secretsOfUrls } from './redact.ts';
import { hasHint, hint, NextMarks, Utf8Parts } from './redact-hints.ts';
import type { Login, MaskText, RedactOptions, SecretOptions } from './redact-options.ts';
import { maskMembers, secretMembers, type Member } from './secret-members.ts';
import { compileSecretPath, type SecretPath } from './secret-paths.ts';
import { SecretValues } from './secret-values.ts';
import { added } from './small-list.ts';

/** `Bearer abc`, `Basic abc`, as headers have them. */
const credential = /\b(?:Bearer|Basic) {1,4}[A-Za-z0-9._~+/-]{6,}=*/gi;
/** A chain of causes may be a ring. */
const deepestCause = 8;
const none: ReadonlySet<string> = new Set();
const noPaths: readonly SecretPath[] = [];
const noPatterns: readonly RegExp[] = [];
const tokens = new RegExp(jsonWebToken, 'g');

/**
 * Knows the secrets of the connections of one test, and masks them in whatever is written. Secrets are learned from the
 * handshakes as they happen, and from the frames when something is about to be written.
 */
export class Redactor {
  // What a script's connection or an idle one has no use for is made when it is.
  #maskText: MaskText | undefined;
  #knownValues: SecretValues | undefined;
  #namedValues: Map<string, Set<string>> | undefined;
  #logs: Map<FrameLog, LearnedLog> | undefined;
  /** Frame logs and handshakes that nobody has looked into. */
  #unread: (FrameLog | Answered)[] | undefined;
  #learnedUntil = 0;
  #isOff = false;
  #headers: ReadonlySet<string> = none;
  #params: ReadonlySet<string> = none;
  #paths: readonly SecretPath[] = noPaths;
  #patterns: readonly RegExp[] = noPatterns;

  /** @param options `false` masks nothing but URLs and headers, by their names. */
  constructor(options?: RedactOptions | false) {
    if (options !== undefined) this.configure(options);
  }

  /** For writers: `text` and `bytes` in one. */
  get maskText(): MaskText {
    return (this.#maskText ??= Object.assign((text: string): string => this.text(text), {
      bytes: (payload: Buffer, isCut: boolean): Buffer => this.bytes(payload, isCut),
      isHarmless: (log: FrameLog, index: number): boolean => this.#isHarmless(log, index),
    }));
  }

  /** Changes what is masked; what was learned stays. */
  configure(options: RedactOptions | false): void {
    this.#readAll();
    const { headers = [], params = [], paths = [], patterns = [], values = [] } = options === false ? {} : options;
    this.#isOff = options === false;
    this.#headers = lowerCase(headers);
    this.#params = lowerCase(params);
    this.#paths = paths.map((path) => compileSecretPath(path));
    this.#patterns = patterns.map(({ flags, source }) => new RegExp(source, `${flags.replaceAll(/[gy]/g, '')}g`));
    for (const value of values) this.#values.add(value);
  }

  /** A text without secrets. */
  text(text: string): string {
    if (this.#isOff || text === '') return this.#isOff ? maskUrls(text) : text;
    this.#learn();
    let masked = this.#knownValues?.mask(text) ?? text;
    if (hint.test(masked)) {
      masked = maskMembers(masked, secretMembers(masked, isSecretMember));
      masked = masked.replaceAll(tokens, mask).replaceAll(credential, hideCredential);
    }
    if (this.#namedValues !== undefined) masked = maskMembers(masked, namedMembers(masked, this.#namedValues));
    for (const pattern of this.#patterns) masked = masked.replaceAll(pattern, (found) => (found === '' ? '' : mask));
    return maskUrls(masked, (name) => this.#isSecretParam(name));
  }

  /** Bytes without secrets: as many, with `*` where a secret was. */
  bytes(payload: Buffer, isCut = false): Buffer {
    if (this.#isOff || payload.length === 0) return payload;
    this.#learn();
    return this.#knownValues?.maskBytes(payload, isCut) ?? payload;
  }

  /** Headers without secrets: by their names, and by what is known. */
  headers(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const entries = Object.entries(headers);
    return Object.fromEntries(
      entries.map(([name, value]) => [name, this.#isSecretHeader(name) ? mask : this.text(value)]),
    );
  }

  /** The same error without secrets, its stack included. An error behind it is replaced when it has some. */
  error<E extends Error>(error: E): E {
    if (this.#isOff) return error;
    const message = this.text(error.message);
    const stack = error.stack === undefined ? undefined : this.text(error.stack);
    if (message !== error.message) error.message = message;
    if (stack !== undefined && stack !== error.stack) error.stack = stack;
    const cause = this.#cause(error.cause);
    if (cause !== error.cause) error.cause = cause;
    return error;
  }

  /** Looks for secrets in the frames of a connection whenever something is about to be written. */
  watch(log: FrameLog): void {
    this.#unread = added(this.#unread, log);
  }

  /** Learns what an opening handshake is asked to send. */
  learnOptions(url: string, options: SecretOptions): void {
    const { clientCertificates, headers, httpCredentials, protocols, proxy } = options;
    this.#learnUrls(url);
    for (const [name, value] of Object.entries(headers ?? {})) this.learnHeader(name, value ?? '');
    if (protocols !== undefined) this.#learnSubprotocols([protocols].flat());
    if (httpCredentials !== undefined) this.#learnLogins([httpCredentials].flat());
    for (const { passphrase = '' } of clientCertificates ?? []) this.#values.learn(passphrase);
    if (proxy === undefined) return;
    this.#learnLogins([proxy]);
    this.#learnUrls(proxy.server);
  }

  /** Learns what was sent and answered, when something is about to be written. */
  learnHandshake(source: Answered): void {
    this.#unread = added(this.#unread, source);
  }

  /** Learns the value of a header whose name tells that it is a secret. */
  learnHeader(name: string, value: string): void {
    // A nonce that proves nothing about anybody, RFC 6455 section 4.1.
    if (!this.#isSecretHeader(name) || name.toLowerCase() === 'sec-websocket-key') return;
    for (const secret of secretsOfHeader(name, value)) this.#values.learn(secret);
  }

  get #values(): SecretValues {
    return (this.#knownValues ??= new SecretValues());
  }

  #isSecretHeader(name: string): boolean {
    return isSecretName(name) || this.#headers.has(name.toLowerCase());
  }

  #isSecretParam(name: string): boolean {
    return isSecretName(name) || this.#params.has(name.toLowerCase());
  }

  /** The same, or a copy without its secrets: a user's own error stays as it is. */
  #cause(cause: unknown, depth = 0): unknown {
    if (typeof cause === 'string') return this.text(cause);
    if (!(cause instanceof Error) || depth > deepestCause) return cause;
    // A user's error may have anything as its message and its stack.
    const [name, own, ownStack] = [cause.name, errorMessage(cause.message), errorMessage(cause.stack ?? '')];
    const [message, stack] = [this.text(own), this.text(ownStack)];
    const inner = this.#cause(cause.cause, depth + 1);
    if (message === own && stack === ownStack && inner === cause.cause) return cause;
    return Object.assign(new Error(message, inner === undefined ? {} : { cause: inner }), { name, stack });
  }

  /** Looks at the handshakes and frames that came since the last time. */
  #learn(): void {
    this.#readAll();
    const last = lastSequence();
    if (this.#learnedUntil === last || this.#logs === undefined) return;
    this.#learnedUntil = last;
    for (const learned of this.#logs.values()) {
      if (learned.harmless.length < learned.log.length) learned.harmless = grown(learned.harmless, learned.log.length);
      while (learned.until < learned.log.length) this.#learnPayloads(learned);
    }
  }

  #readAll(): void {
    // Asked for each frame.
    if (this.#unread === undefined) return;
    const sources = this.#unread;
    this.#unread = undefined;
    for (const source of sources) {
      if (!('handshake' in source)) this.#readLog(source);
      else if (source.handshake !== undefined) this.#readHandshake(source.handshake);
    }
  }

  #readLog(log: FrameLog): void {
    this.#logs ??= new Map();
    this.#logs.set(log, { log, until: 0, harmless: noFrames });
    this.#learnedUntil = -1;
  }

  #readHandshake({ headers, requestHeaders, url }: Handshake): void {
    this.#learnUrls(url);
    this.#learnUrls(headers['location'] ?? '');
    for (const [name, value] of [...Object.entries(requestHeaders), ...Object.entries(headers)]) {
      this.learnHeader(name, value);
    }
    const offered = requestHeaders['sec-websocket-protocol']?.split(/\s*,\s*/) ?? [];
    this.#learnSubprotocols(offered);
  }

  #learnSubprotocols(names: readonly string[]): void {
    for (const secret of secretsOfSubprotocols(names)) this.#values.learn(secret);
  }

  #learnLogins(logins: readonly Partial<Login>[]): void {
    for (const { password, username = '' } of logins) {
      if (password === undefined) continue;
      for (const secret of secretsOfLogin(username, password)) this.#values.learn(secret);
    }
  }

  /** Only while nothing is known that could stand in any text. */
  #isHarmless(log: FrameLog, index: number): boolean {
    if (this.#isOff || this.#wantsAllTexts || this.#namedValues !== undefined) return false;
    this.#learn();
    return this.#knownValues?.isEmpty !== false && this.#logs?.get(log)?.harmless[index] === 1;
  }

  /** Whether secrets may stand in texts without a hint. */
  get #wantsAllTexts(): boolean {
    return this.#paths.length > 0 || this.#patterns.length > 0 || this.#params.size > 0;
  }

  /** Looks at the next frames whose payloads lie one behind the other. Of most of them there is no view and no text. */
  #learnPayloads(learned: LearnedLog): void {
    const { harmless, log } = learned;
    const { bytes, end } = log.payloadsFrom(learned.until);
    const [urlMarks, utf8] = [new NextMarks(bytes, '@?&'), new Utf8Parts(bytes)];
    for (let from = 0, to = 0; learned.until < end; learned.until++, from = to) {
      const opcode = log.opcode(learned.until);
      to = from + log.size(learned.until);
      if (opcode === 'binary') continue;
      const isHinted = hasHint(bytes, from, to);
      if (isHinted || this.#wantsAllTexts)
        this.#learnText(bytes.toString('utf8', opcode === 'close' ? from + 2 : from, to));
      harmless[learned.until] = !isHinted && !urlMarks.isWithin(from, to) && utf8.isValid(from, to) ? 1 : 0;
    }
  }

  #learnText(text: string): void {
    for (const { name, value } of secretMembers(text, isSecretMember)) {
      for (const secret of secretsOfHeader(name, value)) this.#values.learn(secret);
    }
    for (const [found] of text.matchAll(tokens)) this.#values.learn(found);
    for (const [found] of text.matchAll(credential)) {
      for (const secret of secretsOfHeader('authorization', found)) this.#values.learn(secret);
    }
    for (const pattern of this.#patterns) for (const [found] of text.matchAll(pattern)) this.#values.learn(found);
    this.#learnUrls(text);
    if (this.#paths.length > 0) this.#learnPaths(text);
  }

  #learnUrls(text: string): void {
    for (const secret of secretsOfUrls(text, (name) => this.#isSecretParam(name))) {
      this.#values.learn(secret);
      this.#values.learn(decoded(secret));
      this.#values.learn(decoded(secret.replaceAll('+', ' ')));
    }
  }

  #learnPaths(text: string): void {
    const value = parsed(text);
    for (const found of this.#paths.flatMap((path) => path(value))) {
      this.#namedValues ??= new Map();
      const values = this.#namedValues.get(found.name) ?? new Set();
      this.#namedValues.set(found.name, values.add(found.value));
      this.#values.learn(found.value);
    }
  }
}

/** Values that are secrets only under one name, because a path led to them. */
function namedMembers(text: string, named: ReadonlyMap<string, ReadonlySet<string>>): Member[] {
  const members = [...secretMembers(text, (name) => named.has(name))];
  return members.filter(({ name, value }) => named.get(name)?.has(value));
}

const noFrames = new Uint8Array(0);

/** Has what an opening handshake sent and got: an open wire, what failed. Read late, since it is made when somebody looks. */
interface Answered {
  readonly handshake: Handshake | undefined;
}

/** A frame log, and how many of its frames were looked at. */
interface LearnedLog {
  readonly log: FrameLog;
  until: number;
  /** 1 for each frame that is UTF-8 in which nothing is to be masked by its name. */
  harmless: Uint8Array;
}

function grown(bytes: Uint8Array, length: number): Uint8Array {
  const all = new Uint8Array(Math.max(length, bytes.length * 2));
  all.set(bytes);
  return all;
}

/** In messages `key` alone names anything: the field of a form, the key of a store. */
function isSecretMember(name: string): boolean {
  return name.toLowerCase() !== 'key' && isSecretName(name);
}

function hideCredential(found: string): string {
  return `${found.split(' ', 1)[0]} ${mask}`;
}

function lowerCase(names: readonly string[]): ReadonlySet<string> {
  return names.length === 0 ? none : new Set(names.map((name) => name.toLowerCase()));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
