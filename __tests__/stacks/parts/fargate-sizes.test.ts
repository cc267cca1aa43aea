import {
  FARGATE_CPU_UNITS,
  FARGATE_SIZES,
  isFargateSize,
  LARGEST_FARGATE_CPU,
  LARGEST_FARGATE_MEMORY_MIB,
  snapToFargateSize,
} from '../../../stacks/parts/fargate-sizes';

function memories(cpu: number): readonly number[] {
  return FARGATE_SIZES.filter((size) => size.cpu === cpu).map((size) => size.memoryMiB / 1024);
}

const range = (first: number, last: number, step = 1) =>
  Array.from({ length: (last - first) / step + 1 }, (_, index) => first + index * step);

// GiB, as AWS's table has them:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
test.each([
  [256, [0.5, 1, 2]],
  [512, range(1, 4)],
  [1024, range(2, 8)],
  [2048, range(4, 16)],
  [4096, range(8, 30)],
  [8192, range(16, 60, 4)],
  [16384, range(32, 120, 8)],
])('%i CPU units take the memory of the table and no other', (cpu, gib) => {
  expect(memories(cpu)).toEqual(gib);
});

test('there are no other CPU units', () => {
  expect(FARGATE_CPU_UNITS).toEqual([256, 512, 1024, 2048, 4096, 8192, 16384]);
  expect(FARGATE_SIZES).toHaveLength(3 + 4 + 7 + 13 + 23 + 12 + 12);
  expect([LARGEST_FARGATE_CPU, LARGEST_FARGATE_MEMORY_MIB]).toEqual([16384, 122880]);
});

test.each([
  [{ cpu: 256, memoryMiB: 512 }, true],
  [{ cpu: 256, memoryMiB: 1536 }, false],
  [{ cpu: 8192, memoryMiB: 18 * 1024 }, false],
  [{ cpu: 1, memoryMiB: 2048 }, false],
])('whether %j is a size of Fargate: %s', (size, expected) => {
  expect(isFargateSize(size)).toBe(expected);
});

test.each([
  ['nothing asked is the smallest', {}, { cpu: 256, memoryMiB: 512 }],
  ['memory between two steps goes up', { memoryMiB: 1100 }, { cpu: 256, memoryMiB: 2048 }],
  ['memory above a CPU’s most raises the CPU', { memoryMiB: 2049 }, { cpu: 512, memoryMiB: 3072 }],
  ['CPU alone takes that CPU’s least memory', { cpu: 1025 }, { cpu: 2048, memoryMiB: 4096 }],
  ['Lambda’s largest fits two vCPUs', { memoryMiB: 10240 }, { cpu: 2048, memoryMiB: 10240 }],
  ['a size that exists stays', { cpu: 4096, memoryMiB: 30720 }, { cpu: 4096, memoryMiB: 30720 }],
  ['the largest stays', { cpu: 16384, memoryMiB: 122880 }, { cpu: 16384, memoryMiB: 122880 }],
  ['more memory than any has is no size', { memoryMiB: 122881 }, undefined],
  ['more CPU than any has is no size', { cpu: 16385 }, undefined],
])('%s', (_, least, expected) => {
  expect(snapToFargateSize(least)).toEqual(expected);
});
