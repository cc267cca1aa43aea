/** The behaviours that each function of the tests has. */
export type CaseHandler = 'answers' | 'fails' | 'crashes' | 'hangs' | 'prints_much';

/** A program that speaks the Runtime API for a function, as AWS's base images hold it or as users write it. */
export interface RuntimeClient {
  /** A runtime of Lambda, as AWS names it to people. */
  readonly runtime: string;
  readonly client: string;
  /** The version that the tests pin; `undefined` for what lies in this repository. */
  readonly version: string | undefined;
  /** Programs on the PATH without which it cannot be built here. */
  readonly programs: readonly string[];
  /** Fetches and compiles what is not there yet; small files of this run alone go into `folder`. */
  readonly provide: (folder: string) => Promise<ProvidedClient>;
  /** The function's handler for a behaviour. @default - `app.BEHAVIOUR` */
  readonly handlerName?: (handler: CaseHandler) => string;
  /** What the error type that the function names becomes in this language. @default - the name as it is */
  readonly errorType?: (name: string) => string;
  /** The exit status of a program that ends at the start without telling Lambda why. @default - it tells */
  readonly startExitStatus?: number;
}

export interface ProvidedClient {
  /** `Runtime` of the function's configuration. */
  readonly runtime: string;
  readonly package: Uint8Array;
  readonly layer: Uint8Array;
  /** For the runner, over its usual one. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A client that cannot be had where the tests run: there AWS's image alone carries it. */
export interface UnreachableClient {
  readonly runtime: string;
  readonly client: string;
}
