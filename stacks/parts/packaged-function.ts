import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Construct, type IConstruct } from 'constructs';
import { version } from 'esbuild';
import { gzipSync, zipSync } from 'fflate';
import type { Made, Recipe } from './kept-bytes';
import { oneFile } from './one-file';
import { canonicalJson } from './terraform-text';

export interface PackagedFunctionProps {
  /** Absolute path of the TypeScript or JavaScript file that exports `handler`. */
  readonly entry: string;
}

/** The zip of a Lambda function, which lies beside the stack's cdk.tf.json, and beside main.tf.json in a module. */
export class PackagedFunction extends Construct {
  /** Name of the file, without a folder. */
  readonly fileName: string;
  /** For `filename` of aws_lambda_function. */
  readonly path: string;
  /** For `source_code_hash` of aws_lambda_function. */
  readonly hash: string;
  /** For `handler` of aws_lambda_function. */
  readonly handler = 'index.handler';
  readonly #entry: string;

  constructor(scope: Construct, id: string, { entry }: PackagedFunctionProps) {
    super(scope, id);
    this.fileName = `${id}.zip`;
    this.path = `\${path.module}/${this.fileName}`;
    this.hash = `\${filebase64sha256("${this.path}")}`;
    this.#entry = entry;
  }

  /** Bundles and zips: once, when the stack is written. */
  recipe(): Recipe {
    return recipe(`zip ${this.#entry}`, () => {
      const { bytes, inputs } = bundled(this.#entry);
      return { bytes: zipOf({ 'index.js': bytes }), inputs };
    });
  }
}

export interface PackagedProgramProps {
  /** Absolute path of the TypeScript or JavaScript file that is the program. */
  readonly entry: string;
  /**
   * Programs of its threads: by the name of the constant that has the program's text, the file that is the program.
   *
   * @default - none
   */
  readonly threads?: Readonly<Record<string, string>>;
}

/** A gzipped program in one file, which lies where a packaged function's zip lies. */
export class PackagedProgram extends Construct {
  /** Name of the file, without a folder. */
  readonly fileName: string;
  /** For `source` of aws_s3_object. */
  readonly path: string;
  /** SHA-256 of the file in hexadecimal digits, as an expression. */
  readonly sha256: string;
  readonly #props: PackagedProgramProps;

  constructor(scope: Construct, id: string, props: PackagedProgramProps) {
    super(scope, id);
    this.fileName = `${id}.js.gz`;
    this.path = `\${path.module}/${this.fileName}`;
    this.sha256 = `\${filesha256("${this.path}")}`;
    this.#props = props;
  }

  /** Bundles and compresses. Without a time, the same bytes at any time. */
  recipe(): Recipe {
    const { entry, threads = {} } = this.#props;
    return recipe(['gzip', entry, ...Object.entries(threads).flat()].join(' '), () => {
      const bundles = Object.entries(threads).map(([name, file]) => ({ name, ...bundled(file) }));
      const texts = bundles.map(({ name, bytes }) => [name, canonicalJson(new TextDecoder().decode(bytes)).trimEnd()]);
      const { bytes, inputs } = bundled(entry, Object.fromEntries(texts));
      return {
        bytes: gzipSync(bytes, { level: 9, mtime: 0 }),
        inputs: [...inputs, ...bundles.flatMap((thread) => thread.inputs)],
      };
    });
  }
}

/** A file that lies beside a stack's cdk.tf.json, or a module's main.tf.json. */
export interface PackagedFile {
  readonly fileName: string;
  readonly recipe: Recipe;
}

/** The files of every packaged function and program below `scope`. */
export function packagedFiles(scope: IConstruct): readonly PackagedFile[] {
  return scope.node
    .findAll()
    .flatMap((construct): readonly PackagedFile[] =>
      construct instanceof PackagedFunction || construct instanceof PackagedProgram
        ? [{ fileName: construct.fileName, recipe: construct.recipe() }]
        : [],
    );
}

/** What no input of a bundle shows: which bundler and compressor made it, with the options that this file gives them. */
function recipe(name: string, make: () => Made): Recipe {
  const programs = [__filename, path.join(__dirname, 'one-file.ts'), require.resolve('fflate')].map((file) =>
    readFileSync(file, 'utf8'),
  );
  return { name, how: [version, ...programs].join('\n'), make };
}

/**
 * One CommonJS file with all that `entry` imports, the AWS SDK too: the one in Lambda's runtime changes without notice.
 * Names stay whole, so that a stack trace can be read. esbuild writes paths relative to its working directory: the
 * entry's package, wherever the command runs, and wherever a link leads to which node_modules may be.
 */
export function bundle(entry: string, define: Readonly<Record<string, string>> = {}): Uint8Array {
  return bundled(entry, define).bytes;
}

function bundled(entry: string, define: Readonly<Record<string, string>> = {}): Made {
  return oneFile(entry, {
    absWorkingDir: packageRoot(path.dirname(entry)),
    preserveSymlinks: true,
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'eof',
    charset: 'utf8',
    logLevel: 'silent',
    define: { ...define },
  });
}

function packageRoot(folder: string): string {
  const parent = path.dirname(folder);
  return existsSync(path.join(folder, 'package.json')) || parent === folder ? folder : packageRoot(parent);
}

// -rw-r--r-- of a Unix regular file: Lambda's runtime user is not the owner and has to read it.
const UNIX = 3;
const REGULAR_FILE_644 = 0o100644 << 16;

/**
 * The same bytes for the same files, at any time and place. A zip holds local time without a zone: these fields are
 * 1980-01-01 12:00 in whichever zone the machine has.
 */
export function zipOf(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const mtime = new Date(1980, 0, 1, 12);
  return zipSync({ ...files }, { level: 9, mtime, os: UNIX, attrs: REGULAR_FILE_644 });
}
