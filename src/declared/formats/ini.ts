import type { Datum, FormatFault } from './datum.ts';

const SECTION = /^\s*\[([^\]]*)\]\s*$/;

/**
 * A map of sections, each a map of keys to lists: systemd units and quadlets repeat keys, so every key holds all of its values.
 * A line without `=` is a key without values (an Ansible inventory's host). A `\` at the end of a line joins the next one. What stands before any section is in the section ``.
 */
export function parseIniData(text: string): readonly Datum[] | FormatFault {
  const sections = new Map<string, Datum & { readonly value: Map<string, Datum & { readonly value: Datum[] }> }>();
  let current = '';
  for (const { content, offset } of joinedLines(text)) {
    if (/^\s*(?:[#;]|$)/.test(content)) continue;
    const name = SECTION.exec(content)?.[1];
    if (name !== undefined) current = name;
    const section = sections.get(current) ?? { offset, value: new Map() };
    sections.set(current, section);
    if (name !== undefined) continue;
    const { indent, key, value } = entryOf(content);
    const entry = section.value.get(key) ?? { offset: offset + indent, value: [] };
    section.value.set(key, entry);
    if (value !== undefined) entry.value.push({ offset: offset + indent, value });
  }
  return [{ offset: 0, value: sections }];
}

/** A line's key and value, with where the key begins. A pattern would take for ever for a line of blanks. */
function entryOf(line: string): { readonly indent: number; readonly key: string; readonly value?: string } {
  const indent = line.length - line.trimStart().length;
  const separator = line.indexOf('=');
  const key = line.slice(0, Math.max(0, separator)).trim();
  return key === '' ? { indent, key: line.trim() } : { indent, key, value: line.slice(separator + 1).trim() };
}

function* joinedLines(text: string): Generator<{ readonly content: string; readonly offset: number }> {
  let [content, offset, next] = ['', 0, 0];
  for (const line of text.split('\n')) {
    const bare = line.replace(/\r$/, '');
    const isComment = /^\s*[#;]/.test(bare);
    if (content === '') offset = next;
    next += line.length + 1;
    if (bare.endsWith('\\') && !isComment) {
      content += `${bare.slice(0, -1)} `;
      continue;
    }
    yield { content: content + bare, offset };
    content = '';
  }
  if (content !== '') yield { content, offset };
}
