/**
 * Files that take long, the longest first: one that began last would have the others wait for it. By itself jest knows
 * only what it ran before on the same machine, and a fresh one of CI takes the files by their sizes.
 */
const LONGEST = [
  'e2e/once/lifecycle',
  'e2e/once/scheduler',
  'e2e/once/terraform-modules',
  'e2e/once/povray',
  'e2e/once/database-trigger',
  'e2e/once/faults',
  'e2e/once/runtime-clients',
  'e2e/overtime',
  'e2e/once/launches',
  'e2e/once/activities',
  'e2e/once/terraform-example',
  'e2e/once/cdktf-deploy',
  'e2e/containers/base-images',
  'e2e/programs/scheduler/scheduler',
  'modules/generated',
  'handlers/scheduler/scheduler',
  'stacks/app',
  'stacks/runner',
  'handlers/runner/runtime-api/fuzz',
].map((name) => `/__tests__/${name}.test.ts`);

const place = (file) => {
  const index = LONGEST.findIndex((name) => file.endsWith(name));
  return index === -1 ? LONGEST.length : index;
};

const size = ({ path, context }) => context.hasteFS.getSize(path) ?? 0;

/** Jest's interface of a sequencer: https://jestjs.io/docs/configuration#testsequencer-string */
class LongestFirst {
  sort(tests) {
    return [...tests].sort((one, other) => place(one.path) - place(other.path) || size(other) - size(one));
  }

  shard(tests, { shardIndex, shardCount }) {
    return [...tests]
      .sort((one, other) => (one.path < other.path ? -1 : 1))
      .filter((_, index) => index % shardCount === shardIndex - 1);
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
}

LongestFirst.LONGEST = LONGEST;

module.exports = LongestFirst;
