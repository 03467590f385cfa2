/** The tarball through four bundlers, in a real Chromium: on a page, in a worker, and under a policy that forbids generated code. */
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../browser/chromium.ts'
import { contentSecurityPolicy, serve } from '../browser/serve.ts'
import { install, tools } from './install.ts'
import type { Project } from './install.ts'

let project: Project
let browser: Browser
const require = createRequire(join(tools, 'index.js'))
const load = async <T>(name: string): Promise<T> => (await import(pathToFileURL(require.resolve(name)).href)) as T

const page = '<!doctype html><script type="module" src="./bundle.js"></script>'
const main = `
import { backend, selectability } from 'selectability'
const { verdicts } = selectability([[1, 1], [1, -1], [-1, 1], [-1, -1], [0, 0]], { tolerance: 0 })
document.title = JSON.stringify([verdicts.at(-1), backend().name])
`
const inWorker = `
import { backend, gemm, selectability } from 'selectability/kernels'
const { verdicts } = selectability(Float64Array.of(1, 1, 1, -1, -1, 1, -1, -1, 0, 0), 5, 2, { tolerance: 0 })
const product = gemm(new Float32Array(4096).fill(1), new Float32Array(4096).fill(1), 64, 64, 64, new Float32Array(4096))
const answer = JSON.stringify([verdicts.at(-1), backend().name, product[0]])
if (typeof document === 'undefined') postMessage(answer)
else document.title = answer
`
const starter = `
new Worker('./worker.js').onmessage = ({ data }) => { document.title = data }
`

beforeAll(async () => {
  project = install()
  browser = await launchChromium()
  project.write('main.js', main)
  project.write('kernels.js', inWorker)
})
afterAll(async () => {
  await browser.close()
  project.remove()
})

type Bundle = (entry: string, out: string) => Promise<void>

interface Esbuild {
  build(options: object): Promise<unknown>
}
interface Rollup {
  rollup(options: object): Promise<{ write(options: object): Promise<unknown> }>
}
type Webpack = (
  options: object,
  done: (error: Error | null, stats: { hasErrors(): boolean; toString(): string }) => void,
) => void

const bundlers: Readonly<Record<string, Bundle>> = {
  async esbuild(entry, out) {
    const { build } = await load<Esbuild>('esbuild')
    await build({ entryPoints: [entry], bundle: true, minify: true, format: 'esm', outfile: out })
  },
  async rollup(entry, out) {
    const { rollup } = await load<Rollup>('rollup')
    const { nodeResolve } = await load<{ nodeResolve(options: object): unknown }>('@rollup/plugin-node-resolve')
    const commonjs = await load<{ default: () => unknown }>('@rollup/plugin-commonjs')
    const bundle = await rollup({ input: entry, plugins: [nodeResolve({ browser: true }), commonjs.default()] })
    await bundle.write({ file: out, format: 'es' })
  },
  async vite(entry, out) {
    const { build } = (await import(pathToFileURL(join(tools, 'vite/dist/node/index.js')).href)) as Esbuild
    const lib = { entry, formats: ['es'], fileName: () => 'bundle.js' }
    await build({ root: project.path, logLevel: 'error', build: { lib, outDir: join(out, '..'), emptyOutDir: false } })
  },
  async webpack(entry, out) {
    const { default: webpack } = await load<{ default: Webpack }>('webpack')
    await new Promise<void>((resolve, reject) => {
      const output = { path: join(out, '..'), filename: 'bundle.js' }
      webpack({ mode: 'production', entry, output, context: project.path }, (error, stats) => {
        if (error !== null) reject(error)
        else if (stats.hasErrors()) reject(new Error(stats.toString()))
        else resolve()
      })
    })
  },
}

/** The title that a page of this folder gives itself, or what went wrong. */
async function titleOf(folder: string, headers: Record<string, string> = {}): Promise<string> {
  const served = await serve(folder, { base: '/', headers })
  const tab = await browser.newPage()
  const problems: string[] = []
  tab.on('pageerror', (error) => problems.push(String(error)))
  tab.on('console', (message) => problems.push(message.text()))
  try {
    await tab.goto(served.url)
    await tab.waitForFunction(() => document.title !== '', undefined, { timeout: 20_000 }).catch(() => undefined)
    return (await tab.title()) || problems.join('; ')
  } finally {
    await tab.close()
    await served.close()
  }
}

describe.each(Object.entries(bundlers))('%s', (name, bundle) => {
  it('builds the main entry, which runs with SIMD', async () => {
    const folder = join(project.path, `${name}-main`)
    mkdirSync(folder)
    await bundle(join(project.path, 'main.js'), join(folder, 'bundle.js'))
    project.write(`${name}-main/index.html`, page)
    expect(await titleOf(folder)).toBe('["unselectable","simd"]')
  })

  it('builds the kernels, which run where code may not be generated from strings', async () => {
    const folder = join(project.path, `${name}-kernels`)
    mkdirSync(folder)
    await bundle(join(project.path, 'kernels.js'), join(folder, 'bundle.js'))
    project.write(`${name}-kernels/index.html`, page)
    expect(contentSecurityPolicy).not.toContain("'unsafe-eval'")
    const title = await titleOf(folder, { 'content-security-policy': contentSecurityPolicy })
    expect(title).toBe('["unselectable","simd",64]')
  })
})

it('runs in a web worker', async () => {
  const folder = join(project.path, 'worker')
  mkdirSync(folder)
  const { build } = await load<Esbuild>('esbuild')
  const common = { bundle: true, format: 'iife' }
  await build({ ...common, entryPoints: [join(project.path, 'kernels.js')], outfile: join(folder, 'worker.js') })
  project.write('worker/bundle.js', starter)
  project.write('worker/index.html', page)
  expect(await titleOf(folder)).toBe('["unselectable","simd",64]')
})
