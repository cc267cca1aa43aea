/** What every client of a delivery is made with; the clients read AWS_ENDPOINT_URL and its like themselves. */
export interface ClientOptions {
  readonly region: string;
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: boolean;
  };
}

/** Sends one heartbeat. */
export type Heartbeat = (signal: AbortSignal) => Promise<void>;
