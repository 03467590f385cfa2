/** `npm run mutate`: mutation testing of the code that verdicts rest on. */
export default {
  testRunner: 'vitest',
  plugins: [new URL('node_modules/@stryker-mutator/vitest-runner/dist/src/index.js', import.meta.url).href],
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  mutate: ['src/selectability/{verify,certificate,form,bounds,enclosure}.ts', 'src/selectability/exact/*.ts'],
  coverageAnalysis: 'perTest',
  ignorePatterns: ['dist', 'examples', 'bench', 'docs'],
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: { fileName: 'node_modules/.cache/mutation.json' },
  tempDirName: 'node_modules/.cache/stryker',
  timeoutMS: 20_000,
  concurrency: 2,
}
