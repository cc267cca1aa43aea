type EngineCall = 'version' | 'ping' | 'info' | 'list' | 'create' | 'pull';
export type ContainerCall = 'start' | 'inspect' | 'logs' | 'wait' | 'stop' | 'kill' | 'remove';

/** A call of the engine's API, of those that MiniStack and the Docker SDKs make to run a container. */
export type Call =
  | { readonly kind: EngineCall }
  | { readonly kind: 'image'; readonly reference: string }
  | { readonly kind: ContainerCall; readonly reference: string };

const CONTAINER_CALLS: Readonly<Record<string, ContainerCall>> = {
  'POST start': 'start',
  'GET json': 'inspect',
  'GET logs': 'logs',
  'POST wait': 'wait',
  'POST stop': 'stop',
  'POST kill': 'kill',
};

const FIXED_CALLS: Readonly<Record<string, EngineCall>> = {
  'GET /version': 'version',
  'GET /info': 'info',
  'GET /_ping': 'ping',
  'HEAD /_ping': 'ping',
  'GET /containers/json': 'list',
  'POST /containers/create': 'create',
  'POST /images/create': 'pull',
};

/** Which call a request is; `undefined` for one that this engine does not answer. */
export function route(method: string, pathWithVersion: string): Call | undefined {
  const path = pathWithVersion.replace(/^\/v\d+\.\d+(?=\/)/, '');
  const fixed = FIXED_CALLS[`${method} ${path}`];
  if (fixed !== undefined) {
    return { kind: fixed };
  }
  const image = /^\/images\/(.+)\/json$/.exec(path)?.[1];
  if (method === 'GET' && image !== undefined) {
    return { kind: 'image', reference: decodeURIComponent(image) };
  }
  const [, reference, verb] = /^\/containers\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
  if (reference === undefined) {
    return undefined;
  }
  if (verb === undefined) {
    return method === 'DELETE' ? { kind: 'remove', reference } : undefined;
  }
  const kind = CONTAINER_CALLS[`${method} ${verb}`];
  return kind === undefined ? undefined : { kind, reference };
}
