/** The types that Lambda's Node.js runtime gives to its own errors. */
export type RuntimeErrorType =
  | 'Runtime.HandlerNotFound'
  | 'Runtime.MalformedHandlerName'
  | 'Runtime.ImportModuleError'
  | 'Runtime.UserCodeSyntaxError'
  | 'Runtime.CallbackHandlerDeprecated'
  | 'Runtime.InvalidStreamingOperation'
  | 'Runtime.MalformedStreamingHandler'
  | 'Runtime.NodeJsExit'
  | 'Runtime.UnhandledPromiseRejection';

export class RuntimeError extends Error {
  constructor(type: RuntimeErrorType, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = type;
  }
}

/** An error as the Node.js runtime posts it. */
export interface PostedError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** What is said of an error whose own properties throw. */
const UNREADABLE: PostedError = {
  errorType: 'handled',
  errorMessage: 'The handler failed with an error whose name, message or stack cannot be read.',
  trace: [],
};

/** Whatever was thrown, in the form that is posted. A value that is no error goes by its type and its text. */
export function postedError(thrown: unknown): PostedError {
  try {
    if (isErrorLike(thrown)) {
      return {
        errorType: String(thrown.name),
        errorMessage: String(thrown.message),
        trace: typeof thrown.stack === 'string' ? thrown.stack.split('\n') : [],
      };
    }
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  } catch {
    return UNREADABLE;
  }
}

// An error of another realm, from node:vm for one, is no instance of this realm's Error.
function isErrorLike(value: unknown): value is { name: unknown; message: unknown; stack: unknown } {
  return (
    value instanceof Error ||
    (typeof value === 'object' && value !== null && 'name' in value && 'message' in value && 'stack' in value)
  );
}
