/**
 * `npm run coverage`: lines and branches of `src` that the tests run, in their own process and in the command lines that they start.
 * Fails under 95 % of either. AssemblyScript is not in it: it runs as WebAssembly, which V8 does not count.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CoverageReport } from 'monocart-coverage-reports'
import { children, merged, tests } from './places.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const least = { lines: 95, branches: 95 }

function run(script, args) {
  const { status } = spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}

for (const place of [tests, children, merged]) rmSync(place, { recursive: true, force: true })
// With source maps, and as it was written: minified, an `if` becomes a `?:`, and counts as another branch beside the tests' own.
run('node_modules/tsup/dist/cli-default.js', ['--silent', '--sourcemap', '--no-minify'])
run('node_modules/vitest/vitest.mjs', ['run', '--config', 'test/coverage/vitest.config.mjs'])

const started = join(merged, 'started')
const own = new CoverageReport({
  outputDir: started,
  reports: ['raw'],
  logging: 'error',
  // The library is counted where the tests run it, unbundled; a filter of sources would not keep it out of raw data.
  entryFilter: ({ url }) => fileURLToPath(url) === join(root, 'dist/cli.js'),
})
console.log(`${readdirSync(children).length} processes that the tests started`)
await own.addFromDir(children)
await own.generate()

const { summary } = await new CoverageReport({
  inputDir: [join(tests, 'raw'), join(started, 'raw')],
  outputDir: merged,
  reports: [['console-details', { metrics: ['lines', 'branches'] }], 'json-summary'],
  sourceFilter: (path) => path.startsWith('src/') && !path.includes('/assembly/'),
  logging: 'error',
}).generate()
for (const [metric, percent] of Object.entries(least)) {
  if (summary[metric].pct >= percent) continue
  console.error(`${metric}: ${summary[metric].pct} % are covered, expected at least ${percent} %`)
  process.exitCode = 1
}
