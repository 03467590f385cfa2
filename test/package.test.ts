/** The package as its users get it: packed, unpacked into a project of its own, imported, required, type-checked. */
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from './root.ts'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly bin: Record<string, string>
  readonly dependencies: Record<string, string>
  readonly peerDependencies?: Record<string, string>
  readonly exports: Record<string, string | Record<'import' | 'require', Record<'types' | 'default', string>>>
}

const require = createRequire(import.meta.url)
const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
const manifest = readManifest(root)
const entries = Object.keys(manifest.exports)
  .filter((entry) => entry !== './package.json')
  .map((entry) => manifest.name + entry.slice(1))

const scratch = mkdtempSync(join(tmpdir(), 'selectability-package-'))
const consumer = join(scratch, 'consumer')
const installed = join(consumer, 'node_modules', manifest.name)
let tarball = ''
/** What users download, in bytes. */
const largestTarball = 420_000

/** Runs Node in the consumer's project; returns what it prints. */
function node(...args: string[]): string {
  // The test runner's own loader and options are not the consumer's.
  const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' }
  return execFileSync(process.execPath, args, {
    cwd: consumer,
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function link(name: string): void {
  const path = join(consumer, 'node_modules', name)
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(join(root, 'node_modules', name), path, 'junction')
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => lstatSync(join(folder, path)).isFile())
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
}

beforeAll(() => {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('dist is missing: run `npm run build` first')
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }]
  tarball = join(scratch, filename)
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'])
  // Only what an install would bring; without a network, from here.
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) link(name)
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
})

afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe('the tarball', () => {
  it('holds what is needed and nothing else', () => {
    const files = filesOf(installed)
    expect(files.filter((path) => !path.startsWith('dist/'))).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'package.json',
    ])
    expect(files.filter((path) => path.startsWith('dist/') && !/[.](c?js|d[.]c?ts)$/.test(path))).toEqual([])
  })

  it('is small', () => {
    expect(statSync(tarball).size).toBeLessThan(largestTarball)
  })

  it('says where it comes from', () => {
    const { repository, homepage, bugs, keywords, engines, sideEffects } = readManifest(installed) as unknown as Record<
      string,
      unknown
    >
    expect(repository).toMatchObject({ type: 'git', url: expect.stringMatching(/^git[+]https:/u) as string })
    expect({ homepage, bugs }).toEqual({ homepage: expect.any(String) as string, bugs: expect.any(String) as string })
    expect({ engines, sideEffects }).toEqual({ engines: { node: '>=20.19' }, sideEffects: false })
    expect((keywords as string[]).length).toBeGreaterThan(4)
    expect(readFileSync(join(root, 'CITATION.cff'), 'utf8')).toContain(`\nversion: ${manifest.version}\n`)
  })

  it('has types first under every condition', () => {
    for (const conditions of Object.values(manifest.exports)) {
      if (typeof conditions === 'string') continue
      for (const paths of Object.values(conditions)) expect(Object.keys(paths)[0]).toBe('types')
    }
  })

  it('names no machine and no registry', () => {
    const texts = filesOf(installed).map((path) => [path, readFileSync(join(installed, path), 'utf8')] as const)
    const lock = ['package-lock.json', readFileSync(join(root, 'package-lock.json'), 'utf8')] as const
    const places = [root.replace(/[\\/]$/, ''), homedir(), tmpdir()].filter((place) => place.length > 1)
    for (const [path, text] of [...texts, lock]) {
      for (const place of places) expect(text.includes(`${place}/`), `${path} names ${place}`).toBe(false)
      expect(text, path).not.toMatch(/\/(?:home|Users|root|workspace)\/\w/)
      expect(text, path).not.toMatch(/https?:\/\/(?:registry|npm|artifactory|nexus|verdaccio)[.\w-]*[:/]/i)
    }
    expect(lock[1]).not.toContain('"resolved": "http')
  })

  it('is what publint and arethetypeswrong want', async () => {
    const { messages } = await publint({ pkgDir: installed, strict: true, pack: false })
    const published = readManifest(installed)
    expect(messages.map((message) => formatMessage(message, published, { color: false }))).toEqual([])
    const attw = require.resolve('@arethetypeswrong/cli/package.json')
    const { bin } = require(attw) as { bin: Record<string, string> }
    // It exits with an error when it finds a problem. The node16 profile: TypeScript's old `node10` resolution knows no `exports`, and Node >= 20.19 does.
    const options = ['--profile', 'node16', '--format', 'ascii', '--no-color', '--no-emoji', '--no-definitely-typed']
    const output = node(join(dirname(attw), bin['attw'] ?? ''), tarball, ...options)
    for (const entry of entries) expect(output).toContain(`"${entry}"`)
  })
})

