import type { TestInfo } from '@playwright/test';
import type { ZodType } from 'zod';
import { misuse } from '../support/errors.ts';
import type { RedactOptions } from '../support/redact-options.ts';
import { faultOfPath } from '../support/secret-paths.ts';
import {
  checkOptions,
  defineOptions,
  describeFound,
  wholeNumber,
  type OptionsDefinition,
  type Zod,
} from '../support/options.ts';
import { shortestText } from '../support/text-index.ts';
import { defaultLimits, type EvidenceLimits } from '../transcript/limits.ts';
import { maskUrls, type MaskText } from '../transcript/mask-text.ts';

const reportModes = ['off', 'on', 'retain-on-failure', 'on-first-retry'] as const;
const reportFormats = ['html', 'jsonl', 'har', 'trace'] as const;

/**
 * When the frames of a test are attached to its report: never, always, when the test fails, or when it is retried for
 * the first time.
 */
export type WsReportMode = (typeof reportModes)[number];

/**
 * A form of the evidence: the page `websocket.html`, the lines `websocket.jsonl`, the archive `websocket.har`, or the
 * frames in Playwright's own trace, where the test has one.
 */
export type WsReportFormat = (typeof reportFormats)[number];

/** The object form of the option `wsReport`. */
export interface WsReportOptions {
  /**
   * When the frames of a test are attached to its report.
   *
   * @default 'on'
   */
  readonly mode?: WsReportMode | undefined;
  /**
   * What is attached then. An empty list attaches nothing.
   *
   * @default 'html', 'jsonl' and 'trace'; 'har' too when the test failed
   */
  readonly formats?: readonly WsReportFormat[] | undefined;
  /** How much of a test is written. What is left out is stated where it is missing. */
  readonly limits?: Partial<EvidenceLimits> | undefined;
  /**
   * Secrets that are masked further to those whose names tell that they are. `false` masks nothing but those in URLs and
   * headers of the opening handshake.
   *
   * @default {}
   */
  readonly redact?: RedactOptions | false | undefined;
}

/** The option `wsReport`: a mode, or an object with it. */
export type WsReport = WsReportMode | WsReportOptions;

/** The option `wsReport`, checked. */
export interface ReportSettings {
  readonly mode: WsReportMode;
  /** `undefined`: the default ones. */
  readonly formats: readonly WsReportFormat[] | undefined;
  /** Limits that differ from the default of their format. */
  readonly limits: Partial<EvidenceLimits>;
  readonly redact: RedactOptions | false;
  /** Masks every string that is written; with what is known of a test, where there is one. */
  readonly maskText: MaskText;
}

/**
 * Checks the option `wsReport`.
 *
 * @throws {TypeError} `WS_INVALID_OPTION` that names the value and what is allowed.
 */
export function checkReport(value: unknown): ReportSettings {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return settingsOf({ mode: checkMode(value) });
  const given: WsReportOptions = value;
  if (given.redact !== false) return settingsOf(checkOptions('wsReport', reportOptions, given));
  return { ...settingsOf(checkOptions('wsReport', reportOptions, { ...given, redact: undefined })), redact: false };
}

/** What decides about the evidence of a test, of its `TestInfo`. */
export interface JudgedTest extends Pick<TestInfo, 'expectedStatus' | 'retry'> {
  readonly status?: TestInfo['status'] | undefined;
}

/**
 * The formats that this test gets; none when the mode does not ask for evidence of it.
 *
 * @param willFail Whether findings are about to fail the test; its status does not tell yet.
 */
export function wantedFormats(
  { formats, mode }: Pick<ReportSettings, 'mode' | 'formats'>,
  { expectedStatus, retry, status }: JudgedTest,
  willFail = false,
): readonly WsReportFormat[] {
  const judged = { expectedStatus, retry, status: willFail ? 'failed' : status } as const;
  if (!reportsTest[mode](judged)) return [];
  if (formats !== undefined) return reportFormats.filter((format) => formats.includes(format));
  return reportFormats.filter((format) => format !== 'har' || hasFailed(judged));
}

const reportsTest: Readonly<Record<WsReportMode, (test: JudgedTest) => boolean>> = {
  off: () => false,
  on: () => true,
  'retain-on-failure': hasFailed,
  'on-first-retry': ({ retry }) => retry === 1,
};

const reportOptions: OptionsDefinition<WsReportOptions> = defineOptions(
  (z) => {
    const formats = "a list of 'html', 'jsonl', 'har' and 'trace'";
    const limits = Object.keys(defaultLimits).map((name) => [name, wholeNumber(z).optional()]);
    return {
      mode: z.enum(reportModes, modesText),
      formats: z.array(z.enum(reportFormats, "'html', 'jsonl', 'har' or 'trace'"), formats),
      limits: z.strictObject(Object.fromEntries(limits), 'an object'),
      redact: z.strictObject(redactShape(z), 'an object or false'),
    };
  },
  ['values'],
);

function redactShape(z: Zod): Record<keyof RedactOptions, ZodType> {
  const names = z.array(z.string('a name'), 'a list of names').optional();
  return {
    headers: names,
    params: names,
    paths: z.array(z.custom(isPath, 'a JSONPath (RFC 9535)'), 'a list of JSONPaths').optional(),
    patterns: z.array(z.instanceof(RegExp, { error: 'a RegExp' }), 'a list of RegExps').optional(),
    values: z.array(z.custom(isValue, `text of at least ${shortestText} characters`), 'a list of texts').optional(),
  };
}

function isPath(path: unknown): boolean {
  return typeof path === 'string' && faultOfPath(path) === undefined;
}

function isValue(value: unknown): boolean {
  return typeof value === 'string' && value.length >= shortestText;
}

const modesText = "'off', 'on', 'retain-on-failure' or 'on-first-retry'";

function hasFailed({ expectedStatus, status }: JudgedTest): boolean {
  return status !== expectedStatus;
}

function settingsOf({ formats, limits = {}, mode = 'on', redact = {} }: WsReportOptions): ReportSettings {
  return { mode, formats, limits: withoutUndefined(limits), redact, maskText: maskUrls };
}

/** `undefined` means not set. */
function withoutUndefined(limits: Partial<EvidenceLimits>): Partial<EvidenceLimits> {
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined));
}

function checkMode(value: unknown): WsReportMode {
  if (value === undefined) return 'on';
  const mode = reportModes.find((known) => known === value);
  if (mode !== undefined) return mode;
  const found = describeFound(value);
  throw misuse('WS_INVALID_OPTION', `Invalid option "wsReport": expected ${modesText}, or an object, found ${found}`);
}
