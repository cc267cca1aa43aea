import { existsSync } from 'node:fs';
import path from 'node:path';
import { Construct, type IConstruct } from 'constructs';
import { gzipSync, zipSync } from 'fflate';
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
  zip(): Uint8Array {
    return zipOf({ 'index.js': bundle(this.#entry) });
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
  gzip(): Uint8Array {
    const { entry, threads = {} } = this.#props;
    const texts = Object.entries(threads).map(([name, file]) => [
      name,
      canonicalJson(new TextDecoder().decode(bundle(file))).trimEnd(),
    ]);
    return gzipSync(bundle(entry, Object.fromEntries(texts)), { level: 9, mtime: 0 });
  }
}

/** A file that lies beside a stack's cdk.tf.json, or a module's main.tf.json. */
export interface PackagedFile {
  readonly fileName: string;
  readonly bytes: () => Uint8Array;
}

/** The files of every packaged function and program below `scope`. */
export function packagedFiles(scope: IConstruct): readonly PackagedFile[] {
  return scope.node.findAll().flatMap((construct): readonly PackagedFile[] => {
    if (construct instanceof PackagedFunction) {
      return [{ fileName: construct.fileName, bytes: () => construct.zip() }];
    }
    return construct instanceof PackagedProgram
      ? [{ fileName: construct.fileName, bytes: () => construct.gzip() }]
      : [];
  });
}

/**
 * One CommonJS file with all that `entry` imports, the AWS SDK too: the one in Lambda's runtime changes without notice.
 * Names stay whole, so that a stack trace can be read. esbuild writes paths relative to its working directory: the
 * entry's package, wherever the command runs, and wherever a link leads to which node_modules may be.
 */
export function bundle(entry: string, define: Readonly<Record<string, string>> = {}): Uint8Array {
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
