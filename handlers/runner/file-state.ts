import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import type { FileState } from './runtime-command';

/** Machines by their number in a program's header: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html */
const ELF_MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };
const ELF_MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
const ELF_MACHINE_OFFSET = 18;

/** Whether there is a file at `file`, and whether it can be executed here: `architecture` is as in process.arch. */
export function fileState(file: string, architecture: string): FileState {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    return 'absent';
  }
  try {
    accessSync(file, constants.X_OK);
  } catch {
    return 'not-executable';
  }
  return isForOtherMachine(file, architecture) ? 'other-architecture' : 'executable';
}

// The system would not say so: it has a shell read what is no program of this machine.
function isForOtherMachine(file: string, architecture: string): boolean {
  const header = Buffer.alloc(ELF_MACHINE_OFFSET + 2);
  const descriptor = openSync(file, 'r');
  try {
    const length = readSync(descriptor, header);
    const isElf = length === header.byteLength && header.subarray(0, ELF_MAGIC.byteLength).equals(ELF_MAGIC);
    return isElf && header.readUInt16LE(ELF_MACHINE_OFFSET) !== ELF_MACHINES[architecture];
  } finally {
    closeSync(descriptor);
  }
}
