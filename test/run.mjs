/**
 * What `npm test` runs: build, types, lint, format, tests. Every step before the tests counts as one test, a step that
 * crashes or runs over its time counts as failed, and the steps after it still run.
 * The last line is `N passed, N failed`; the exit code says whether anything failed.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)
const scratch = mkdtempSync(join(tmpdir(), 'selectability-test-'))
const results = join(scratch, 'vitest.json')
const minute = 60_000
/** All steps together end before this, so that a hang is reported as a failure rather than cut off from outside. */
const deadline = Date.now() + 19 * minute

/** The script behind a package's command: run by this Node, so that no shell or PATH comes between. */
function bin(name, command) {
  const manifest = join(root, 'node_modules', name, 'package.json')
  const { bin } = require(manifest)
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[command])
}

/** A command of a package, or with no package a script of this repository. */
const script = (name, command) => (name === '' ? join(root, command) : bin(name, command))

/** Runs a command to its end or its time limit; says what went wrong, or null. Never rejects. */
function run(name, command, args, limit) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script(name, command), ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: process.platform !== 'win32',
    })
    // The whole group goes, or workers of a killed step would outlive it and hold the terminal.
    const kill = () => {
      try {
        process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL')
      } catch {
        child.kill('SIGKILL')
      }
    }
    // A step has its own group, so an interrupt reaches it only through here.
    const interrupted = () => {
      kill()
      process.exit(1)
    }
    process.on('SIGINT', interrupted).on('SIGTERM', interrupted)
    let late = false
    const timer = setTimeout(
      () => {
        late = true
        kill()
      },
      Math.max(1, Math.min(limit, deadline - Date.now())),
    )
    const end = (problem) => {
      clearTimeout(timer)
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
      resolve(late ? 'ran over its time limit' : problem)
    }
    child.on('error', (error) => end(error.message))
    child.on('exit', (code, signal) => {
      if (code !== 0) kill()
      end(code === 0 ? null : `ended with ${signal ?? `exit code ${code}`}`)
    })
  }).catch((error) => error.message)
}

const steps = [
  ['build', 'tsup', 'tsup', ['--silent'], 4 * minute],
  ['types of src', 'typescript', 'tsc', ['--noEmit'], 3 * minute],
  ['types of test', 'typescript', 'tsc', ['--noEmit', '--project', 'tsconfig.test.json'], 3 * minute],
  ['types of AssemblyScript', 'typescript', 'tsc', ['--project', 'src/kernels/simd/assembly'], 3 * minute],
  ['lint', 'eslint', 'eslint', ['.'], 4 * minute],
  ['format', 'prettier', 'prettier', ['--check', '--log-level', 'warn', '.'], 3 * minute],
  ['documentation', '', 'tools/site/build.mjs', [], 4 * minute],
]

let passed = 0
let failed = 0

for (const [title, name, command, args, limit] of steps) {
  const start = Date.now()
  const problem = await run(name, command, args, limit)
  if (problem === null) passed++
  else failed++
  const seconds = ((Date.now() - start) / 1000).toFixed(1)
  console.log(`${problem === null ? 'ok  ' : 'FAIL'} ${title} (${seconds} s)${problem === null ? '' : `: ${problem}`}`)
}

const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`]
const problem = await run('vitest', 'vitest', ['run', ...reporters], 15 * minute)
try {
  const report = JSON.parse(readFileSync(results, 'utf8'))
  passed += report.numPassedTests
  // A file that fails to load has no tests to count, and a skipped test has not passed.
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  const bad = report.numTotalTests - report.numPassedTests + broken.length
  failed += problem === null ? bad : Math.max(1, bad)
  for (const { name, message } of broken) console.log(`FAIL ${name}: ${message}`)
} catch (error) {
  failed++
  console.log(`FAIL tests: no report (${problem ?? error.message})`)
}
if (problem !== null) console.log(`FAIL tests: ${problem}`)

rmSync(scratch, { recursive: true, force: true })
process.exitCode = failed === 0 ? 0 : 1
console.log(`${passed} passed, ${failed} failed`)
