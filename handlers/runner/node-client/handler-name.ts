import path from 'node:path';
import { RuntimeError } from './errors';

/** A function's handler setting, taken apart. */
export interface HandlerName {
  /** Folder of the module, from the task root; '' for the task root itself. */
  readonly folder: string;
  readonly module: string;
  /** Names from the module's exports down to the function. */
  readonly exportPath: readonly string[];
}

/**
 * Takes `folder/module.export.nested` apart: the module's name ends at the first dot of the last part of the path.
 *
 * @throws {RuntimeError} Runtime.MalformedHandlerName
 */
export function parseHandlerName(handler: string): HandlerName {
  if (handler.includes('..')) {
    throw new RuntimeError(
      'Runtime.MalformedHandlerName',
      `'${handler}' is not a valid handler name: it may not hold '..'.`,
    );
  }
  const last = path.posix.basename(handler);
  const dot = last.indexOf('.');
  if (dot === -1) {
    throw new RuntimeError('Runtime.MalformedHandlerName', `Bad handler: '${handler}' has no dot before the export.`);
  }
  return {
    folder: handler.slice(0, handler.length - last.length),
    module: last.slice(0, dot),
    exportPath: last.slice(dot + 1).split('.'),
  };
}
