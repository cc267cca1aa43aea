import fc from 'fast-check';
import { eventPart, fillRequest, fillTemplate, isEventPath } from '../../../handlers/router/template';

const EVENT = { table: 'visits', new: { id: 5, note: null, tags: ['a', 'b'], naive: '<$.table>' }, rows: [{ id: 1 }] };

test.each([
  ['<$.new.id>', 5],
  ['<$.new.note>', null],
  ['<$.new.tags>', ['a', 'b']],
  ['<$.new.tags[1]>', 'b'],
  ['<$.rows[0].id>', 1],
  ['<$>', EVENT],
  ['visit <$.new.id> of <$.table>', 'visit 5 of visits'],
  ['no path: $.new.id, <new.id>, <$.>', 'no path: $.new.id, <new.id>, <$.>'],
  [{ list: ['<$.new.id>'] }, { list: [5] }],
  [7, 7],
])('%j becomes %j', (template, filled) => {
  expect(fillTemplate(template, EVENT)).toEqual(filled);
});

test('what a row brings is not read as a template', () => {
  expect(fillTemplate('<$.new.naive>', EVENT)).toBe('<$.table>');
  expect(fillTemplate('it is <$.new.naive>', EVENT)).toBe('it is <$.table>');
});

test.each([
  ['<$.old.id>', 'which has no such part'],
  ['<$.new.id.more>', 'which has no such part'],
  ['<$.rows[1]>', 'which has no such part'],
  ['<$.new.toString>', 'which has no such part'],
  ['id <$.new>', 'which is no single value there, amid a text'],
])('%s is refused by its path', (template, reason) => {
  expect(() => fillTemplate(template, EVENT)).toThrow(
    expect.objectContaining({
      code: 'EVENT_PATH_MISSING',
      message: expect.stringContaining(`${/<(.*)>/.exec(template)?.[1]} of the event, ${reason}`),
    }),
  );
});

test('variables and tags are texts, whatever the event has', () => {
  const request = {
    taskDefinition: 'buy',
    environment: { ID: '<$.new.id>', TAGS: '<$.new.tags>', NOTE: '<$.new.note>', PLAIN: 'x' },
    memoryMiB: '<$.new.id>',
  };

  expect(fillRequest(request, EVENT)).toEqual({
    taskDefinition: 'buy',
    environment: { ID: '5', TAGS: '["a","b"]', NOTE: 'null', PLAIN: 'x' },
    memoryMiB: 5,
    input: EVENT,
  });
});

test('a rule may give another input', () => {
  expect(fillRequest({ arn: 'f', input: { id: '<$.new.id>' } }, EVENT)).toEqual({ arn: 'f', input: { id: 5 } });
});

test('any text of a row comes through as it is, alone and amid another', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(fillTemplate('<$.new.text>', { new: { text } })).toBe(text);
      expect(fillTemplate('[<$.new.text>]', { new: { text } })).toBe(`[${text}]`);
    }),
  );
});

test.each(['$', '$.new', '$.rows[0].new.id', '$.a-b_c1'])('%s is a path', (path) => {
  expect(isEventPath(path)).toBe(true);
});

test.each(['', 'new', '$new', '$.', '$..a', '$.a b', '$[x]', '<$>', '$>'])('"%s" is no path', (path) => {
  expect(isEventPath(path)).toBe(false);
});

test('a part that an object inherits is none', () => {
  expect(eventPart('$.constructor', {})).toBeUndefined();
});
