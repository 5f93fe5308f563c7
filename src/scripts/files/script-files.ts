import type { Changes } from '../git/checkout.ts';
import type { FileStat, FileSystem, MakingFolder } from '../shell/file-system.ts';
import type { Mount } from './access.ts';
import { changesIn } from './changes.ts';
import { type Disk, NotFetched } from './disk.ts';

/** A disk for those who can wait: what is not here yet is fetched, and then asked for again. */
export class ScriptFiles implements FileSystem {
  readonly #disk: Disk;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  stat(path: string, follow = true, isAsking = true): Promise<FileStat | null> {
    return whenFetched(() => this.#disk.stat(path, follow, isAsking));
  }

  read(path: string): Promise<string | null> {
    return whenFetched(() => this.#disk.read(path));
  }

  list(path: string): Promise<readonly string[] | null> {
    return whenFetched(() => this.#disk.list(path));
  }

  scan(path: string): Promise<readonly string[] | null> {
    return whenFetched(() => this.#disk.scan(path));
  }

  readLink(path: string): Promise<string | null> {
    return whenFetched(() => this.#disk.readLink(path));
  }

  realPath(path: string): Promise<string | null> {
    return whenFetched(() => this.#disk.realPath(path));
  }

  open(path: string, append: boolean): Promise<{ write(text: string): void } | { readonly fault: string }> {
    return whenFetched(() => this.#disk.open(path, append));
  }

  seal(path: string, what: string): Promise<string | null> {
    return whenFetched(() => this.#disk.seal(path, what));
  }

  makeFolder(path: string, how?: MakingFolder): Promise<string | null> {
    return whenFetched(() => this.#disk.makeFolder(path, how));
  }

  remove(path: string): Promise<string | null> {
    return whenFetched(() => this.#disk.remove(path));
  }

  chmod(path: string, mode: number): Promise<string | null> {
    return whenFetched(() => this.#disk.chmod(path, mode));
  }

  link(target: string, path: string): Promise<string | null> {
    return whenFetched(() => this.#disk.link(target, path));
  }

  changesIn(mount: Mount): Promise<Changes> {
    return whenFetched(() => changesIn(mount, this.#disk.written(mount)));
  }
}

async function whenFetched<Answer>(ask: () => Answer): Promise<Answer> {
  for (;;) {
    try {
      return ask();
    } catch (error) {
      if (!(error instanceof NotFetched)) throw error;
      await error.tree.fetch(error.path);
    }
  }
}
