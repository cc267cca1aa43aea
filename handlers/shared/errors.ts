/**
 * An error whose `name` is its code. Lambda puts an error's name into `errorType`, so that callers, Step Functions'
 * `ErrorEquals` and tests all see the code. Each cause has a class of its own that extends this one.
 */
export abstract class CodedError extends Error {
  abstract readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = code;
  }
}
