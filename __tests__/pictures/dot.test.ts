import { dotOf } from '../../pictures/dot';
import type { Arrow, Part, Picture } from '../../pictures/picture';

const YOURS: Part = { name: 'yours', is: 'a client', kind: 'yours' };

function dot(picture: Partial<Picture>): string {
  return dotOf({ name: 'picture', title: '', description: '', parts: {}, arrows: [], ...picture });
}

/** What stands in a box, line by line, without its looks. */
function linesOf(part: Part, picture: Partial<Picture> = {}): readonly string[] {
  const label = /label=<(.*)>, fillcolor/.exec(dot({ ...picture, parts: { part } }))?.[1] ?? '';
  return label.split('<br/>').map((line) => line.replaceAll(/<[^>]+>/g, ''));
}

describe('a box', () => {
  test('of a resource has what AWS calls its type, and the module that makes it', () => {
    expect(
      linesOf({
        name: 'ledger',
        note: 'a row per run',
        made: { module: 'runner', address: 'aws_dynamodb_table.ledger' },
      }),
    ).toEqual(['ledger', 'DynamoDB table', 'a row per run', 'module runner']);
  });

  test('names no module where that is the picture’s own, or its frame’s', () => {
    const part: Part = { name: 'queue', made: { module: 'runner', address: 'aws_sqs_queue.launches' } };
    const frame = (module: string) => ({ title: '', made: { module }, parts: ['part'] });

    expect(linesOf(part, { home: 'runner' })).toEqual(['queue', 'SQS queue']);
    expect(linesOf(part, { frames: [frame('runner')] })).toEqual(['queue', 'SQS queue']);
    expect(linesOf(part, { home: 'starter' })).toEqual(['queue', 'SQS queue', 'module runner']);
    expect(linesOf(part, { home: 'runner', frames: [frame('starter')] })).toEqual([
      'queue',
      'SQS queue',
      'module runner',
    ]);
  });

  test('of a whole module says that it is one', () => {
    expect(linesOf({ name: 'starter', made: { module: 'starter' } })).toEqual(['starter', 'module']);
  });

  test('of what is there besides says what it is', () => {
    expect(linesOf(YOURS)).toEqual(['yours', 'a client']);
  });

  test('has the signs of HTML as text', () => {
    expect(linesOf({ ...YOURS, name: 'a < b & c' })[0]).toBe('a &lt; b &amp; c');
  });

  test('of a type that no picture has shown before is refused with the place to name it', () => {
    expect(() => linesOf({ name: 'topic', made: { module: 'runner', address: 'aws_sns_topic.outcomes' } })).toThrow(
      'The address "aws_sns_topic.outcomes" has a type that no picture shows yet: name it in RESOURCES of pictures/resources.ts',
    );
  });
});

describe('an arrow', () => {
  const arrow = (settings: Partial<Arrow>) =>
    dot({ arrows: [{ from: 'a', to: 'b', ...settings }] })
      .split('\n')
      .find((line) => line.includes('->'))
      ?.trim();

  test.each<{ title: string; settings: Partial<Arrow>; expected: string }>([
    { title: 'is plain', settings: {}, expected: '"a" -> "b" []' },
    {
      title: 'has a text of several lines',
      settings: { label: 'one\ntwo' },
      expected: '"a" -> "b" [label="  one  \\n  two  "]',
    },
    { title: 'is dashed where it is rare', settings: { isRare: true }, expected: '"a" -> "b" [style=dashed]' },
    { title: 'points both ways', settings: { isBothWays: true }, expected: '"a" -> "b" [dir=both]' },
    {
      title: 'moves no part where it is loose',
      settings: { isLoose: true },
      expected: '"a" -> "b" [constraint=false]',
    },
  ])('$title', ({ settings, expected }) => {
    expect(arrow(settings)).toBe(expected);
  });
});

test('a frame has the title, the module that makes what it stands for, and its parts', () => {
  const text = dot({
    parts: { a: YOURS },
    frames: [{ title: 'ECS cluster', made: { module: 'cluster', address: 'aws_ecs_cluster.cluster' }, parts: ['a'] }],
    arrows: [],
  });

  expect(text).toContain('subgraph cluster_0 {');
  expect(text).toContain('label=<ECS cluster: module cluster>');
  expect(text).toMatch(/^ {4}"a"$/m);
});

test('a picture with a module of its own says so below', () => {
  expect(dot({ home: 'runner' })).toContain(
    'label=<made by the module runner, where a box names no other; what is grey is there already>',
  );
  expect(dot({})).not.toContain('made by');
});

test('parts of a column stand above one another', () => {
  expect(dot({ parts: { a: YOURS, b: YOURS }, columns: [['a', 'b']] })).toContain('{ rank=same; "a"; "b" }');
});
