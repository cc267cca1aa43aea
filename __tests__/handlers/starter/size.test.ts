import { taskSize, taskStorageGiB } from '../../../handlers/starter/size';

const own = (memoryMiB: number, temporaryStorageMiB = 512) => ({ memoryMiB, temporaryStorageMiB });

describe('the size of a task', () => {
  test.each([
    [128, { cpu: 256, memoryMiB: 512 }],
    [384, { cpu: 256, memoryMiB: 512 }],
    // 512 MiB for the function leave nothing for the runner in a task of 512.
    [512, { cpu: 512, memoryMiB: 1024 }],
    [1024, { cpu: 1024, memoryMiB: 2048 }],
    [1769, { cpu: 1024, memoryMiB: 2048 }],
    [1770, { cpu: 2048, memoryMiB: 4096 }],
    [3008, { cpu: 2048, memoryMiB: 4096 }],
    [10_240, { cpu: 8192, memoryMiB: 16_384 }],
    // A function on Lambda Managed Instances: more than 16 vCPU by the same rule, which Fargate has not.
    [32_768, { cpu: 16_384, memoryMiB: 40_960 }],
  ])('of a function of %i MiB has its memory, the runner and its share of vCPU', (memoryMiB, size) => {
    expect(taskSize({}, own(memoryMiB))).toEqual(size);
  });

  test.each([
    ['both', { cpu: 4096, memoryMiB: 9000 }, { cpu: 4096, memoryMiB: 9216 }],
    ['memory alone, with the vCPU of the function', { memoryMiB: 8192 }, { cpu: 1024, memoryMiB: 8192 }],
    ['vCPU alone, with the memory of the function', { cpu: 2048 }, { cpu: 2048, memoryMiB: 4096 }],
    ['the largest', { cpu: 16_384, memoryMiB: 122_880 }, { cpu: 16_384, memoryMiB: 122_880 }],
    [
      'memory that needs more vCPU than was asked',
      { cpu: 256, memoryMiB: 122_880 },
      { cpu: 16_384, memoryMiB: 122_880 },
    ],
  ])('of a request for %s', (_, request, size) => {
    expect(taskSize(request, own(1769))).toEqual(size);
  });

  test('is none for a function larger than any Fargate task', () => {
    expect(taskSize({}, own(122_880))).toBeUndefined();
  });
});

describe('the disk of a task', () => {
  test.each([
    ['a function of 512 MiB in the 20 GiB that are included', {}, 512, undefined],
    ['a function of 10,240 MiB in the 20 GiB that are included', {}, 10_240, undefined],
    ['a function of 18,944 MiB with its package and image in 20 GiB', {}, 18_944, undefined],
    ['a function of 18,945 MiB in the next size', {}, 18_945, 21],
    ['a request for 20 GiB without asking', { ephemeralStorageGiB: 20 }, 512, undefined],
    ['a request for 21 GiB as it is', { ephemeralStorageGiB: 21 }, 512, 21],
    ['a request for 200 GiB as it is', { ephemeralStorageGiB: 200 }, 512, 200],
  ])('holds %s', (_, request, temporaryStorageMiB, expected) => {
    expect(taskStorageGiB(request, own(512, temporaryStorageMiB))).toBe(expected);
  });
});
