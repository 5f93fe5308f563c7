import type { GateFinding } from '../../../core/finding.ts';
import type { Example, Gate, GateContext } from '../../../core/gate.ts';
import type { TextLine } from '../../../core/repo.ts';
import { defineGate, type Report, type Rules, reporterFor } from '../define.ts';
import { filesExist } from '../files/files.ts';
import { lines } from '../needs.ts';
import { isDeclared, missingFields, missingKeys, type Sections } from './contract-text.ts';

/** What the gate's own part may ask of the contract. */
interface Contract {
  readonly lines: readonly TextLine[];
  /** A finding for each top-level key that no line starts with. */
  missing(...keys: readonly string[]): Generator<GateFinding>;
}

/** An example contract: sound, but for the bodies of some sections and some files. */
export type ContractWorld = (
  title: string,
  bodies: Readonly<Record<string, string>>,
  ...finds: readonly string[]
) => Example;

interface Definition<R extends Rules> extends Omit<Gate, 'check' | 'reads' | 'rules' | 'examples'> {
  readonly contract: string;
  /** The document that explains it. */
  readonly doc: string;
  /** Top-level keys, in the order in which the script asks: those before the sections, and those after what `more` finds. */
  readonly keys: { readonly first: readonly string[]; readonly last: readonly string[] };
  readonly sections: Sections;
  readonly alsoReads?: readonly string[];
  readonly rules: R;
  /** What this contract asks for beyond its sections. Returns true where the script dies and sees nothing of the rest. */
  more?(contract: Contract, report: Report<R>, context: GateContext): Generator<GateFinding, boolean | undefined>;
  /** For examples: the body of a sound section, other files, and what breaks the gate's own rules. */
  readonly shown: {
    readonly body?: string;
    readonly keys?: readonly string[];
    readonly files?: Readonly<Record<string, string>>;
    readonly fail?: (world: ContractWorld) => readonly Example[];
  };
}

/** A gate over a contract that its script reads as lines: top-level keys, declared sections with their fields, a document. */
export function contractGate<const R extends Rules>(definition: Definition<R>): Gate {
  const { contract, doc, keys, sections, more, shown, rules, ...gate } = definition;
  const { kind, names, fields, reach } = sections;
  const all: Record<string, string> = {
    'has-top-level-key': 'No line starts with `{key}:`.',
    [`${kind}-is-declared`]: `The ${kind} \`{name}\` is missing: no line reads \`␣␣{name}:\`.`,
    ...rules,
  };
  if (fields) all[`${kind}-has-field`] = `The ${kind} \`{name}\` has no \`{field}:\` within its first {reach} lines.`;
  return defineGate({
    ...gate,
    needs: { contract: lines(contract) },
    rules: all,
    *check(given, report, context) {
      const { repo } = context;
      const text: Contract = {
        lines: given.contract,
        *missing(...wanted) {
          for (const key of missingKeys(given.contract, wanted)) {
            yield report('has-top-level-key', key, repo.at(contract), { key });
          }
        },
      };
      yield* text.missing(...keys.first);
      for (const name of names) {
        if (isDeclared(text.lines, name)) continue;
        yield report(`${kind}-is-declared`, `${kind}:${name}`, repo.at(contract), { name });
      }
      for (const { name, field, at } of missingFields(text.lines, sections)) {
        const values = { name, field, reach: reach ?? 0 };
        yield report(`${kind}-has-field`, `${kind}:${name}#${field}`, at, values);
      }
      const dies = more && (yield* more(text, reporterFor(rules), context));
      if (dies) return;
      yield* text.missing(...keys.last);
      yield* filesExist(repo, doc);
    },
    examples: examplesOf(definition),
  });
}

function examplesOf({ contract, doc, keys, sections, shown }: Definition<Rules>): Gate['examples'] {
  const { kind, names, fields = [] } = sections;
  const sound = shown.body ?? fields.map((field) => `    ${field}: x\n`).join('');
  const [first = '', second = ''] = names;
  const world: ContractWorld = (title, bodies, ...finds) => {
    const blocks = names.map((name) => `  ${name}:\n${bodies[name] ?? sound}`).join('');
    const [before, after] = [keys.first, [...(shown.keys ?? []), ...keys.last]].map((some) =>
      some.map((key) => `${key}:\n`).join(''),
    );
    const text = `${before}${kind}s:\n${blocks}${after}`;
    return { title, files: { [contract]: text, [doc]: '', ...shown.files }, finds };
  };
  const { files } = world('', {});
  const renamed = files[contract]?.replace('version:', 'versions:').replace(`  ${first}:`, `  ${first}-2:`) ?? '';
  const bare = fields.length > 0 ? [world(`a ${kind} without fields`, { [second]: '' }, ...absentFields(second))] : [];
  function absentFields(name: string) {
    return fields.map((field) => `${kind}-has-field ${kind}:${name}#${field}`);
  }
  return {
    pass: [world(`every ${kind} is declared`, {})],
    fail: [
      {
        title: `a key and a ${kind} renamed`,
        files: { ...files, [contract]: renamed },
        finds: ['has-top-level-key version', `${kind}-is-declared ${kind}:${first}`],
      },
      ...bare,
      ...(shown.fail?.(world) ?? []),
    ],
  };
}
