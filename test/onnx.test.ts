/** The same numbers through ONNX Runtime (WebAssembly, one thread), in float32, on either side. */
import * as ort from 'onnxruntime-web'
import { describe, expect, test } from 'vitest'
import { attention, softmax } from '../src/attention.ts'
import { layerNorm } from '../src/layernorm.ts'
import * as reference from './reference/dense.ts'
import { expectWithin, gamma, numbers, rowsOf, u32 } from './reference/dense.ts'
import type { Bounded } from './reference/dense.ts'
import { encodeModel } from './reference/onnx.ts'
import type { Graph } from './reference/onnx.ts'

ort.env.wasm.numThreads = 1

interface Input {
  readonly data: Float32Array
  readonly dims: readonly number[]
}

async function run(graph: Graph, inputs: Record<string, Input>): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(encodeModel(graph))
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, dims }]) => [name, new ort.Tensor('float32', data, dims)]),
  )
  const outputs = await session.run(feeds)
  await session.release()
  return outputs.y.data as Float32Array
}

function random(seed: number, dims: readonly number[], factor = 1): Input {
  const size = dims.reduce((product, length) => product * length, 1)
  return { data: Float32Array.from(numbers(seed, size), (x) => x * factor), dims }
}

function list(x: Input): number[] {
  return Array.from(x.data)
}

describe('LayerNormalization', () => {
  /** ONNX Runtime takes the variance as mean(x²) − mean², in float32: γ_(d+3)·(mean(x²) + mean²) in its square. */
  function onePass(x: number[], eps: number, gain: number[], bias: number[]): Bounded {
    const d = x.length
    const mean = x.reduce((sum, a) => sum + a, 0) / d
    const square = x.reduce((sum, a) => sum + a * a, 0) / d
    const meanError = gamma(d + 2, u32) * (x.reduce((sum, a) => sum + Math.abs(a), 0) / d)
    const exact = reference.normalise(reference.project(x), eps, gain, bias)
    const variance = x.reduce((sum, a) => sum + (a - mean) ** 2, 0) / d + eps
    const squareError =
      gamma(d + 4, u32) * (square + mean * mean + eps) + 2 * Math.abs(mean) * meanError + meanError ** 2
    const ofRoot = squareError / variance
    return {
      value: exact.value,
      error: x.map((a, c) => {
        const y = Math.abs(a - mean) / Math.sqrt(variance)
        const ofDifference = (meanError + 2 * u32 * (Math.abs(a) + Math.abs(mean))) / Math.sqrt(variance)
        const relative = (ofRoot + gamma(4, u32)) / (1 - ofRoot)
        return (
          Math.abs(gain[c]) * (ofDifference * (1 + relative) + y * relative) +
          2 * u32 * (y * Math.abs(gain[c]) + Math.abs(bias[c]))
        )
      }),
    }
  }

  test.each([
    [1, 1, 1e-5, 1],
    [1, 2, 1e-5, 1],
    [5, 8, 1e-5, 1],
    [3, 256, 1e-5, 3],
    [4, 64, 1e-2, 0.01],
    [2, 768, 1e-12, 10],
  ])('%i rows, d = %i, eps = %f, entries up to %f', async (rows, d, eps, factor) => {
    const x = random(rows * d, [rows, d], factor)
    const gain = random(7, [d])
    const bias = random(8, [d])
    const graph = {
      nodes: [
        {
          op: 'LayerNormalization',
          inputs: ['x', 'gain', 'bias'],
          output: 'y',
          attributes: { axis: 1, epsilon: { float: eps } },
        },
      ],
      inputs: { x: 2, gain: 1, bias: 1 },
      outputs: { y: 2 },
    }
    const theirs = await run(graph, { x, gain, bias })
    const ours = layerNorm(x, { eps, gain: gain.data, bias: bias.data })
    const wanted = rowsOf(x.data, rows, d).map((row) => onePass(row, Math.fround(eps), list(gain), list(bias)))
    const exact = rowsOf(x.data, rows, d).map((row) =>
      reference.normalise(reference.shiftedProject(row), eps, list(gain), list(bias), u32, 20),
    )
    expect(ours.dtype).toBe('float32')
    expectWithin(ours.data, exact, u32)
    expectWithin(theirs, wanted)
  })
})

describe('Softmax', () => {
  const graph = {
    nodes: [{ op: 'Softmax', inputs: ['s'], output: 'y', attributes: { axis: 1 } }],
    inputs: { s: 2 },
    outputs: { y: 2 },
  }

  test.each([
    [1, 1, 1],
    [3, 2, 5],
    [4, 33, 20],
    [2, 500, 80],
  ])('%i rows of %i, entries up to %i', async (rows, n, factor) => {
    const s = random(n, [rows, n], factor)
    const theirs = await run(graph, { s })
    const ours = softmax(s)
    const bounded = (u: number, tiny: number): Bounded[] =>
      rowsOf(s.data, rows, n).map((value) => reference.softmax({ value, error: value.map(() => 0) }, u, 1, tiny))
    expect(ours.dtype).toBe('float32')
    expectWithin(ours.data, bounded(u32, 2 ** -149), u32)
    expectWithin(theirs, bounded(u32, 2 ** -126))
  })
})

describe('scaled dot-product attention', () => {
  const graph = {
    nodes: [
      { op: 'Transpose', inputs: ['k'], output: 'kt' },
      { op: 'MatMul', inputs: ['q', 'kt'], output: 'products' },
      { op: 'Mul', inputs: ['products', 'scale'], output: 'scaled' },
      { op: 'Add', inputs: ['scaled', 'mask'], output: 's' },
      { op: 'Softmax', inputs: ['s'], output: 'p', attributes: { axis: 1 } },
      { op: 'MatMul', inputs: ['p', 'v'], output: 'y' },
    ],
    inputs: { q: 2, k: 2, v: 2, scale: 0, mask: 2 },
    outputs: { y: 2 },
  }

  test.each([
    [1, 1, 1, 1],
    [3, 5, 4, 2],
    [40, 70, 16, 16],
    [33, 130, 64, 24],
  ])('m = %i, n = %i, d = %i, dv = %i', async (m, n, d, dv) => {
    const q = random(1, [m, d], 3)
    const k = random(2, [n, d], 3)
    const v = random(3, [n, dv])
    const mask = random(4, [m, n])
    const scale = Math.fround(1 / Math.sqrt(d))
    const theirs = await run(graph, { q, k, v, mask, scale: { data: Float32Array.of(scale), dims: [] } })
    const ours = attention(q, k, v, { scale, mask })
    const bounded = (steps: number): Bounded[] =>
      reference
        .scores(rowsOf(q.data, m, d), rowsOf(k.data, n, d), { scale, mask: rowsOf(mask.data, m, n) }, u32)
        .map((row) => reference.weigh(reference.softmax(row, u32, steps), rowsOf(v.data, n, dv), dv, u32))
    expect(ours.dtype).toBe('float32')
    // Online, an exponential is corrected once a tile, for which n is more than enough.
    expectWithin(ours.data, bounded(n), u32)
    expectWithin(theirs, bounded(1))
  })
})
