import type { YamlValue } from '../../core/yaml/value.ts';
import { type CsvOptions, parseCsvData } from '../formats/csv.ts';
import type { Datum, FormatFault } from '../formats/datum.ts';
import { parseDotenvData } from '../formats/dotenv.ts';
import { parseIniData } from '../formats/ini.ts';
import { parseJsonData } from '../formats/json.ts';
import { parseTomlData } from '../formats/toml.ts';
import { dataOfYaml } from '../formats/yaml.ts';

/** Every form that a table's files may have. `file` is the file as such, whatever it holds. */
export const FORMATS = ['yaml', 'json', 'toml', 'csv', 'tsv', 'ini', 'env', 'file'] as const;
export type Format = (typeof FORMATS)[number];

const BY_EXTENSION: Readonly<Record<string, Format>> = {
  yaml: 'yaml',
  yml: 'yaml',
  json: 'json',
  jsonc: 'json',
  json5: 'json',
  toml: 'toml',
  csv: 'csv',
  tsv: 'tsv',
  ini: 'ini',
  cfg: 'ini',
  conf: 'ini',
  env: 'env',
};
const UNITS =
  /\.(?:build|container|image|kube|mount|automount|network|netdev|link|path|pod|service|slice|socket|swap|target|timer|volume)$/;
const DOTENV = /(?:^|\/)\.env(?:\.[\w.-]+)?$|\.env\.[\w-]+$/;

/** What a path's name says about its form; undefined where it says nothing. Patterns are read the same way. */
export function formatOf(path: string): Format | undefined {
  if (DOTENV.test(path)) return 'env';
  if (UNITS.test(path)) return 'ini';
  return BY_EXTENSION[/\.([a-z\d]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''];
}

/** The documents of a text in any form but YAML, which the repo itself parses. */
export function parseAs(
  format: Exclude<Format, 'yaml' | 'file'>,
  text: string,
  csv: Omit<CsvOptions, 'delimiter'> & { readonly delimiter?: string | undefined },
): readonly Datum[] | FormatFault {
  switch (format) {
    case 'json':
      return parseJsonData(text);
    case 'toml':
      return parseTomlData(text);
    case 'ini':
      return parseIniData(text);
    case 'env':
      return parseDotenvData(text);
    case 'csv':
      return parseCsvData(text, { ...csv, delimiter: csv.delimiter ?? ',' });
    case 'tsv':
      return parseCsvData(text, { ...csv, delimiter: csv.delimiter ?? '\t' });
  }
}

/** The data of a file's YAML documents; empty ones are left out unless there is no other. */
export function dataOfDocuments(documents: readonly YamlValue[]): readonly Datum[] | FormatFault {
  const data: Datum[] = [];
  for (const document of documents) {
    const datum = dataOfYaml(document);
    if ('message' in datum) return datum;
    if (datum.value !== null) data.push(datum);
  }
  return data.length > 0 ? data : [{ offset: 0, value: null }];
}
