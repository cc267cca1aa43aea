import { rowAttributes } from '../../handlers/shared/schedule/row-fields';
import { namesBelow } from '../support/docs-page';

test('docs/schedules.md has every attribute that a row may have, and no other', () => {
  expect([...namesBelow('schedules.md', '## A row')].sort()).toEqual([...rowAttributes()].sort());
});
