import 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    githubUrl: string;
    githubToken: string;
    head: string;
    /** Where tests may commit to `you/reporting` and ask for tokens of Actions. */
    stageUrl: string;
    reportingHead: string;
  }
}
