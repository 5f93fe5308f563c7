import { defineBasicsGate, isElsewhere, matching, textOr } from '../lib/basics/define.ts';
import { isTemplate, jsonProblem, yamlProblem } from '../lib/basics/syntax.ts';

/** HCL, as HashiCorp's tools read it from any file. */
const OTHER_CONFIGURATION = /^\s*[a-z_]+ *= *["\d[{]/;
/** More than anybody writes by hand; a parser takes seconds for it. */
const MOST_CHARACTERS = 4_000_000;

/** Hidden YAML configures CI and hooks; hidden JSON is read by programs that forgive. */
const PATTERNS = ['**/*.yaml', '**/*.yml', '**/.*.yaml', '**/.*.yml', '**/*.json'];

export default defineBasicsGate({
  name: 'yaml-and-json-parse',
  number: 'B1',
  about: 'YAML or JSON files',
  severity: 'high',
  why: 'A file that does not parse is not read: the workflow does not start, the stack is not updated, and usually nobody is told.',
  fix: 'Correct the file at the line that is named.',
  limits: 'Templates, encrypted files, fixtures and third-party folders are left out.',
  reads: PATTERNS,

  rules: {
    'yaml-parses': '{file} is not readable as YAML: {problem}.',
    'json-parses': '{file} is not readable as JSON: {problem}.',
  },

  files: (repo) =>
    matching(repo, PATTERNS).filter((path) => !/(?:^|\/)templates?\/|\{\{|-lock\.(?:ya?ml|json)$/.test(path)),

  *check(files, report, { repo }) {
    let left = MOST_CHARACTERS;
    for (const path of files) {
      const text = textOr(repo, path);
      if (typeof text !== 'string') {
        // What is encrypted is nobody's YAML until it is opened.
        if (!text.blind.includes('it is encrypted with ') && !isElsewhere(text)) yield text;
        continue;
      }
      left -= text.length;
      if (left < 0) {
        yield {
          unverified: `${path} and what follows it: there is more than ${MOST_CHARACTERS / 1_000_000} MB to parse`,
        };
        return;
      }
      const { place } = repo.at(path);
      if (path.endsWith('.json')) {
        const found = jsonProblem(path, text);
        if (!found || isTemplate(path, text) || OTHER_CONFIGURATION.test(text)) continue;
        yield report(
          'json-parses',
          path,
          { place: { ...place, line: found.line } },
          { file: path, problem: found.problem },
        );
      } else if (!repo.isYaml(path)) {
        if (isTemplate(path, text)) continue;
        const { line, message } = yamlProblem(() => repo.yamlDocuments(path));
        yield report('yaml-parses', path, { place: { ...place, line } }, { file: path, problem: message });
      }
    }
  },

  examples: {
    pass: [
      { title: 'both parse', files: { 'a.yaml': 'a: 1\n---\nb: !vault x\n', 'b.json': '{ "a": [1] }' } },
      {
        title: 'a template is left to what fills it',
        files: { 'a.yaml': '{{ range .x }}\na: [\n', 'b.yaml': 'a: 1\n' },
      },
      {
        title: 'a file that is encrypted',
        files: { 'a.yaml': 'a: 1\n', 'vault.yml': '$ANSIBLE_VAULT;1.1;AES256\n6162\n' },
      },
      { title: 'a configuration of Consul in a file of any name', files: { 'base.json': 'wait = "10s"\n' } },
      { title: 'a configuration with comments', files: { 'tsconfig.json': '{ // ours\n "a": 1, }' } },
    ],
    fail: [
      { title: 'a bracket is missing', files: { 'a.yaml': 'a: [1\n' }, finds: ['yaml-parses a.yaml'] },
      { title: 'in a hidden file', files: { '.ci.yml': 'a: [1\n' }, finds: ['yaml-parses .ci.yml'] },
      { title: 'a comma too many', files: { 'b.json': '{ "a": 1, }' }, finds: ['json-parses b.json'] },
    ],
  },
});
