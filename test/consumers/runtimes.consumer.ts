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
] as const)('%s', (_, command, args) => {
  it('imports', () => {
    expect(run(command, ...args, project.write('use.mjs', esm))).toBe(expected)
  })

  it('requires', () => {
    expect(run(command, ...args, project.write('use.cjs', cjs))).toBe(expected)
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
