import type { z } from 'zod';

/** What a schema admits, as data that nobody changes: for everything that is stored, the schema is the only definition. */
export type Kept<Schema extends z.ZodType> = Unchanging<z.infer<Schema>>;

type Unchanging<T> = T extends object ? { readonly [Key in keyof T]: Unchanging<T[Key]> } : T;
