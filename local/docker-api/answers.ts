import type { ServerResponse } from 'node:http';
import { constants } from 'node:os';
import type { Container } from './container';
import { parseCreateBody } from './container-settings';
import { type Containers, EngineError } from './containers';
import { inspection, isListed, listing } from './inspection';
import { frame, type LogLine } from './log-frames';
import type { Call, ContainerCall } from './routes';

/** The oldest API that current Docker SDKs still speak, and the one that this engine follows. */
const API_VERSION = '1.41';

/** What the engine does between SIGTERM and SIGKILL where nobody says. */
const DEFAULT_STOP_SECONDS = 10;

export interface Question {
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly response: ServerResponse;
}

/** Answers one call. @throws {EngineError} what the engine refuses */
export async function answer(call: Call, containers: Containers, question: Question): Promise<void> {
  const { query, body, response } = question;
  switch (call.kind) {
    case 'ping':
      return send(response, 200, undefined);
    case 'version':
      return send(response, 200, { Version: 'overtime', ApiVersion: API_VERSION, MinAPIVersion: '1.24', Os: 'linux' });
    case 'info':
      return send(response, 200, { Name: 'overtime', ServerVersion: 'overtime', OSType: 'linux' });
    case 'list':
      return send(response, 200, list(containers, query));
    case 'pull':
      throw new EngineError(
        404,
        `pull access denied for ${query.get('fromImage')}, repository does not exist or may require 'docker login'`,
      );
    case 'image':
      containers.imageOrThrow(call.reference);
      return send(response, 200, { Id: call.reference, RepoTags: [call.reference], RepoDigests: [] });
    case 'create': {
      const container = containers.create(query.get('name') ?? undefined, parseCreateBody(body));
      return send(response, 201, { Id: container.facts.id, Warnings: [] });
    }
    default:
      return answerOfContainer(call.kind, containers.getOrThrow(call.reference), containers, question);
  }
}

async function answerOfContainer(
  kind: ContainerCall,
  container: Container,
  containers: Containers,
  { query, response }: Question,
): Promise<void> {
  switch (kind) {
    case 'start':
      await start(container);
      return send(response, 204, undefined);
    case 'inspect':
      return send(response, 200, inspection(container.facts));
    case 'logs':
      return sendLogs(container, query, response);
    case 'wait':
      return send(response, 200, { StatusCode: await container.wait() });
    case 'stop':
      if (container.facts.state.status !== 'running') {
        return send(response, 304, undefined);
      }
      await container.stop(Number(query.get('t') ?? DEFAULT_STOP_SECONDS));
      return send(response, 204, undefined);
    case 'kill':
      container.signal(signalName(query.get('signal') ?? 'SIGKILL'));
      return send(response, 204, undefined);
    case 'remove':
      if (container.facts.state.status === 'running' && !isTrue(query.get('force'))) {
        throw new EngineError(409, `You cannot remove a running container ${container.facts.id}.`);
      }
      await containers.remove(container);
      return send(response, 204, undefined);
  }
}

async function start(container: Container): Promise<void> {
  if (container.facts.state.status !== 'created') {
    throw new EngineError(304, 'The container was started before.');
  }
  try {
    await container.start();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError(400, `failed to create task for container: ${reason}`, { cause: error });
  }
}

function list(containers: Containers, query: URLSearchParams) {
  const filters = JSON.parse(query.get('filters') ?? '{}') as { label?: string[] };
  const wanted = { all: isTrue(query.get('all')), labels: filters.label ?? [] };
  return containers.all.flatMap(({ facts }) => (isListed(facts, wanted) ? [listing(facts)] : []));
}

function sendLogs({ log }: Container, query: URLSearchParams, response: ServerResponse): void {
  const shown = ({ stream }: LogLine) => isTrue(query.get(stream));
  const lines = log.lines.filter(shown);
  const tail = query.get('tail') ?? 'all';
  response.writeHead(200, { 'Content-Type': 'application/vnd.docker.raw-stream' });
  // A reader that waits for the first line must see that there is a stream to wait on.
  response.flushHeaders();
  for (const line of tail === 'all' ? lines : lines.slice(Math.max(0, lines.length - Number(tail)))) {
    response.write(frame(line));
  }
  if (!isTrue(query.get('follow'))) {
    response.end();
    return;
  }
  const unfollow = log.follow(
    (line) => {
      if (shown(line)) {
        response.write(frame(line));
      }
    },
    () => response.end(),
  );
  response.once('close', unfollow);
}

/** Docker takes "SIGTERM", "TERM" and 15. */
function signalName(given: string): NodeJS.Signals {
  const wanted = given.startsWith('SIG') ? given : `SIG${given}`;
  const found = Object.entries(constants.signals).find(
    ([name, number]) => name === wanted || String(number) === given,
  )?.[0];
  if (found === undefined) {
    throw new EngineError(400, `Invalid signal: ${given}`);
  }
  return found as NodeJS.Signals;
}

/** Docker clients write booleans as 1, true, or True. */
function isTrue(value: string | null): boolean {
  return value !== null && ['1', 'true'].includes(value.toLowerCase());
}

export function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Api-Version': API_VERSION });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
