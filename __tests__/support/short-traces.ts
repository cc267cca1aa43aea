import { isNativeError } from 'node:util/types';

// CDKTF takes a stack trace for each token that it makes, and nobody reads them. To find the lines of sources in them,
// as jest does in every trace, takes longer than to make all tokens. It takes them of a bare object: errors keep theirs.
const prepare = Error.prepareStackTrace;
Error.prepareStackTrace = (error, frames) =>
  isNativeError(error) && prepare !== undefined ? prepare(error, frames) : String(error);
