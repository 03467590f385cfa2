/** 2^x as fused attention takes it, against Math.pow, everywhere it is not 0. */
import './reference/relaxed.ts'
import asc from 'assemblyscript/asc'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { numbers } from './reference/dense.ts'
import { root } from './root.ts'

/** 2^x of vectors at an address, by `src/kernels/simd/assembly/exp2.ts`, compiled for itself: the module exports no such thing. */
const powers = `
import { exp2 } from './exp2'
export function powers<T extends number>(x: usize, vectors: i32): void {
  for (let at = 0; at < vectors; at++) {
    v128.store(x, exp2<T>(v128.load(x)))
    x += 16
  }
}
export function powers32(x: usize, vectors: i32): void { powers<f32>(x, vectors) }
export function powers64(x: usize, vectors: i32): void { powers<f64>(x, vectors) }
`

interface Powers {
  readonly memory: { readonly buffer: ArrayBuffer }
  powers32(x: number, vectors: number): void
  powers64(x: number, vectors: number): void
}

async function compiledPowers(features: string): Promise<Powers> {
  let binary: Uint8Array | null = null
  const { error } = await asc.main(
    ['powers.ts', '-O3', '--runtime', 'stub', '--use', 'abort=', '--enable', features, '--initialMemory', '16'].concat([
      ...['--outFile', 'powers.wasm', '--disableWarning', '112', '--disableWarning', '235'],
    ]),
    {
      readFile: (name) => {
        if (name === 'powers.ts') return powers
        return ['exp2.ts', 'lanes.ts'].includes(name)
          ? readFileSync(join(root, 'src/kernels/simd/assembly', name), 'utf8')
          : null
      },
      writeFile: (_, contents) => {
        binary = contents as Uint8Array
      },
      listFiles: () => [],
    },
  )
  if (error !== null || binary === null) throw new Error(`AssemblyScript: ${error?.message ?? 'no output'}`)
  const { WebAssembly } = globalThis as unknown as {
    WebAssembly: { Module: new (bytes: Uint8Array) => object; Instance: new (module: object) => { exports: object } }
  }
  return new WebAssembly.Instance(new WebAssembly.Module(binary)).exports as Powers
}

describe('the exponential to base 2', () => {
  const at = 65_536

  test.each([
    ['float32', 2 ** -149, 23, -151, 'simd'],
    ['float64', 2 ** -1074, 52, -1076, 'simd'],
    ['float32', 2 ** -149, 23, -151, 'simd,relaxed-simd'],
    ['float64', 2 ** -1074, 52, -1076, 'simd,relaxed-simd'],
  ] as const)('%s is right to 2 ulp, and 0 where nothing is near (%#)', async (name, tiny, digits, none, features) => {
    const compiled = await compiledPowers(features)
    const narrow = name === 'float32'
    const x = narrow
      ? new Float32Array(compiled.memory.buffer, at, 1 << 16)
      : new Float64Array(compiled.memory.buffer, at, 1 << 16)
    const run = (): void => (narrow ? compiled.powers32(at, x.length / 4) : compiled.powers64(at, x.length / 2))
    let worst = 0
    for (let round = 0; round < 40; round++) {
      // Everywhere; and around 0 and every half, where rounding to an integer turns.
      const given = numbers(round, x.length).map((value, c) => {
        const size = Math.abs(value)
        if (c % 4 === 0) return -size * 2 ** (-30 * Math.abs(numbers(c, 1)[0]))
        return c % 4 === 1 ? Math.ceil(size * none) - 0.5 + (c % 64) * 2 ** -20 : size * none
      })
      x.set(given)
      const exact = Array.from(x)
      run()
      for (let c = 0; c < x.length; c++) {
        const wanted = 2 ** exact[c]
        const ulp = Math.max(2 ** (Math.floor(Math.log2(wanted)) - digits), tiny)
        worst = Math.max(worst, Math.abs(x[c] - wanted) / ulp)
      }
    }
    // What is taken for exact in float64 may be an ulp off itself.
    expect(worst).toBeLessThanOrEqual(narrow ? 2 : 3)
    x.set([0, -0, -Infinity, none, -3e38, none + 2, -1, -2])
    run()
    expect(Array.from(x.subarray(0, 8))).toEqual([1, 1, 0, 0, 0, tiny, 0.5, 0.25])
  })
})
