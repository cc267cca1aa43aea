import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ReportedError } from '../../shared/run';
import type { Answer, Exchange } from './exchange';
import type { Extensions } from './extensions';

/** What extensions hear of the function that they belong to. */
export interface FunctionIdentity {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly handler: string;
  /** '' where the function's ARN names none. */
  readonly accountId: string;
}

/** An extension gave up, and said so. */
export interface ExtensionReport {
  readonly name: string;
  readonly errorType: 'Extension.InitError' | 'Extension.ExitError';
  /** In the extension's own words, such as `Fatal.ConnectFailed`. */
  readonly reason: string;
}

/** Hears what the runtime and its extensions do; each is called as it happens. */
export interface ApiListener {
  /** The runtime and all of its extensions wait for work. */
  readonly onReady: () => void;
  readonly onInitError: (error: ReportedError) => void;
  readonly onAnswer: (answer: Answer) => void;
  /** A streamed answer broke off: its sender is gone. */
  readonly onTruncated: () => void;
  /** Every program among the extensions has registered: the runtime may start. */
  readonly onExtensionsRegistered: () => void;
  readonly onExtensionError: (report: ExtensionReport) => void;
}

/** What the endpoints share: the two conversations, and who hears of them. */
export interface Session {
  readonly exchange: Exchange;
  readonly extensions: Extensions;
  readonly identity: FunctionIdentity;
  readonly responseLimitBytes: number;
  readonly listener: ApiListener;
}

/** One request. */
export interface Call {
  readonly session: Session;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

/** Says so when the runtime and all of its extensions wait for work. */
export function notifyIfReady({ exchange, extensions, listener }: Session): void {
  if (exchange.isReady && extensions.areReady) {
    listener.onReady();
  }
}
