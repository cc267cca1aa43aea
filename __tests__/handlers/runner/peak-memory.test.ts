import { peakMemoryMiB, taskMemory } from '../../../handlers/runner/peak-memory';

const V2 = '/sys/fs/cgroup/memory.peak';
const V1 = '/sys/fs/cgroup/memory/memory.max_usage_in_bytes';

test.each<[string, Readonly<Record<string, string>>, number | undefined]>([
  ['control groups version 2 say it', { [V2]: '314572800\n' }, 300],
  ['version 1 says it', { [V1]: '1048576\n' }, 1],
  ['both do, and version 2 counts', { [V2]: '157286400\n', [V1]: '1048576\n' }, 150],
  ['a tenth of a MiB counts', { [V2]: '1153434\n' }, 1.1],
  ['nobody says it', {}, undefined],
  ['what is there is no number', { [V2]: 'max\n' }, undefined],
])('the peak of memory where %s', (_, files, peak) => {
  expect(peakMemoryMiB((file) => files[file])).toBe(peak);
});

test.each([
  ['peak and size are', 300, 512, { peakMemoryMiB: 300, memorySizeMiB: 512 }],
  ['the kernel says no peak: nothing is', undefined, 512, undefined],
  ['ECS says no size: nothing is', 300, undefined, undefined],
])('of a task’s memory %s known', (_, peak, size, memory) => {
  expect(taskMemory(peak, size)).toEqual(memory);
});
