// FNV-1a: two multiplications a character are enough to spread ids, and 10,000 of them are hashed between two slots.
const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

function hash(text: string): number {
  let value = OFFSET;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), PRIME);
  }
  // FNV leaves texts that differ at their end alone close together.
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/**
 * Rendezvous hashing: each member has a score for the key, and the highest comes first. When a member goes, only its own
 * keys move, and they spread over all that are left.
 *
 * @returns how many members stand before `self`
 */
export function standsBefore(key: string, self: string, members: readonly string[]): number {
  const own = hash(`${self} ${key}`);
  return members.filter((member) => {
    const other = hash(`${member} ${key}`);
    return other > own || (other === own && member < self);
  }).length;
}
