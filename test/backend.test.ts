/** Which backend runs, what happens where the module cannot, and that its memory grows no further than it must. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type * as Kernels from '../src/kernels/index.ts'
import { expectWithin, numbers, rowsOf } from './reference/dense.ts'
import * as reference from './reference/dense.ts'

interface Memory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

interface Wasm {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: unknown) => { exports: Record<string, unknown> }
  validate: (bytes: Uint8Array) => boolean
}

const wasm = (globalThis as unknown as { WebAssembly: Wasm }).WebAssembly

/** A fresh copy of the kernels, which has instantiated nothing yet. */
async function fresh(): Promise<typeof Kernels> {
  vi.resetModules()
  return import('../src/kernels/index.ts')
}

beforeEach(() => vi.resetModules())
afterEach(() => vi.unstubAllGlobals())

const x = Float32Array.from(numbers(1, 64 * 64))

describe('the switch', () => {
  test('runs SIMD where it is available, and says so', async () => {
    const { backend } = await fresh()
    expect(backend()).toEqual({ name: 'simd', reason: expect.stringContaining('WebAssembly SIMD') as string })
  })

  test('does as it is told, and says so', async () => {
    const { backend, setBackend } = await fresh()
    setBackend('js')
    expect(backend()).toEqual({ name: 'js', reason: "chosen by setBackend('js')" })
    setBackend('simd')
    expect(backend().name).toBe('simd')
    expect(backend().reason).toContain("setBackend('simd')")
    setBackend('auto')
    expect(backend().reason).not.toContain('setBackend')
    expect(() => setBackend('gpu' as never)).toThrow(RangeError)
    expect(() => setBackend('gpu' as never)).toThrow("backend: expected 'auto', 'simd' or 'js', got the string \"gpu\"")
  })

  test('is the same in both entries', async () => {
    const kernels = await fresh()
    const main = await import('../src/index.ts')
    expect(main.backend).toBe(kernels.backend)
    expect(main.setBackend).toBe(kernels.setBackend)
  })

  test('sends small calls to the reference, large ones to the module', async () => {
    const instance = vi.fn(function (module: object, imports: unknown) {
      return new wasm.Instance(module, imports)
    })
    vi.stubGlobal('WebAssembly', { Module: wasm.Module, Instance: instance, validate: () => false })
    const { attention, layerNorm } = await fresh()
    attention(x, x, x, 2, 2, 4, 4, 0.5, false, null, 0, new Float32Array(8))
    layerNorm(x, 1, 8, 1e-5, null, null, new Float32Array(8))
    expect(instance).not.toHaveBeenCalled()
    attention(x, x, x, 64, 64, 64, 64, 0.125, false, null, 0, new Float32Array(64 * 64))
    attention(x, x, x, 64, 64, 64, 64, 0.125, false, null, 0, new Float32Array(64 * 64))
    expect(instance).toHaveBeenCalledTimes(1)
  })
})

describe('where the module cannot be instantiated', () => {
  test.each<[string, unknown, string]>([
    ['no WebAssembly', undefined, 'undefined'],
    [
      'no SIMD, or a policy that forbids it',
      {
        ...wasm,
        Module: function () {
          throw new Error('unexpected opcode 0xfd')
        },
      },
      'unexpected opcode 0xfd',
    ],
  ])('%s: JavaScript runs everything, and the reason is told', async (_, stub, message) => {
    vi.stubGlobal('WebAssembly', stub)
    const { backend, gemmTransposed, setBackend } = await fresh()
    const y = gemmTransposed(x, x, 64, 64, 64, new Float64Array(64 * 64))
    expectWithin(y, reference.scores(rowsOf(x, 64, 64), rowsOf(x, 64, 64), { scale: 1 }))
    expect(backend().name).toBe('js')
    expect(backend().reason).toContain('WebAssembly SIMD is not available')
    expect(backend().reason).toContain(message)
    expect(() => setBackend('simd')).toThrow(message)
    expect(backend().name).toBe('js')
  })
})

describe('memory', () => {
  /** The kernels, and the memory of the one instance they make. */
  async function watched(): Promise<{ kernels: typeof Kernels; memory: () => Memory }> {
    const memories: Memory[] = []
    vi.stubGlobal('WebAssembly', {
      Module: wasm.Module,
      validate: wasm.validate,
      Instance: function (module: object, imports: unknown) {
        const instance = new wasm.Instance(module, imports)
        // The module with relaxed SIMD is given that of the other.
        if (imports === undefined) memories.push(instance.exports['memory'] as Memory)
        return instance
      },
    })
    const kernels = await fresh()
    kernels.setBackend('simd')
    return {
      kernels,
      memory: () => {
        expect(memories.length).toBe(1)
        return memories[0]
      },
    }
  }

  test('grows with the largest call, and no further over 10,000 calls', async () => {
    const { kernels, memory } = await watched()
    const out = new Float32Array(64 * 64)
    const once = (size: number): void => {
      kernels.attention(x, x, x, size, size, size, size, 0.1, false, null, 0, out)
      kernels.gemm(x, x, size, size, size, out)
      kernels.layerNorm(x, size, size, 1e-5, x, x, out)
      kernels.softmax(x, size, size, out)
    }
    once(64)
    const { byteLength } = memory().buffer
    for (let call = 0; call < 2500; call++) once(1 + (call % 64))
    expect(memory().buffer.byteLength).toBe(byteLength)
  })

  test('a call that makes it grow gives the same as one that does not', async () => {
    const { kernels, memory } = await watched()
    const [n, d] = [700, 300]
    const large = Float64Array.from(numbers(2, n * d))
    const small = kernels.gemm(x, x, 8, 8, 8, new Float32Array(64))
    const before = memory().buffer.byteLength
    const first = kernels.attention(large, large, large, n, n, d, d, 0.1, true, null, 0, new Float64Array(n * d))
    expect(memory().buffer.byteLength).toBeGreaterThan(before)
    const second = kernels.attention(large, large, large, n, n, d, d, 0.1, true, null, 0, new Float64Array(n * d))
    expect(second).toEqual(first)
    expect(kernels.gemm(x, x, 8, 8, 8, new Float32Array(64))).toEqual(small)
  })

  test('does not grow with the number of keys or rows', async () => {
    const { kernels, memory } = await watched()
    const n = 400_000
    const long = new Float32Array(n * 8).fill(0.5)
    const y = kernels.attention(long, long, long, 8, n, 8, 8, 1, false, null, 0, new Float32Array(64))
    expect(y.every((value) => value === 0.5)).toBe(true)
    kernels.layerNorm(long, n, 8, 1e-5, null, null, long)
    expect(memory().buffer.byteLength).toBeLessThan(64 * 2 ** 20)
  })

  test('that cannot be had is a RangeError that names its size', async () => {
    const { kernels, memory } = await watched()
    kernels.gemm(x, x, 8, 8, 8, new Float32Array(64))
    vi.spyOn(memory(), 'grow').mockImplementation(() => {
      throw new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded')
    })
    const large = new Float32Array(1000 * 1000)
    const call = (): unknown => kernels.gemm(large, large, 1000, 1000, 1000, new Float32Array(1e6))
    expect(call).toThrow(RangeError)
    expect(call).toThrow(/^memory: expected room for \d{7,} bytes of scratch, got \d+$/)
  })
})
