import { readFile } from 'node:fs/promises';
import { parseSettings, type Settings } from '../../src/config/settings.ts';
import { ConfigError } from '../../src/config/targets.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The Worker's settings as the environment of one command holds them; a key may be a file.
 * Undefined where no credentials are given. Throws `ConfigError`, never with a value in it.
 */
export async function readSettings(environment: Environment): Promise<Settings | undefined> {
  const { GITHUB_TOKEN, GITHUB_APP_ID, GITHUB_APP_PRIVATE_KEY_FILE: file } = environment;
  if (!GITHUB_TOKEN && !GITHUB_APP_ID) return undefined;
  return parseSettings({ ...environment, ...(file ? { GITHUB_APP_PRIVATE_KEY: await readKey(file) } : {}) });
}

async function readKey(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(`GITHUB_APP_PRIVATE_KEY_FILE: ${cause instanceof Error ? cause.message : cause}`);
  }
}
