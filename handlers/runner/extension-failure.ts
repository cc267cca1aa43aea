/** An extension ended while its function was not done, and took the runtime with it, as in Lambda. */
export interface ExtensionFailure {
  readonly kind: 'extension-failed';
  /** File name of the extension. */
  readonly name: string;
  readonly errorType: 'Extension.LaunchError' | 'Extension.InitError' | 'Extension.ExitError' | 'Extension.Crash';
  /** How it ended, in Lambda's words where it has any. */
  readonly text: string;
}
