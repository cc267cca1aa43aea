/** Sets of whole numbers from 0 to 31 as the bits of one number. */

export function bitsOf(values: readonly number[]): number {
  return values.reduce((bits, value) => bits | (1 << value), 0);
}

/** The smallest member that is not below `from` (0 to 31), or -1. */
export function nextBit(bits: number, from: number): number {
  const left = bits & (-1 << from);
  return left === 0 ? -1 : 31 - Math.clz32(left & -left);
}
