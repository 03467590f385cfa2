/** `npm run mutate`: mutation testing of the code that verdicts rest on. */
export default {
  testRunner: 'direct',
  plugins: [new URL('runner.mjs', import.meta.url).href],
  mutate: [
    'src/selectability/{verify,acceptance,certificate,form,bounds,enclosure,hull,within,dominated,face,proof,exactly}.ts',
    'src/selectability/exact/*.ts',
  ],
  coverageAnalysis: 'perTest',
  // Constants of a module, which would need a fresh process for each mutant.
  ignoreStatic: true,
  ignorePatterns: ['dist', 'examples', 'bench', 'docs'],
  reporters: ['progress-append-only', 'json'],
  jsonReporter: { fileName: 'node_modules/.cache/mutation.json' },
  tempDirName: 'node_modules/.cache/stryker',
  // The runner itself stops a mutant by processor time; this is for one that leaves no trace of its own.
  timeoutMS: 600_000,
  dryRunTimeoutMinutes: 30,
  concurrency: 2,
}
