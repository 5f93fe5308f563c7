import { Abort } from '../../../core/signals.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { entriesBy, type PrintedLine } from '../bash/joins.ts';

/** A VM's number in a record of it, under either of its names. */
export function numberOf(record: YamlValue): YamlValue {
  return record.get('id').otherwise(record.get('vmid'));
}

/** Finds records by VM number. The script puts the number into a query without quotes: `null` means those without one, any other word breaks it. */
export function recordsByNumber(list: YamlValue): (line: PrintedLine) => readonly YamlValue[] {
  const byNumber = entriesBy(list, numberOf);
  return ({ text, at }) => {
    if (/^(?:null|~)$/i.test(text))
      return list.items.filter((item) => ['null', 'absent'].includes(numberOf(item).kind));
    if (/^-?\d+(?:\.\d+)?$/.test(text)) return byNumber(text);
    throw new Abort(`\`${text}\` is not a VM number.`, at, `vm:${text}`);
  };
}
