import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What was made, and of which files. */
export interface Made {
  readonly bytes: Uint8Array;
  /** Absolute paths. */
  readonly inputs: readonly string[];
}

/** What is to be made. */
export interface Recipe {
  /** What is made, however it is made: the next recipe of that name takes the place of this one. */
  readonly name: string;
  /** All that goes into it but files: with another text the bytes are made anew. */
  readonly how: string;
  readonly make: () => Made;
}

/** Where the bytes of a recipe come from. */
export type Keep = (recipe: Recipe) => Uint8Array;

/** Everything is made each time. */
export const keepNothing: Keep = ({ make }) => make().bytes;

/**
 * Keeps in a folder what was made last under each name. It is made anew when a file that went into it has changed, or
 * when a look-up of the bundler might find another file than it did: a name is new or gone in a folder between an input
 * and the root, or in a node_modules there, or a package.json or tsconfig.json has changed. A folder that cannot be
 * written to only costs the time that it would save.
 */
export function keepIn(folder: string): Keep {
  return ({ name, how, make }) => {
    const file = path.join(folder, sha256(name));
    const kept = read(file);
    if (kept !== undefined && kept.how === sha256(how) && traceOf(kept.inputs) === kept.trace) {
      return kept.bytes;
    }
    const began = Date.now();
    const { bytes, inputs } = make();
    if (areOlder(inputs, began - COARSE_MILLISECONDS)) {
      write(file, { how: sha256(how), inputs, bytes });
    }
    return bytes;
  };
}

/** How far the time of a write may be behind the clock: some file systems count in 2 s. */
const COARSE_MILLISECONDS = 2_000;

/** Someone may write while bytes are made of a file: then nobody knows of which of its texts they are. */
function areOlder(files: readonly string[], time: number): boolean {
  return files.every((file) => (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? time) < time);
}

/** What all commands of this project keep, with what else they do: see local/cache-directory.ts. */
export const KEPT = keepIn(path.resolve(__dirname, '../../.overtime/packages'));

interface Kept extends Made {
  readonly how: string;
  readonly trace: string;
}

const END_OF_HEAD = 0x0a;

function read(file: string): Kept | undefined {
  try {
    const content = readFileSync(file);
    const end = content.indexOf(END_OF_HEAD);
    const head = JSON.parse(content.toString('utf8', 0, end)) as Omit<Kept, 'bytes'>;
    return { ...head, bytes: new Uint8Array(content.subarray(end + 1)) };
  } catch {
    return undefined;
  }
}

function write(file: string, { bytes, ...head }: Omit<Kept, 'trace'>): void {
  try {
    const fresh = `${file}.${process.pid}`;
    // Before the trace is taken, which would have the name of a new folder otherwise.
    mkdirSync(path.dirname(file), { recursive: true });
    const trace = traceOf(head.inputs);
    if (trace !== undefined) {
      writeFileSync(fresh, Buffer.concat([Buffer.from(`${JSON.stringify({ ...head, trace })}\n`), bytes]));
      // At once: another process may read it meanwhile.
      renameSync(fresh, file);
    }
  } catch {
    // The bytes are there, and the next command makes them again.
  }
}

/** A hash of the files and of what a look-up for them may have met; `undefined` where a file is gone. */
function traceOf(inputs: readonly string[]): string | undefined {
  const folders = [...new Set(inputs.map((input) => path.dirname(input)))];
  const top = folders.reduce(commonFolder);
  const hash = createHash('sha256');
  try {
    for (const input of inputs) {
      hash.update(`${input}\n`).update(readFileSync(input));
    }
    for (const folder of new Set(folders.flatMap(withParents))) {
      hash.update(`${folder}\n${namesMet(folder, isWithin(folder, top)).join('\n')}\n`);
    }
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}

function withParents(folder: string): readonly string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...withParents(parent)];
}

function isWithin(folder: string, top: string): boolean {
  return withParents(folder).includes(top);
}

function commonFolder(one: string, other: string): string {
  return isWithin(other, one) ? one : commonFolder(path.dirname(one), other);
}

/** The bundler reads them of itself, and names neither among its inputs. */
const SETTINGS = ['package.json', 'tsconfig.json'];

/** What changes a look-up that passes through a folder: above all inputs that is only a package's. */
function namesMet(folder: string, mayHoldSources: boolean): readonly string[] {
  const names = readdirSync(folder).sort();
  const settings = SETTINGS.filter((name) => names.includes(name)).map((name) =>
    readFileSync(path.join(folder, name), 'utf8'),
  );
  const packages = names.includes('node_modules') ? packagesIn(path.join(folder, 'node_modules')) : [];
  return [...settings, ...packages, ...(mayHoldSources ? names.filter(isMet) : [])];
}

/** A source, or a folder that may hold one: an import means no file of another kind. */
function isMet(name: string): boolean {
  return /^(?:[^.]+|.+\.(?:[cm]?[jt]sx?|json))$/.test(name);
}

function packagesIn(nodeModules: string): readonly string[] {
  return readdirSync(nodeModules)
    .filter((name) => !name.startsWith('.'))
    .sort()
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(path.join(nodeModules, name)).map((inner) => `${name}/${inner}`) : [name],
    );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
