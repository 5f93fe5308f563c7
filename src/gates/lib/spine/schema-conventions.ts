import type { YamlValue } from '../../../core/yaml/value.ts';
import { extendedRegExp } from '../bash/extended-regexp.ts';

const VOCABULARIES = { status: 'allowed_values', lifecycle: 'lifecycle_values' };
const ISO_DATE = '^[0-9]{4}-[0-9]{2}-[0-9]{2}([T][0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$';

/** What the conventions for bindings say, asked one by one: the script, too, stumbles over each part only when it needs it. */
export function readConventions(conventions: YamlValue) {
  const texts = (...path: readonly string[]) => conventions.get(...path).items.map((item) => item.raw);
  const legacy = () => conventions.get('legacy_alias_rules');
  return {
    /** Files that are checked whether somebody touched them or not. */
    listedFiles: () => texts('policy', 'always_validate_files'),
    retiredKeys: () => new Set(texts('field_rules', 'disallowed_alias_keys')),
    /** Whether a touched file has to give up its exceptions. */
    touchedMustMend: () => legacy().get('touch_to_fix_required').or('true') === 'true',
    isExcepted(path: string, key: string): boolean {
      const exceptions = legacy()
        .get('legacy_exceptions')
        .items.filter((entry) => entry.get('file').is(path));
      return exceptions.some((entry) => entry.get('allowed_keys').items.some((allowed) => allowed.raw === key));
    },
    /** Fields that hold one of certain words, with those words. */
    vocabularies: () =>
      Object.entries(VOCABULARIES).map(([field, list]) => ({ field, words: texts('status_rules', list) })),
    dateFields: () =>
      new Set(['canonical_fields', 'accepted_legacy_fields'].flatMap((list) => texts('date_rules', list))),
    dateForm: () => extendedRegExp(conventions.get('date_rules', 'iso_8601_regex').or(ISO_DATE)),
  };
}
