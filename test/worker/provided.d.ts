import 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    githubUrl: string;
    githubToken: string;
    head: string;
  }
}
