/** The tarball on every runtime and under every compiler that its users have. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { install, tools } from './install.ts'
import type { Project } from './install.ts'

let project: Project
beforeAll(() => {
  project = install()
})
afterAll(() => project.remove())

const use = `
const keys = [[1, 1], [1, -1], [-1, 1], [-1, -1], [0, 0]]
const { verdicts } = selectability(keys, { tolerance: 0 })
const weights = kernels.gemm(new Float32Array(64 * 64).fill(1), new Float32Array(64 * 64).fill(1), 64, 64, 64, new Float32Array(64 * 64))
console.log(JSON.stringify([verdicts.at(-1), verify(keys, certify(keys, 4)).valid, weights[0], backend().name]))
`
const names = 'backend, certify, selectability, verify'
const esm = `import { ${names} } from 'selectability'\nimport * as kernels from 'selectability/kernels'\n${use}`
const cjs = `const { ${names} } = require('selectability')\nconst kernels = require('selectability/kernels')\n${use}`
const expected = '["unselectable",true,64,"simd"]'

/** The largest error of products of float32, in terms of γ_(d+1)·Σ|a||b| and the rounding of the result. */
const products = `
import { backend, gemmTransposed } from 'selectability/kernels'
const [n, d, u] = [61, 257, 2 ** -24]
const a = Float32Array.from({ length: n * d }, (_, at) => Math.sin(at) * 2 ** (at % 7))
const y = gemmTransposed(a, a, n, n, d, new Float32Array(n * n))
let worst = 0
for (let i = 0; i < n; i++) {
  for (let j = 0; j < n; j++) {
    let [exact, size] = [0, 0]
    for (let c = 0; c < d; c++) {
      const product = a[i * d + c] * a[j * d + c]
      exact += product
      size += Math.abs(product)
    }
    const bound = (((d + 1) * u) / (1 - (d + 1) * u)) * size + u * Math.abs(exact)
    worst = Math.max(worst, Math.abs(y[i * n + j] - exact) / bound)
  }
}
console.log(JSON.stringify([worst, backend().reason]))
`

function run(command: string, ...args: string[]): string {
  const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' }
  const { stdout, stderr, error } = spawnSync(command, args, { cwd: project.path, encoding: 'utf8', env })
  return error === undefined ? stdout.trim() || stderr.trim() : String(error)
}

describe.each([
  ['Node 20 (this one)', process.execPath, []],
  ['Node 22', join(tools, 'node22/bin/node'), []],
  ['Node 24', join(tools, 'node24/bin/node'), []],
  ['Deno 2', join(tools, '.bin/deno'), ['run', '--no-remote', '--node-modules-dir=manual', '-A']],
  ['Bun 1', join(tools, '.bin/bun'), ['run']],
] as const)('%s', (runtime, command, args) => {
  it('imports', () => {
    expect(run(command, ...args, project.write('use.mjs', esm))).toBe(expected)
  })

  it('requires', () => {
    expect(run(command, ...args, project.write('use.cjs', cjs))).toBe(expected)
  })

  it('multiplies within the bound, with or without fused multiply-adds', () => {
    const [result, reason] = JSON.parse(run(command, ...args, project.write('products.mjs', products))) as [
      number,
      string,
    ]
    expect(result).toBeLessThanOrEqual(1)
    if (/^Node 2[24]/.test(runtime)) expect(reason).toContain('fused multiply-adds')
    if (runtime.startsWith('Node 20')) expect(reason).not.toContain('fused')
  })

  it('runs the command', () => {
    project.write('keys.csv', 'x,y\n0,0\n2,0\n0,2\n')
    const cli = join(project.path, 'node_modules/selectability/dist/cli.js')
    const json = JSON.parse(run(command, ...args, cli, 'check', 'keys.csv', '--format', 'json')) as object
    expect(json).toMatchObject({ n: 3, d: 2, counts: { selectable: 3 }, columns: ['x', 'y'] })
  })
})

describe.each(['typescript-5.4', 'typescript-newest'])('%s', (compiler) => {
  const source = `
import { attention, layerNorm, selectability } from 'selectability'
import type { Certificate, MatrixLike, Report } from 'selectability'
import * as kernels from 'selectability/kernels'
import { assertTheorems, randomKeys } from 'selectability/testing'
import fc from 'fast-check'
const keys: MatrixLike = [[1, 2], [3, 4]]
const report: Report = selectability(layerNorm(keys), { tolerance: 0 })
const certificate: Certificate = report.certificate(0)
export const query: Float64Array | undefined = certificate.verdict === 'unselectable' ? undefined : certificate.query
export const shape: readonly number[] = attention(keys, keys, keys).shape
assertTheorems(fc, { keys: randomKeys({ n: 3, d: 2, distribution: 'cube', seed: 1 }) })
// @ts-expect-error a string is no matrix
selectability('keys')
export { kernels }
`
  it.each([
    ['node16', 'use-types.mts'],
    ['node16', 'use-types.cts'],
    ['nodenext', 'use-types.mts'],
    ['nodenext', 'use-types.cts'],
    ['bundler', 'use-types.ts'],
  ])('finds the types under %s (%s)', (resolution, file) => {
    const module = resolution === 'bundler' ? 'esnext' : resolution
    const flags = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom', '--module', module]
    const tsc = join(tools, compiler, 'bin/tsc')
    const path = project.write(file, source)
    expect(run(process.execPath, tsc, ...flags, '--moduleResolution', resolution, path)).toBe('')
  })
})
