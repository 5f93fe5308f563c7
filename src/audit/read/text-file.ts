import { createMeter } from '../../core/meter.ts';
import type { TextLine } from '../../core/repo.ts';
import { parseSource, type YamlFault, type YamlFile } from '../../core/yaml/source.ts';
import { documentsOf, type YamlValue } from '../../core/yaml/value.ts';

/** What was made of a text so far. It takes many times the text's memory. */
interface Parsed {
  lines?: readonly TextLine[];
  /** The text between its line breaks. */
  pieces?: readonly string[];
  yaml?: YamlFile | YamlFault;
  documents?: readonly YamlValue[];
}

/** A file's text. Its lines and its YAML are made when somebody asks for them, and kept until `letGo`. */
export class TextFile {
  readonly text: string;
  readonly #repo: string;
  readonly #path: string;
  readonly #isUtf8: boolean;
  #parsed: Parsed = {};
  #wasYaml = false;

  constructor({ text, isUtf8 }: { readonly text: string; readonly isUtf8: boolean }, repo: string, path: string) {
    this.text = text;
    this.#isUtf8 = isUtf8;
    this.#repo = repo;
    this.#path = path;
  }

  /** Whether somebody took it for YAML, or its name says so. */
  get isYaml(): boolean {
    return this.#wasYaml || /\.ya?ml$/i.test(this.#path);
  }

  get lines(): readonly TextLine[] {
    this.#parsed.lines ??= splitLines(this.text, this.#repo, this.#path);
    return this.#parsed.lines;
  }

  /** So many of the first lines. They are not kept: it takes little to make them again. */
  firstLines(most: number): readonly TextLine[] {
    return this.#parsed.lines?.slice(0, most) ?? splitLines(this.text, this.#repo, this.#path, most);
  }

  /** The line of that number, from 1; undefined where the file has fewer. */
  line(number: number): string | undefined {
    this.#parsed.pieces ??= this.text.split('\n');
    return this.#parsed.pieces[number - 1];
  }

  get yaml(): YamlFile | YamlFault {
    const { text } = this;
    if (!this.#isUtf8) return { message: 'it is not UTF-8', line: text.split('\uFFFD', 1).join().split('\n').length };
    this.#wasYaml = true;
    this.#parsed.yaml ??= parseSource(text, this.#repo, this.#path);
    return this.#parsed.yaml;
  }

  /** Its YAML documents; none where it is no YAML. */
  get documents(): readonly YamlValue[] {
    const { yaml } = this;
    if ('message' in yaml) return [];
    this.#parsed.documents ??= documentsOf(yaml, createMeter());
    return this.#parsed.documents;
  }

  /** Forgets everything but the text. Who asks again has it made again. */
  letGo(): void {
    this.#parsed = {};
  }
}

function splitLines(text: string, repo: string, path: string, most = Number.POSITIVE_INFINITY): readonly TextLine[] {
  const parts = most < text.length ? text.split('\n', most + 1) : text.split('\n');
  // Of a file that goes on the last part is one line too many, of any other what stands behind its last line break.
  if (parts.length > most || parts.at(-1) === '') parts.pop();
  return parts.map((line, index) => ({ text: line, number: index + 1, place: { repo, path, line: index + 1 } }));
}
