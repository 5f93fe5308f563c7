import type { TextFile } from './text-file.ts';

/** Files as they were read and parsed, for those who judge many states of one repository. A null id is a file that nobody can tell from others. */
export interface FileCache {
  get(id: string | null): TextFile | undefined;
  put(id: string | null, file: TextFile): void;
}

/** A cache of so many characters of text; what was used longest ago goes first. A parsed file takes some forty times its text. */
export function createFileCache(limit: number): FileCache {
  const files = new Map<string, TextFile>();
  let held = 0;
  return {
    get(id) {
      const file = id === null ? undefined : files.get(id);
      if (id === null || !file) return undefined;
      files.delete(id);
      files.set(id, file);
      return file;
    },
    put(id, file) {
      if (id === null) return;
      held += file.text.length - (files.get(id)?.text.length ?? 0);
      files.set(id, file);
      for (const [oldest, { text }] of files) {
        if (held <= limit) return;
        files.delete(oldest);
        held -= text.length;
      }
    },
  };
}
