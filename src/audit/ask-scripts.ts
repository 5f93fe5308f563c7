import { createTrace, type Trace } from '../core/trace.ts';
import { readCertificates } from './certificates.ts';
import { untilRead } from './read/until-all-read.ts';
import { configurationViewOf } from './read/view.ts';
import type { Selection } from './registry/select.ts';
import type { ScriptVerdicts } from './report.ts';
import type { EarlierVerdicts, StoredVerdict } from './reuse.ts';
import { judgeScripts, type ScriptJudgement, ScriptsLeft, type ScriptsRequest } from './scripts.ts';
import type { World } from './world.ts';

interface Asking {
  readonly scripts?: ScriptsRequest | undefined;
  readonly earlier?: EarlierVerdicts | undefined;
  readonly detailed?: boolean;
}

/** Asks the repo's own scripts where the selection says so, and reads which of them are certified. Natives' verdicts are known by then, and stay. */
export async function askScripts(
  { gates }: Selection,
  world: World,
  { scripts: request, ...rest }: Asking,
  verdicts: ReadonlyMap<string, StoredVerdict>,
): Promise<ScriptVerdicts & { readonly traces: readonly Trace[] } & Omit<ScriptJudgement, 'answers'>> {
  const nothing = { areTrusted: false, certificates: { blobs: new Map() }, answers: new Map() };
  if (!request) return { ...nothing, traces: [], verdicts: new Map(), judged: 0, reused: 0 };
  const wanted = gates.flatMap(({ entry, script }) => (script ? [{ path: script.path, gate: entry.name }] : []));
  const certificates = await untilRead(world, ({ target }) =>
    readCertificates(configurationViewOf(target, createTrace())),
  );
  try {
    const judgement = await judgeScripts(world, wanted, request, rest);
    const traces = [...judgement.answers.values()].map(({ trace }) => trace);
    return { ...judgement, traces, certificates, areTrusted: request.areTrusted };
  } catch (error) {
    if (error instanceof ScriptsLeft) error.verdicts = verdicts;
    throw error;
  }
}
