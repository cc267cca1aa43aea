import type { ServerResponse } from 'node:http';
import {
  acceptedEvents,
  type ExtensionAction,
  type ExtensionEvent,
  type ExtensionState,
  extensionTransition,
} from './extension-state';
import { sendJson } from './http';
import { EXTENSION_HEADERS, EXTENSION_LIMIT } from './protocol';
import { type Refusal, refused } from './refusal';

interface Extension {
  readonly id: string;
  readonly name: string;
  /** Whether it is a program of its own, which the runner started, and no part of the runtime. */
  readonly isExternal: boolean;
  state: ExtensionState;
  events: ReadonlySet<ExtensionEvent>;
  /** The request for an event that it waits on. */
  waiting: ServerResponse | undefined;
}

/** An event as its receiver gets it. */
export interface EventDocument {
  readonly eventType: ExtensionEvent;
  readonly deadlineMs: number;
  readonly [field: string]: unknown;
}

/** The extensions of one runtime: which there are, what each is doing, and the events that they get. */
export class Extensions {
  readonly #all: Extension[];
  readonly #newId: () => string;
  #isOpen = true;
  #shutdown: EventDocument | undefined;

  /** `externalNames` are the programs that the runner starts; each is expected to register under its file's name. */
  constructor(externalNames: readonly string[], newId: () => string) {
    this.#newId = newId;
    this.#all = externalNames.map((name) => extension(newId(), name, true));
  }

  /** @returns the extension's identifier, or why it may not register */
  register(
    name: string,
    eventNames: readonly string[],
  ): { readonly kind: 'registered'; readonly id: string } | Refusal {
    const known = this.#all.find((candidate) => candidate.name === name);
    const external = known?.isExternal === true ? known : undefined;
    const accepted = acceptedEvents(eventNames, external !== undefined);
    if (accepted.kind === 'refused') {
      return accepted;
    }
    if (external === undefined) {
      const refusal = this.#internalRefusal(known);
      if (refusal !== undefined) {
        return refusal;
      }
    }
    const registered = external ?? extension(this.#newId(), name, false);
    const moved = this.#move(registered, 'register', name);
    if (moved !== undefined) {
      return moved;
    }
    registered.events = accepted.events;
    if (external === undefined) {
      this.#all.push(registered);
    }
    return { kind: 'registered', id: registered.id };
  }

  #internalRefusal(known: Extension | undefined): Refusal | undefined {
    if (!this.#isOpen) {
      return refused(403, 'Extension.RegistrationClosed', 'Extension registration closed already');
    }
    if (this.#all.length >= EXTENSION_LIMIT) {
      return refused(403, 'Extension.TooManyExtensions', `Extension limit (${EXTENSION_LIMIT}) reached`);
    }
    return known === undefined
      ? undefined
      : refused(403, 'Extension.InvalidExtensionState', 'Extension with this name already registered');
  }

  /** From here on no part of the runtime can register as an extension. */
  closeRegistration(): void {
    this.#isOpen = false;
  }

  nameOf(id: string): string | undefined {
    return this.#byId(id)?.name;
  }

  /** Keeps the request open until there is an event. */
  next(id: string, response: ServerResponse): Refusal | undefined {
    const asking = this.#byId(id);
    if (asking === undefined) {
      return refused(403, 'Extension.UnknownExtensionIdentifier', `Unknown extension ${id}`);
    }
    // One whose connection broke while it waited may ask again.
    const isAgain = asking.state === 'Ready' && asking.waiting === undefined;
    const refusal = isAgain ? undefined : this.#move(asking, 'next', id);
    if (refusal !== undefined) {
      return refusal;
    }
    asking.waiting = response;
    response.once('close', () => {
      if (asking.waiting === response) {
        asking.waiting = undefined;
      }
    });
    if (this.#shutdown !== undefined && asking.events.has('SHUTDOWN')) {
      this.#send(asking, this.#shutdown);
    }
    return undefined;
  }

  /** Notes that an extension gives up. */
  report(id: string, action: 'initError' | 'exitError'): Refusal | undefined {
    const reporting = this.#byId(id);
    return reporting === undefined
      ? refused(403, 'Extension.UnknownExtensionIdentifier', `Unknown ${EXTENSION_HEADERS.identifier}`)
      : this.#move(reporting, action, id);
  }

  /** Tells those that asked for it of an invocation. */
  invoke(event: EventDocument): void {
    for (const each of this.#all) {
      if (each.events.has('INVOKE')) {
        this.#send(each, event);
      }
    }
  }

  /** Tells those that asked for it of the end; one that is busy hears of it when it asks for its next event. */
  shutdown(event: EventDocument): void {
    this.#shutdown = event;
    for (const each of this.#all) {
      if (each.state === 'Ready' && each.events.has('SHUTDOWN')) {
        this.#send(each, event);
      }
    }
  }

  /** Whether the external extension of that name is to hear of the end. */
  hearsOfShutdown(name: string): boolean {
    return this.#all.some((each) => each.isExternal && each.name === name && each.events.has('SHUTDOWN'));
  }

  /** Whether every program among them has registered. */
  get areRegistered(): boolean {
    return this.#all.every((each) => each.state !== 'Started');
  }

  /** Whether all of them wait for an event. */
  get areReady(): boolean {
    return this.#all.every((each) => each.state === 'Ready');
  }

  get hasInternal(): boolean {
    return this.#all.some((each) => !each.isExternal);
  }

  #byId(id: string): Extension | undefined {
    return this.#all.find((each) => each.id === id);
  }

  #move(moving: Extension, action: ExtensionAction, who: string): Refusal | undefined {
    const result = extensionTransition(moving.state, action, who);
    if (result.kind === 'refused') {
      return result;
    }
    moving.state = result.state;
    return undefined;
  }

  #send(to: Extension, event: EventDocument): void {
    if (this.#move(to, 'event', to.id) === undefined && to.waiting !== undefined) {
      sendJson(to.waiting, 200, event, {
        [EXTENSION_HEADERS.identifier]: to.id,
        [EXTENSION_HEADERS.eventIdentifier]: this.#newId(),
      });
      to.waiting = undefined;
    }
  }
}

function extension(id: string, name: string, isExternal: boolean): Extension {
  return { id, name, isExternal, state: 'Started', events: new Set(), waiting: undefined };
}
