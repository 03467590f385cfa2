/** The tarball's workers through four bundlers, in a real Chromium: two threads, shared memory where a page is isolated, and a strict policy. */
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
const program = (entry: string, call: string, sync: string) => `
import { selectability, selectabilityAsync } from '${entry}'
let x = 1
const data = Float64Array.from({ length: 1800 }, () => (x = (x * 48271) % 2147483647) / 2147483647)
const all = (report) => JSON.stringify(report.verdicts.map((_, i) => [report.certificate(i)]))
let threads
const onProgress = (progress) => { threads = progress.threads }
const report = await selectabilityAsync(${call} { threads: 2, onProgress })
document.title = JSON.stringify([all(report) === all(selectability(${sync})), threads, crossOriginIsolated])
`
beforeAll(async () => {
  project = install()
  browser = await launchChromium()
  project.write('main.js', program('selectability', '{ data, shape: [300, 6] },', '{ data, shape: [300, 6] }'))
  project.write('kernels.js', program('selectability/kernels', 'data, 300, 6,', 'data, 300, 6'))
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
async function titleOf(folder: string, headers: Record<string, string>): Promise<string> {
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
const isolated = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }
describe.each(Object.entries(bundlers))('%s', (name, bundle) => {
  it.each(['main', 'kernels'])('runs two workers from %s', async (entry) => {
    const folder = join(project.path, `${name}-${entry}`)
    mkdirSync(folder)
    await bundle(join(project.path, `${entry}.js`), join(folder, 'bundle.js'))
    project.write(`${name}-${entry}/index.html`, '<!doctype html><script type="module" src="./bundle.js"></script>')
    expect(await titleOf(folder, {})).toBe('[true,2,false]')
    expect(await titleOf(folder, isolated)).toBe('[true,2,true]')
    if (entry === 'main') return
    const policy = 'content-security-policy'
    expect(await titleOf(folder, { [policy]: `${contentSecurityPolicy}; worker-src blob:` })).toBe('[true,2,false]')
    expect(await titleOf(folder, { [policy]: contentSecurityPolicy })).toBe('[true,0,false]')
  })
})
