/** The same properties, those that may be undefined as optional ones. */
type Defined<T> = { readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** An object without the properties that are undefined: what is absent is not written down. */
export function defined<T extends object>(object: T): Defined<T> {
  // The type says what the filter does, which the compiler cannot see.
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Defined<T>;
}