describe('the entries', () => {
  it.each(entries)('%s gives the same names to import and to require', (entry) => {
    const list = 'console.log(JSON.stringify(Object.keys(entry).filter((name) => name !== "default").sort()))'
    const imported = node('--input-type=module', '--eval', `import * as entry from '${entry}'; ${list}`)
    const required = node('--input-type=commonjs', '--eval', `const entry = require('${entry}'); ${list}`)
    expect(imported).toBe(required)
    expect(JSON.parse(imported)).not.toEqual([])
  })

  it('work', () => {
    const use = 'console.log(selectability([[1, 1], [1, -1], [-1, 1], [-1, -1], [0, 0]]).verdicts.join())'
    const expected = 'selectable,selectable,selectable,selectable,unselectable\n'
    expect(node('--input-type=module', '--eval', `import { selectability } from 'selectability'; ${use}`)).toBe(
      expected,
    )
    expect(node('--input-type=commonjs', '--eval', `const { selectability } = require('selectability'); ${use}`)).toBe(
      expected,
    )
  })

  it('kernels load where code may not be generated from strings', () => {
    const forbidden = '--disallow-code-generation-from-strings'
    expect(() => node(forbidden, '--eval', 'new Function("")')).toThrow()
    node(forbidden, '--input-type=module', '--eval', "import 'selectability/kernels'")
    node(forbidden, '--input-type=commonjs', '--eval', "require('selectability/kernels')")
  })

  it.each(['kernels.js', 'kernels.cjs'])(
    'dist/%s holds no generated code and imports nothing from outside',
    (start) => {
      const pending = [join(installed, 'dist', start)]
      const seen = new Set<string>()
      for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
        if (seen.has(path)) continue
        seen.add(path)
        const text = readFileSync(path, 'utf8')
        expect(text, path).not.toMatch(/\bnew Function\b|\bFunction\(|\beval\(/)
        const { importedFiles } = ts.preProcessFile(text, true, true)
        for (const { fileName } of importedFiles) {
          expect(fileName, path).toMatch(/^[.]\//)
          pending.push(join(dirname(path), fileName))
        }
      }
    },
  )
})

describe('the theorems in a user’s own tests', () => {
  const proofs = join(root, 'examples/proofs')
  const run = (file: string, ...args: string[]): string => {
    copyFileSync(join(proofs, file), join(consumer, file))
    return node(...args, file)
  }

  it('hold under vitest', () => {
    link('vitest')
    const { bin } = require('vitest/package.json') as { bin: Record<string, string> }
    const output = run('vitest.test.mjs', join(root, 'node_modules/vitest', bin['vitest'] ?? ''), 'run')
    expect(output).toMatch(/Tests +[1-9]\d* passed \(/)
  })

  it('hold under node:test', () => {
    const output = run('node.test.mjs', '--test')
    expect(output).toMatch(/# pass [1-9]/)
    expect(output).toContain('# fail 0')
  })

  it('are ten lines', () => {
    for (const file of ['vitest.test.mjs', 'node.test.mjs']) {
      const lines = readFileSync(join(proofs, file), 'utf8').split('\n')
      expect(lines.filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(10)
    }
  })

  it('need fast-check only where it is handed in', () => {
    const without = mkdtempSync(join(scratch, 'bare-'))
    mkdirSync(join(without, 'node_modules'))
    symlinkSync(installed, join(without, 'node_modules', manifest.name), 'junction')
    const use =
      "import { assertTheorems, randomKeys } from 'selectability/testing'; randomKeys({ n: 1, d: 1, distribution: 'cube', seed: 1 })"
    const path = join(without, 'use.mjs')
    writeFileSync(path, `${use}; try { assertTheorems() } catch (error) { console.log(error.message) }`)
    expect(node(path)).toContain('fc: expected the fast-check module, got undefined; npm install --save-dev fast-check')
  })
})

describe('the types', () => {
  const source = `
import { attention, layerNorm, selectability } from 'selectability'
import type { Certificate, MatrixLike, Report, Verdict } from 'selectability'
import * as kernels from 'selectability/kernels'
import fc from 'fast-check'
import { assertTheorems, randomKeys, theorems } from 'selectability/testing'
import type { Theorem } from 'selectability/testing'

const keys: MatrixLike = [[1, 1], [1, -1], [-1, 1], [-1, -1], [0, 0]]
const report: Report = selectability(keys, { tolerance: 0 })
const verdicts: readonly Verdict[] = report.verdicts
const certificate: Certificate = report.certificate(4)
const weights: Float64Array = certificate.verdict === 'selectable' ? certificate.query : certificate.weights
const normalised: MatrixLike = layerNorm(keys, { eps: 0 })
const shape: readonly number[] = attention(keys, keys, keys).shape
export const used: unknown[] = [verdicts, weights, normalised, shape, kernels]
assertTheorems(fc, { keys: randomKeys({ n: 3, d: 2, distribution: 'cube', seed: 1 }) })
export const first: Theorem | undefined = theorems[0]
// @ts-expect-error no such distribution
randomKeys({ n: 3, d: 2, distribution: 'normal', seed: 1 })
// @ts-expect-error a string is no matrix
selectability('keys')
// @ts-expect-error an ndarray is no string, so its type has been found
export const text: string = layerNorm(keys)
// @ts-expect-error the query belongs to another verdict
if (certificate.verdict === 'unselectable') certificate.query
`

  const node16 = { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 }
  const bundler = { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }

  it.each([
    ['node16, import', 'node16.mts', node16],
    ['node16, require', 'node16.cts', node16],
    ['bundler', 'bundler.ts', bundler],
  ] as const)('are found and right under %s', (_, name, resolution) => {
    const path = join(consumer, name)
    writeFileSync(path, source)
    // The libraries' own declarations are checked too: users need not skip that.
    const program = ts.createProgram([path], {
      ...resolution,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
      strict: true,
      noEmit: true,
      types: [],
      typeRoots: [],
    })
    const problems = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
      return `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
    })
    expect(problems).toEqual([])
  })
})

describe('the command', () => {
  it('prints its version', () => {
    const [path] = Object.values(manifest.bin)
    expect(node(join(installed, path ?? ''), '--version').trim()).toBe(manifest.version)
  })

  it('can be executed', () => {
    const [path] = Object.values(manifest.bin)
    expect(readFileSync(join(installed, path ?? ''), 'utf8').split('\n')[0]).toBe('#!/usr/bin/env node')
  })

  it('brings what it needs', () => {
    for (const name of ['commander', 'csv-parse', 'cli-progress', 'yauzl']) {
      expect(existsSync(join(consumer, 'node_modules', name))).toBe(false)
      expect(manifest.dependencies).not.toHaveProperty(name)
    }
  })
})
