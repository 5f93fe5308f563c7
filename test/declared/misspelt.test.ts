import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMap, isPair, isScalar, LineCounter, type ParsedNode, parseDocument, visit } from 'yaml';
import { auditDeclared, gateInWords } from './declared-repo.ts';

/** Every word that a gate file knows, but those that one of the others rules out. */
const GATE_FILE = `include: more/*.yaml
lane: home
data:
  host:
    files: hosts.yaml
    except: old.yaml
    each: hosts[]
    key: name
  port:
    files: ports.csv
    format: csv
    columns: [host, port]
    delimiter: ","
    comment: "#"
  word:
    files: notes.md
    rows: '(?P<word>\\w+)'
  archive:
    facts: backups
    key: vmid
gates:
  - id: hosts-have-an-owner
    each: host
    when: row.name != "x"
    must: row.owner != null
    say: "{row.name} has no owner"
    why: nobody is asked
    fix: write one
    severity: high
    lane: people
    owner: ann
    min: 1
  - id: names-are-unique
    unique: host.name
    per: row.owner
    fold: lower
    when: row.name != null
  - id: ports-are-of-hosts
    in: port.host
    of: host.name
    same: false
  - id: networks-are-apart
    disjoint: host.network
  - id: notes-are-clean
    text: "*.md"
    skip: old.md
    forbid: TODO
    require: note
    except: later
  - id: there-are-notes
    files: "*.md"
    except: old.md
    allow: "*.md"
    require: notes.md
  - id: hosts-are-as-said
    each: host
    schema:
      required: [name]
`;

const FILES = {
  'hosts.yaml': 'hosts:\n  - { name: web, owner: ann, network: 10.0.0.0/24 }\n',
  'ports.csv': 'web,443\n',
  'notes.md': 'a note\n',
};

interface Key {
  readonly word: string;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** Every key that has a meaning: names of tables are free, and so is what a JSON Schema holds. */
function keysIn(text: string): readonly Key[] {
  const lines = new LineCounter();
  const keys: Key[] = [];
  visit(parseDocument(text, { lineCounter: lines }), {
    Pair(_, { key, value }, path) {
      const offset = isScalar(key) ? (key as ParsedNode).range?.[0] : undefined;
      if (offset === undefined || !isScalar(key)) return undefined;
      const above = path.findLast((node) => isPair(node));
      const isTable = isPair(above) && isScalar(above.key) && above.key.value === 'data';
      const { line, col } = lines.linePos(offset);
      if (!isTable) keys.push({ word: String(key.value), offset, line, column: col });
      return key.value === 'schema' && isMap(value) ? visit.SKIP : undefined;
    },
  });
  return keys;
}

const KEYS = keysIn(GATE_FILE);
const WORDS = new Set(KEYS.map(({ word }) => word));

/** A slip of the finger: a letter lost, doubled, or swapped with the next. */
function misspelt(word: string, at: number, slip: 'lost' | 'doubled' | 'swapped'): string {
  const [before, letter = '', after] = [word.slice(0, at), word[at], word.slice(at + 1)];
  if (slip === 'lost') return before + after;
  if (slip === 'doubled') return before + letter + letter + after;
  return before + after.slice(0, 1) + letter + after.slice(1);
}

async function audited(text: string) {
  const { report } = await auditDeclared({ ...FILES, 'lanekeeper.yaml': text, 'more/x.yaml': 'gates: []\n' });
  return report;
}

test('the file is right as it stands', async () => {
  const report = await audited(GATE_FILE);
  expect(report.problems ?? []).toEqual([{ path: 'more/x.yaml', line: 1, column: 8, message: 'is empty' }]);
  expect(report.gates.map(gateInWords).filter((line) => !line.endsWith(' pass'))).toEqual([]);
});

describe('any key that is misspelt is one mistake, at the key, with what was meant; and no gate fails', () => {
  test.each(KEYS.map((key) => [`${key.word} at ${key.line}:${key.column}`, key] as const))('%s', async (_, key) => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(key.word.length - 1),
        fc.constantFrom('lost' as const, 'doubled' as const, 'swapped' as const),
        async (at, slip) => {
          const wrong = misspelt(key.word, at, slip);
          fc.pre(wrong !== '' && !WORDS.has(wrong));
          const text = GATE_FILE.slice(0, key.offset) + wrong + GATE_FILE.slice(key.offset + key.word.length);
          const { problems = [], gates, complete } = await audited(text);
          const [first, ...others] = problems.filter(({ path }) => path === 'lanekeeper.yaml');
          expect(others, text).toEqual([]);
          expect(first).toMatchObject({ line: key.line, column: key.column });
          expect(first?.message).toMatch(
            new RegExp(`^\`${wrong}\` means nothing here: (?:did you mean|the words here are)`),
          );
          if (key.word.length > 3) expect(first?.message).toContain(`\`${key.word}\``);
          expect(complete).toBe(false);
          expect(gates.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
        },
      ),
      { numRuns: 6 },
    );
  });
});
