/** The arrows of docs/architecture.md hold in src, and every rule bites on a fixture that breaks it. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync, copyFileSync, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise } from 'dependency-cruiser'
import type { IConfiguration, ICruiseResult } from 'dependency-cruiser'
import { afterAll, describe, expect, it } from 'vitest'
import { root } from './root.ts'

const config = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as IConfiguration

async function violations(baseDir: string): Promise<{ rule: string; from: string; to: string }[]> {
  const { output } = await cruise(['src'], {
    ...config.options,
    ruleSet: { forbidden: config.forbidden ?? [] },
    validate: true,
    baseDir,
  })
  const { summary } = output as ICruiseResult
  expect(summary.totalCruised).toBeGreaterThan(0)
  return summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }))
}

/** Files that break the rules, by the rule that each breaks. */
const offences: Record<string, Record<string, string>> = {
  'no-cycles': {
    'src/selectability/hen.ts': "import './egg.ts'",
    'src/selectability/egg.ts': "import './hen.ts'",
  },
  'no-unresolved': { 'src/kernels/lost.ts': "import './nowhere.ts'" },
  'kernels-use-nothing': { 'src/kernels/dot.ts': "import '../matrix.ts'" },
  'the-kernels-entry-never-meets-the-door': { 'src/kernels.ts': "import './stack.ts'" },
  'only-the-switch-knows-the-backends': { 'src/selectability/fast.ts': "import '../kernels/simd/module.ts'" },
  'the-door-is-at-the-bottom': { 'src/matrix.ts': "import './kernels/gemm.ts'" },
  'only-the-door-knows-ndarray': { 'src/attention.ts': "import ndarray from 'ndarray'\nndarray([])" },
  'judges-do-not-know-the-solver': {
    'src/selectability/certificate.ts': "import './nearest.ts'",
    'src/selectability/exact/linear.ts': "import '../nearest.ts'",
  },
  'the-checker-uses-the-door-and-the-kernels': { 'src/selectability/pool.ts': "import '../attention.ts'" },
  'attention-uses-the-door-and-the-kernels': { 'src/layernorm.ts': "import './selectability/nearest.ts'" },
  'stacks-and-masks-are-part-of-the-door': { 'src/mask.ts': "import './kernels/gemm.ts'" },
  'front-rooms-use-the-public-api': {
    'src/cli/check.ts': "import '../matrix.ts'",
    'src/testing/theorems.ts': "import '../cli/check.ts'",
  },
  'nothing-uses-the-front-rooms': { 'src/index.ts': "import './cli/format.ts'" },
  'only-front-rooms-use-dev-packages': { 'src/selectability/margin.ts': "import 'fast-check'" },
  'the-command-line-uses-what-it-bundles': { 'src/cli/attend.ts': "import 'seedrandom'" },
  'the-testing-entry-uses-its-peers': { 'src/testing/keys.ts': "import 'commander'" },
  'only-workers-and-the-command-line-use-node': { 'src/selectability/explain.ts': "import 'node:fs'" },
}

/** Files that break no rule, some of them near one. */
const innocent: Record<string, string> = {
  'src/kernels/gemm.ts': 'export const gemm = 1\nexport type Floats = Float64Array',
  'src/kernels/backend.ts': "import './simd/module.ts'",
  'src/kernels/simd/module.ts': "import '../gemm.ts'",
  'src/kernels/simd/screener.ts': "import './module.ts'",
  'src/selectability/gram.ts': "import '../kernels/simd/screener.ts'",
  'src/stack.ts': "import './matrix.ts'\nimport type { Floats } from './kernels/gemm.ts'\nexport type A = Floats",
  'src/selectability/types.ts': 'export type Verdict = string',
  'src/selectability/exact.ts': "import './exact/dyadic.ts'\nimport './types.ts'",
  'src/selectability/exact/dyadic.ts': 'export const dyadic = 1',
  'src/selectability/nearest.ts':
    "import '../kernels/gemm.ts'\nimport type { NdArray } from 'ndarray'\nexport type A = NdArray",
  'src/selectability/workers.ts': "import 'node:worker_threads'",
  'src/cli/format.ts': "import 'node:fs'\nimport 'commander'",
  'src/testing/arbitraries.ts': "import 'seedrandom'\nimport '../index.ts'",
}

describe('architecture', () => {
  const fixture = mkdtempSync(join(tmpdir(), 'selectability-architecture-'))
  afterAll(() => rmSync(fixture, { recursive: true, force: true }))

  it('holds in src', async () => {
    expect(await violations(root)).toEqual([])
  })

  it('is checked on every file, imports of types included', async () => {
    const { output } = await cruise(['src'], { ...config.options, baseDir: root })
    const { modules } = output as ICruiseResult
    const index = modules.find(({ source }) => source === 'src/index.ts')
    expect(index?.dependencies.map(({ resolved }) => resolved)).toContain('src/selectability/types.ts')
  })

  it('has rules that bite', async () => {
    const files = Object.assign({ ...innocent }, ...Object.values(offences)) as Record<string, string>
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(fixture, path)), { recursive: true })
      writeFileSync(join(fixture, path), `${text}\n`)
    }
    copyFileSync(join(root, 'package.json'), join(fixture, 'package.json'))
    if (!existsSync(join(fixture, 'node_modules')))
      symlinkSync(join(root, 'node_modules'), join(fixture, 'node_modules'))

    const found = await violations(fixture)
    expect(config.forbidden?.map(({ name }) => name)).toEqual(Object.keys(offences))
    for (const [rule, broken] of Object.entries(offences)) {
      const caught = found.filter((violation) => violation.rule === rule).map(({ from }) => from)
      // A cycle is reported once, from either end.
      if (rule === 'no-cycles') expect(Object.keys(broken)).toContain(caught[0])
      else expect(caught, rule).toEqual(expect.arrayContaining(Object.keys(broken)))
    }
    expect(found.filter(({ from }) => from in innocent)).toEqual([])
  })
})
