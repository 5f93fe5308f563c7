import { isoInstant } from '../../../core/instants.ts';
import { Abort } from '../../../core/signals.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { defineGate } from '../../lib/define.ts';
import { yaml } from '../../lib/needs.ts';

const EXCEPTIONS = 'ops/bindings/legacy.entrypoint.exceptions.yaml';

export default defineGate({
  name: 'legacy-exception-hygiene-lock',
  mirrors: ['7393186079f4aad234e2785cca6f5868c4a9cec9'],
  why: 'A permission to use the retired runtime was given until a date. After it, whatever still depends on it does so without anybody having decided that.',
  fix: 'Remove the exception from legacy.entrypoint.exceptions.yaml together with what needed it, or give it a new `expires_at`.',
  limits:
    'An exception without a label, without allowed paths, with a date that cannot be read, or with a label that stands twice is not judged.',
  needs: { exceptions: yaml(EXCEPTIONS) },

  rules: { 'exception-has-not-expired': 'The exception `{label}` expired on {date}.' },

  *check({ exceptions }, report, { clock }) {
    const items = exceptions.get('exceptions').items.filter(isMap);
    for (const item of items) {
      const label = item.get('label').raw;
      if (label.includes('"')) throw new Abort('A label contains a double quote.', item.get('label'), 'label');
      if (label === '' || item.get('label').kind === 'absent') continue;
      const [only, ...others] = items.filter((other) => other.get('label').is(label));
      if (!only || others.length > 0 || allowedPaths(only) === 0) continue;
      const date = only.get('expires_at').raw;
      const end = isoInstant(date);
      if (end === undefined || end === 0) continue;
      if (!clock.hasReached(end + 1000)) continue;
      yield report('exception-has-not-expired', `exception:${label}`, only.get('expires_at'), { label, date });
    }
  },

  examples: {
    pass: [
      {
        title: 'an exception that still runs',
        files: { [EXCEPTIONS]: 'exceptions: [{ label: cron, expires_at: 2026-03-01, allowed_paths: [bin/x] }]\n' },
      },
    ],
    fail: [
      { title: 'no file', files: {}, finds: [`file-exists ${EXCEPTIONS}`] },
      { title: 'not YAML', files: { [EXCEPTIONS]: 'exceptions: [' }, finds: [`file-is-yaml ${EXCEPTIONS}`] },
      {
        title: 'an exception of last week',
        files: { [EXCEPTIONS]: 'exceptions: [{ label: cron, expires_at: 2026-02-10, allowed_paths: [bin/x] }]\n' },
        finds: ['exception-has-not-expired exception:cron'],
      },
    ],
  },
});

function isMap({ target }: YamlValue): boolean {
  return target.kind === 'map';
}

/** Entries of a list or map, or the characters of a text: as many as the script counts. */
function allowedPaths(item: YamlValue): number {
  const paths = item.get('allowed_paths');
  if (paths.kind === 'list' || paths.kind === 'map') return paths.length;
  return paths.or(paths.kind === 'scalar' ? paths.raw : '').length;
}
