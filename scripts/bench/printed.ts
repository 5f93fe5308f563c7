/** What must hold on any machine, whether it does, and by which figures. */
export type Claim = readonly [claim: string, isSo: boolean, figures: string];

/** Prints two columns. */
export function printRows(rows: readonly (readonly [string, string])[]): void {
  const width = Math.max(...rows.map(([what]) => what.length));
  for (const [what, said] of rows) console.log(`  ${what.padEnd(width)}  ${said}`);
}

/** Prints them; gives whether all of them hold. */
export function printClaims(claims: readonly Claim[]): boolean {
  console.log('\nWhat must hold on any machine');
  printRows(claims.map(([what, isSo, figures]) => [`${isSo ? 'yes' : 'NO '}  ${what}`, figures]));
  return claims.every(([, isSo]) => isSo);
}
