const MINUTE = 60_000;
const MINUTE_CHARACTERS = 'yyyy-mm-ddThh:mm'.length;

/** The minutes from an instant to another, both included, as the index of changes names them: 2026-11-27T11:40. */
export function minutesBetween(from: number, until: number): readonly string[] {
  const first = Math.floor(from / MINUTE);
  const last = Math.floor(until / MINUTE);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    new Date((first + index) * MINUTE).toISOString().slice(0, MINUTE_CHARACTERS),
  );
}
