import { bundledPython } from './bundled-python.ts';
import { offerPython } from './open-target.ts';

/**
 * The same Worker, which gives Python to the scripts that ask for it: `main` in wrangler.toml says which of the two is deployed.
 * It is larger by CPython and its library, and audits with such scripts need more memory.
 */
offerPython(bundledPython);

export { default, TargetCoordinator } from './worker.ts';
