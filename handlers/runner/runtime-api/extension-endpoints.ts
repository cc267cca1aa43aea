import * as v from 'valibot';
import { type Call, notifyIfReady } from './call';
import { readBody, sendAccepted, sendError, sendJson, sendRefusal, textOf } from './http';
import { ERROR_BODY_LIMIT_BYTES, EXTENSION_HEADERS } from './protocol';
import { type Refusal, refused } from './refusal';

/** A registration is a few words. */
const REGISTRATION_LIMIT_BYTES = 64 * 1_024;

const ACCOUNT_FEATURE = 'accountId';

const IDENTIFIER = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Lambda's server leaves other fields unread, so an extension may send some. */
const RegistrationSchema = v.object({ events: v.optional(v.nullable(v.array(v.string()))) });

/**
 * An extension says which events it wants.
 * Source of this and the others: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
 */
export async function registerExtension({ session, request, response }: Call): Promise<void> {
  const body = await readBody(request, REGISTRATION_LIMIT_BYTES);
  const name = textOf(request.headers, EXTENSION_HEADERS.name);
  if (name === undefined) {
    sendRefusal(response, refused(403, 'Extension.InvalidExtensionName', 'Empty extension name'));
    return;
  }
  const events = body.kind === 'whole' ? eventNames(body.bytes.toString('utf8')) : undefined;
  if (events === undefined) {
    const wanted = 'The body is not JSON of the form {"events": ["INVOKE", "SHUTDOWN"]}.';
    sendRefusal(response, refused(403, 'InvalidRequestFormat', wanted));
    return;
  }
  const registered = session.extensions.register(name, events);
  if (registered.kind === 'refused') {
    sendRefusal(response, registered);
    return;
  }
  const { accountId, ...identity } = session.identity;
  const features = (textOf(request.headers, EXTENSION_HEADERS.features) ?? '').split(',').map((text) => text.trim());
  sendJson(response, 200, features.includes(ACCOUNT_FEATURE) ? { ...identity, accountId } : identity, {
    [EXTENSION_HEADERS.identifier]: registered.id,
  });
  if (session.extensions.areRegistered) {
    session.listener.onExtensionsRegistered();
  }
}

function eventNames(text: string): readonly string[] | undefined {
  try {
    return v.parse(RegistrationSchema, JSON.parse(text)).events ?? [];
  } catch {
    return undefined;
  }
}

/** An extension asks for its next event: the answer comes when there is one. */
export async function nextEvent(call: Call): Promise<void> {
  const { session, request, response } = call;
  await readBody(request, 0);
  const id = identifierOf(call);
  const refusal = typeof id === 'string' ? session.extensions.next(id, response) : id;
  if (refusal !== undefined) {
    sendRefusal(response, refusal);
    return;
  }
  notifyIfReady(session);
}

export function reportExtensionInitError(call: Call): Promise<void> {
  return reportExtension(call, 'initError', 'Extension.InitError');
}

export function reportExtensionExitError(call: Call): Promise<void> {
  return reportExtension(call, 'exitError', 'Extension.ExitError');
}

/** An extension gives up. Its body is its own affair: Lambda passes on the type alone. */
async function reportExtension(
  call: Call,
  action: 'initError' | 'exitError',
  errorType: 'Extension.InitError' | 'Extension.ExitError',
): Promise<void> {
  const { session, request, response } = call;
  await readBody(request, ERROR_BODY_LIMIT_BYTES);
  const id = identifierOf(call);
  const reason = textOf(request.headers, EXTENSION_HEADERS.errorType);
  if (typeof id === 'string' && reason !== undefined) {
    const refusal = session.extensions.report(id, action);
    if (refusal === undefined) {
      sendAccepted(response);
      session.listener.onExtensionError({ name: session.extensions.nameOf(id) ?? id, errorType, reason });
    } else {
      sendRefusal(response, refusal);
    }
    return;
  }
  const missing = refused(403, 'Extension.MissingHeader', `${EXTENSION_HEADERS.errorType} not found`);
  sendRefusal(response, typeof id === 'string' ? missing : id);
}

function identifierOf({ request }: Call): string | Refusal {
  const id = textOf(request.headers, EXTENSION_HEADERS.identifier);
  if (id === undefined) {
    return refused(403, 'Extension.MissingExtensionIdentifier', `Missing ${EXTENSION_HEADERS.identifier} header`);
  }
  return IDENTIFIER.test(id)
    ? id
    : refused(403, 'Extension.InvalidExtensionIdentifier', `Invalid ${EXTENSION_HEADERS.identifier}`);
}

/**
 * The Logs and Telemetry APIs are not there: logs go to the task's log driver. They are answered as AWS's emulator
 * answers them, by a success that is none, so that an extension which only adds to its data by them goes on living.
 * Source: https://github.com/aws/aws-lambda-runtime-interface-emulator, internal/lambda/rapi/handler/runtimelogs_stub.go
 */
export function refuseSubscription(api: 'Logs' | 'Telemetry') {
  return async ({ request, response }: Call): Promise<void> => {
    await readBody(request, REGISTRATION_LIMIT_BYTES);
    sendError(response, 202, `${api}.NotSupported`, `${api} API is not supported`);
  };
}
