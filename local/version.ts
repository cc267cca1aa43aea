/** Whether a version such as "1.11.4" is `oldest` or newer, by its numbers; a part that is left out is 0. */
export function isAtLeast(version: string, oldest: string): boolean {
  const [have, want] = [version.split('.').map(Number), oldest.split('.').map(Number)];
  const different = want.findIndex((part, index) => (have[index] ?? 0) !== part);
  return different === -1 || (have[different] ?? 0) > (want[different] ?? 0);
}
