// docs/reference/embedded-target.md names the annotations that steer the controllers, and no other.
import { expect, it } from 'vitest';
import { BEHAVIOUR } from '../../src/targets/embedded/index.ts';
import { readText, section, tableRows } from './pages.ts';

it('lists the steering annotations', () => {
  const rows = tableRows(section(readText('docs/reference/embedded-target.md'), '## Steering'));
  const listed = rows.map(([name = '']) => name.replaceAll('`', ''));
  expect(listed).toEqual(Object.values(BEHAVIOUR));
});
