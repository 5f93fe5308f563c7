import { parse } from 'yaml';

/** Read by programs that accept comments. */
const WITH_COMMENTS =
  /(?:^|\/)(?:[tj]sconfig[^/]*|\.?devcontainer|renovate|\.renovaterc|\.eslintrc|\.?biome|wrangler)\.json$|(?:^|\/)\.(?:vscode|devcontainer|zed)\//;
function lineOf(message: string, text: string): number | null {
  const position = /position (\d+)/.exec(message)?.[1];
  return position === undefined ? null : text.slice(0, Number(position)).split('\n').length;
}

/** Why a text is not JSON, with the line where the parser says one; undefined where it is, or where its readers accept it. */
export function jsonProblem(
  path: string,
  text: string,
): { readonly line: number | null; readonly problem: string } | undefined {
  const bare = text.replace(/^\uFEFF/, '');
  try {
    JSON.parse(bare);
    return undefined;
  } catch (error) {
    if (WITH_COMMENTS.test(path) || isYamlFlow(bare)) return undefined;
    const problem = error instanceof Error ? error.message : 'it is not JSON';
    return { line: lineOf(problem, bare), problem: problem.replace(/ in JSON at.*| \(line.*/s, '') };
  }
}

/** Comments apart, a YAML parser reads what a lenient JSON parser reads. */
function isYamlFlow(text: string): boolean {
  if (!/^\s*\/[/*]/m.test(text)) return false;
  const bare = text.replace(/^\s*\/\/.*$/gm, '').replace(/\/\*.*?\*\//gs, '');
  try {
    parse(bare);
    return true;
  } catch {
    return false;
  }
}

/** Why a file is not YAML: what reading it throws. */
export function yamlProblem(read: () => unknown): { readonly line: number | null; readonly message: string } {
  try {
    read();
  } catch (error) {
    if (error instanceof Error && 'place' in error) {
      const { line } = error.place as { readonly line: number | null };
      return { line, message: error.message.replace(/^not readable as YAML: /, '') };
    }
    throw error;
  }
  return { line: null, message: 'it is no YAML' };
}

/** Where Ansible reads YAML before it fills in any variable. */
const READ_AS_YAML = /(?:^|\/)(?:roles\/[^/]+\/(?:tasks|handlers|vars|defaults|meta)|playbooks|(?:host|group)_vars)\//;
const QUOTED = /"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/g;
/** Marks that no parser takes: a statement, or braces where a value begins. */
const FILLED_IN =
  /\{%|<%|^\s*#\s*jinja|(?<!\$)\{\{-? *(?:if|else|end|range|with|define|template|include|block)\b|(?:^|[[,]|:\s|-\s)[ \t]*["']?\{\{/m;

/** Whether a text is a template: what it makes is YAML or JSON, it itself is not. Braces within a value are no sign of it. */
export function isTemplate(path: string, text: string): boolean {
  const isReadAsYaml = READ_AS_YAML.test(path) && !/template/i.test(path);
  return !isReadAsYaml && FILLED_IN.test(text.replace(QUOTED, withoutClosed));
}

/** Quotes within braces end the text too early: then it is no text, and stays. */
function withoutClosed(quoted: string): string {
  return quoted.lastIndexOf('{{') > quoted.lastIndexOf('}}') ? quoted : '""';
}
