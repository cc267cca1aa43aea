// A small program that runs as an ECS task in tests. Its first argument says what it is to do.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

const region = { region: 'us-east-1' };

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Stays until it is told to end. */
function stay(): void {
  setInterval(() => undefined, 60_000);
}

async function whoAmI(): Promise<void> {
  const identity = await new STSClient(region).send(new GetCallerIdentityCommand({}));
  say(String(identity.Arn));
}

async function codeHash(functionName: string): Promise<void> {
  const { Code } = await new LambdaClient(region).send(new GetFunctionCommand({ FunctionName: functionName }));
  const response = await fetch(String(Code?.Location));
  const bytes = Buffer.from(await response.arrayBuffer());
  say(createHash('sha256').update(bytes).digest('base64'));
}

async function ask(port: string): Promise<void> {
  for (;;) {
    try {
      say(await (await fetch(`http://127.0.0.1:${port}`)).text());
      return;
    } catch {
      // The other container is not up yet.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

const PROBES: Readonly<Record<string, (...args: readonly string[]) => void | Promise<void>>> = {
  say: (text = '', exitCode = '0') => {
    say(text);
    process.stderr.write(`error stream: ${text}\n`);
    process.exitCode = Number(exitCode);
  },
  whoami: whoAmI,
  code: (functionName = '') => codeHash(functionName),
  environment: () => say(JSON.stringify(Object.keys(process.env).sort())),
  variable: (name = '') => say(String(process.env[name])),
  drain: () => {
    process.once('SIGTERM', () => {
      say('told to end');
      setTimeout(() => process.exit(7), 100);
    });
    say('ready');
    stay();
  },
  stubborn: () => {
    process.on('SIGTERM', () => say('told to end, and does not'));
    say('ready');
    stay();
  },
  serve: (port = '') => {
    createServer((_, response) => response.end('served on loopback')).listen(Number(port), '127.0.0.1');
  },
  hog: () => {
    const kept: Buffer[] = [];
    setInterval(() => kept.push(Buffer.alloc(16 * 1024 * 1024, 1)), 1);
  },
  ask: (port = '') => ask(port),
};

const [, , probe = '', ...args] = process.argv;
void PROBES[probe]?.(...args);
