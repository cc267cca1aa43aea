import type { FunctionDescription } from './function-description';
import type { ImageFunction } from './sidecar/image-function';

/** What is known of a function once it has been fetched: of a zip all that there is, of a container image that it is. */
export type FetchedFunction = FunctionDescription | ImageFunction;
