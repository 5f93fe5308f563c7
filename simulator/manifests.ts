/** One-time codes of the App manifest flow: GitHub gives one after the owner confirmed the manifest. */
import type { Permissions } from './permissions.ts';

export interface Manifest {
  name: string;
  owner: string;
  permissions?: Permissions;
}

export interface ManifestCodes {
  /** What GitHub does when the owner confirms: a code that can be exchanged once, within an hour. */
  issue(manifest: Manifest): string;
  take(code: string): Manifest | undefined;
}

export function createManifestCodes(now: () => Date): ManifestCodes {
  const codes = new Map<string, { manifest: Manifest; expiresAt: number }>();
  let issued = 0;
  return {
    issue(manifest) {
      issued += 1;
      const code = `code-${issued}`;
      codes.set(code, { manifest, expiresAt: now().getTime() + 3_600_000 });
      return code;
    },
    take(code) {
      const found = codes.get(code);
      codes.delete(code);
      return found !== undefined && found.expiresAt > now().getTime() ? found.manifest : undefined;
    },
  };
}
