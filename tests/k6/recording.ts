import { writeK6Script, type K6Script } from '../../src/transcript/k6-script.ts';
import { readRecording } from '../../src/transcript/recording-file.ts';
import { createTranscript } from '../../src/transcript/transcript.ts';
import { writeJsonl } from '../../src/transcript/jsonl.ts';
import { createRegistry } from '../connection/test-client.ts';
import { createClients, type Clients } from '../transport/clients.ts';

/** Clients of a test, and what was recorded of them. */
export interface Recording {
  readonly clients: Clients;
  /** Ends the clients. */
  end(): Promise<void>;
  /** The `websocket.jsonl`, masked as that of a test. */
  jsonl(): string;
  /** The script of what was recorded. */
  script(): K6Script;
}

export function startRecording(): Recording {
  const registry = createRegistry();
  const jsonl = (): string => {
    const { connections, redactor, waits } = registry;
    const transcript = createTranscript({ connections, waits, findings: [] });
    return Buffer.concat([...writeJsonl(transcript, { maskText: redactor.maskText })]).toString();
  };
  return {
    clients: createClients(registry),
    end: async () => {
      registry.settle('finished');
      await registry.close();
    },
    jsonl,
    script: () => writeK6Script(readRecording('websocket.jsonl', jsonl())),
  };
}

/** The steps of a script: what stands between `try {` and `} finally {`. Times differ and are `N`. */
export function stepsOfScript({ script }: K6Script): string[] {
  const { steps = '' } = /^  try \{\n(?<steps>[^]*?)^  \} finally \{$/m.exec(script)?.groups ?? {};
  const lines = steps.trimEnd().split('\n');
  return lines
    .map((line) => line.trim().replace(/\.ts:\d+/, '.ts:L'))
    .filter((line) => !/^await pause\(\d+\);$/.test(line));
}
