import type { YqNode } from './node.ts';
import { printFloat } from './numbers.ts';
import { readYaml } from './read-yaml.ts';
import { Unsupported, YqError } from './signals.ts';

/** The value of a JSON text as yq's JSON reader has it: numbers are doubles, and nothing keeps its way of being written. Throws `Unsupported` for what is no single JSON text: that reader takes more. */
export function readJson(text: string): readonly YqNode[] {
  try {
    JSON.parse(text);
  } catch {
    throw new Unsupported('JSON that is not one valid value');
  }
  try {
    const documents = readYaml(text);
    for (const document of documents) asRead(document);
    return documents;
  } catch (error) {
    throw error instanceof YqError ? new Unsupported(`JSON: ${error.message}`) : error;
  }
}

function asRead(node: YqNode): void {
  node.style = '';
  for (const child of node.content) asRead(child);
  if (node.tag !== '!!int' && node.tag !== '!!float') return;
  const number = Number(node.value);
  if (!Number.isFinite(number)) throw new Unsupported(`number ${node.value}`);
  const isWhole = Number.isInteger(number) && Math.abs(number) < 2 ** 63;
  node.tag = isWhole ? '!!int' : '!!float';
  node.value = isWhole ? BigInt(number).toString() : printFloat(number);
}
