// The page of the evidence: written, and opened in Chromium where there is one; bench/evidence.mjs measures.
import { measurePage } from '../../evidence.mjs';
import { count, finish } from '../../lib/contender.mjs';

const { emptyMs, missing, openedMs, stringifyMs, writtenMs } = await measurePage({ frames: count });
const opened = missing === undefined ? { opened: { ms: openedMs }, empty: { ms: emptyMs } } : {};
finish({
  stringify: { ms: stringifyMs },
  written: { ms: writtenMs },
  ...opened,
  missing: missing === undefined ? {} : { opened: missing, empty: missing },
});
