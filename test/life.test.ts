/** A long life: memory stays flat, and two copies of the library in one process leave each other alone. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import * as library from '../src/index.ts'
import type * as Library from '../src/index.ts'
import * as kernels from '../src/kernels/index.ts'
import { randomKeys } from '../src/testing/index.ts'
import { root } from './root.ts'

const folder = mkdtempSync(join(tmpdir(), 'selectability-copy-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a long life', () => {
  it('keeps what is in use flat over a thousand checks', () => {
    const script = `
      import * as library from 'selectability'
      import { live } from ${JSON.stringify(pathToFileURL(join(root, 'test/life/checks.mjs')).href)}
      console.log(JSON.stringify(live(library, 1000, 100, globalThis.gc)))`
    const args = ['--expose-gc', '--input-type=module', '--eval', script]
    const marks = JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' })) as {
      used: number
    }[]
    // In the middle, all code is compiled and all caches are filled. One mark is off by some percent; a leak would lift the last three.
    const half = marks.slice(0, 5).at(-1)?.used ?? 0
    expect(Math.min(...marks.slice(-3).map(({ used }) => used))).toBeLessThan(1.1 * half)
  })

  it('leaves no worker behind when checks are called off', async () => {
    const path = new URL('./life/aborted.mjs', import.meta.url).href
    const { callOff } = (await import(/* @vite-ignore */ path)) as {
      callOff: (
        library: typeof Library,
        keys: Library.MatrixLike,
        count: number,
        most: number,
      ) => Promise<{ calledOff: number; started: number; left: number }>
    }
    const keys = randomKeys({ n: 3000, d: 16, distribution: 'heavy', seed: 'life' })
    const { calledOff, started, left } = await callOff(library, keys, 12, 150)
    expect(left).toBe(0)
    expect(calledOff).toBeGreaterThan(0)
    expect(started).toBeGreaterThan(calledOff)
  })

  it('lets the process end while workers wait for more', () => {
    const script = `
      import { selectabilityAsync } from 'selectability'
      const keys = Array.from({ length: 200 }, (_, i) => [Math.sin(i * i), Math.cos(i * i) * i])
      await selectabilityAsync(keys, { threads: 2 })
      const done = performance.now()
      process.on('exit', () => console.log(performance.now() - done))`
    const args = ['--input-type=module', '--eval', script]
    // They would wait for five seconds.
    expect(Number(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' }))).toBeLessThan(2500)
  })

  it('streams inputs larger than any block, as `npm run soak:life` does 2 GiB', async () => {
    const path = new URL('./life/large.mjs', import.meta.url).href
    const { large } = (await import(/* @vite-ignore */ path)) as {
      large: (library: typeof kernels, bytes: number) => number
    }
    expect(large(kernels, 2 ** 24)).toBe(2 ** 16)
  })

  it('shares nothing between two copies', async () => {
    for (const name of readdirSync(join(root, 'dist'))) copyFileSync(join(root, 'dist', name), join(folder, name))
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
    const load = async (path: string): Promise<typeof Library> => {
      const module: unknown = await import(/* @vite-ignore */ pathToFileURL(path).href)
      return module as typeof Library
    }
    const one = await load(join(root, 'dist/index.js'))
    const other = await load(join(folder, 'index.js'))
    expect(one.selectability).not.toBe(other.selectability)
    const names = Object.getOwnPropertyNames(globalThis)
    one.setBackend('js')
    expect(one.backend().name).toBe('js')
    expect(other.backend().name).toBe('simd')
    const keys = [
      [0, 0],
      [2, 0],
      [1, 0],
    ]
    expect(other.verify(keys, one.certify(keys, 2))).toEqual({ valid: true })
    expect(one.verify(keys, other.certify(keys, 2))).toEqual({ valid: true })
    expect(Object.getOwnPropertyNames(globalThis)).toEqual(names)
  })
})
