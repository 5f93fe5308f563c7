import { z } from 'zod';
import { ConfigError } from './targets.ts';

const Settings = z
  .object({
    GITHUB_API_URL: z.url().default('https://api.github.com'),
    GITHUB_WEB_URL: z.url().default('https://github.com'),
    DASHBOARD_URL: z.url().optional(),
    GITHUB_TOKEN: z.string().min(1).optional(),
    GITHUB_APP_ID: z.string().regex(/^\S+$/).optional(),
    GITHUB_APP_PRIVATE_KEY: z.string().includes('PRIVATE KEY').optional(),
    WEBHOOK_SECRET: z.string().min(16, 'is shorter than 16 characters').optional(),
    /** What the results key of each target is made from. */
    RESULTS_SECRET: z.string().min(16, 'is shorter than 16 characters').optional(),
    DASHBOARD_TOKEN: z.string().min(16, 'is shorter than 16 characters').regex(/^\S+$/, 'contains spaces').optional(),
    /** Issues, comments and edits a minute; GitHub allows 80. */
    WRITES_PER_MINUTE: z.coerce.number().int().min(1).max(80).optional(),
    /** Who signs the tokens of workflows; another one than github.com's for GitHub Enterprise. */
    ACTIONS_ISSUER: z.url().optional(),
    ACCESS_TEAM_DOMAIN: z.string().optional(),
    ACCESS_AUDIENCE: z.string().optional(),
  })
  .refine(({ GITHUB_APP_ID, GITHUB_APP_PRIVATE_KEY }) => !GITHUB_APP_ID === !GITHUB_APP_PRIVATE_KEY, {
    message: 'a GitHub App needs both GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY',
  })
  .refine(({ ACCESS_TEAM_DOMAIN, ACCESS_AUDIENCE }) => !ACCESS_TEAM_DOMAIN === !ACCESS_AUDIENCE, {
    message: 'Cloudflare Access needs both ACCESS_TEAM_DOMAIN and ACCESS_AUDIENCE',
  })
  .refine(({ GITHUB_TOKEN, GITHUB_APP_ID }) => GITHUB_TOKEN !== undefined || GITHUB_APP_ID !== undefined, {
    message: 'no credentials: set the secrets GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY, or GITHUB_TOKEN',
  });
export type Settings = z.infer<typeof Settings>;

/** Reads the Worker's variables and secrets; empty ones count as absent. Throws `ConfigError` naming every mistake, never a value. */
export function parseSettings(environment: Readonly<Record<string, unknown>>): Settings {
  const given = Object.entries(environment).filter(([, value]) => typeof value === 'string' && value !== '');
  const parsed = Settings.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  );
  throw new ConfigError(`Worker settings:\n${mistakes.join('\n')}`);
}
