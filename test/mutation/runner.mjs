/**
 * A test runner for Stryker that loads the tests once and calls them for each mutant, in the same process: a mutant takes milliseconds,
 * where a run of vitest takes seconds. Loops that a mutant makes endless are ended by Stryker's count of hits, or its time limit.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core'
import { PluginKind, declareClassPlugin } from '@stryker-mutator/api/plugin'
import { DryRunStatus, TestStatus, determineHitLimitReached, toMutantRunResult } from '@stryker-mutator/api/test-runner'
import { build } from 'esbuild'
import { suites } from './suites.mjs'

const state = (globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {})

/** Processor time, in ms, that a test of a mutant may take: the longest test takes less than a second. */
const mostTime = 2_000
const watch = { test: undefined, calls: 0, since: 0, armed: false, late: false }
const processorTime = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

// Instrumented code asks for this name wherever it branches, so a loop without end comes by. A clock on the wall would also count the
// time in which others have the processor.
Object.defineProperty(state, 'currentTestId', {
  set: (id) => {
    watch.test = id
  },
  get: () => {
    if (watch.armed && ++watch.calls % 1024 === 0 && processorTime() - watch.since > mostTime) {
      watch.late = true
      throw new Error('out of time')
    }
    return watch.test
  },
})

/** Bundles the tests, with the sources as they are instrumented in a sandbox. */
async function buildTests(root, bundle) {
  mkdirSync(join(bundle, '..'), { recursive: true })
  const shim = join(root, 'test/mutation/vitest.mjs')
  await build({
    stdin: {
      contents: [
        ...suites.map((name) => `import './test/${name}.test.ts'`),
        `export { runHooks, tests } from './test/mutation/vitest.mjs'`,
      ].join('\n'),
      resolveDir: root,
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile: bundle,
    // The package says that its files have no side effects, and a test has no other.
    ignoreAnnotations: true,
    logLevel: 'error',
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
    alias: {
      vitest: shim,
      '@fast-check/vitest': join(root, 'test/mutation/properties.mjs'),
      selectability: join(root, 'src/index.ts'),
    },
  })
}

class DirectRunner {
  static inject = []
  #bundle = ''
  #loads = 0
  #suite = null

  capabilities() {
    return { reloadEnvironment: true }
  }

  async init() {
    // Stryker has changed the working directory to the sandbox by now.
    const root = process.cwd()
    this.#bundle = join(root, 'node_modules', '.cache', `mutation-${process.pid}`, 'tests.mjs')
    await buildTests(root, this.#bundle)
  }

  async #load() {
    this.#suite = await import(`${pathToFileURL(this.#bundle)}?${this.#loads++}`)
    return this.#suite
  }

  async dryRun() {
    state.activeMutant = undefined
    const { tests, runHooks } = await this.#load()
    return { ...(await this.#run(tests, runHooks)), mutantCoverage: state.mutantCoverage }
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation }) {
    state.hitCount = hitLimit === undefined ? undefined : 0
    state.hitLimit = hitLimit
    state.activeMutant = mutantActivation === 'static' ? activeMutant.id : undefined
    const fresh = mutantActivation === 'static' || this.#suite === null
    let result
    try {
      const { tests, runHooks } = fresh ? await this.#load() : this.#suite
      state.activeMutant = activeMutant.id
      const filter = testFilter === undefined ? null : new Set(testFilter)
      const chosen = tests.filter(({ name }, at) => filter === null || filter.has(`${at} ${name}`))
      // Fast tests first, as far as this process knows: most mutants die at once.
      chosen.sort((a, b) => (a.time ?? 0) - (b.time ?? 0))
      result = await this.#run(tests, runHooks, chosen)
    } catch (error) {
      result = { status: DryRunStatus.Error, errorMessage: String(error) }
    }
    if (mutantActivation === 'static') this.#suite = null
    return toMutantRunResult(determineHitLimitReached(state.hitCount, hitLimit) ?? result)
  }

  /** Runs tests one after the other; of a chosen few no more than up to the first failure. */
  async #run(tests, runHooks, chosen = null) {
    const results = []
    for (const test of chosen ?? tests) {
      const id = `${tests.indexOf(test)} ${test.name}`
      const start = performance.now()
      const outcome = { id, name: test.name, status: TestStatus.Success }
      state.currentTestId = id
      Object.assign(watch, { since: processorTime(), armed: chosen !== null, late: false })
      try {
        await test.body()
      } catch (error) {
        Object.assign(outcome, {
          status: TestStatus.Failed,
          failureMessage: [error?.message, error?.cause].filter(Boolean).join('\n'),
        })
      }
      Object.assign(watch, { armed: false, test: undefined })
      if (watch.late) return { status: DryRunStatus.Timeout, reason: 'processor time' }
      runHooks()
      test.time = processorTime() - watch.since
      results.push({ ...outcome, timeSpentMs: performance.now() - start })
      if (chosen !== null && outcome.status === TestStatus.Failed) break
    }
    return { status: DryRunStatus.Complete, tests: results }
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'direct', DirectRunner)]
