/** The largest attention that a key can get: exact cases, two independent solvers, and both bounds recomputed with 400 bits. */
import { test as propertyTest, fc } from '@fast-check/vitest'
import seedrandom from 'seedrandom'
import { describe, expect, test } from 'vitest'
import { attainableWeight, attainableWeights, attentionWeights } from '../src/index.ts'
import type { AttainableOptions } from '../src/index.ts'
import * as dense from '../src/kernels.ts'
import { randomKeys } from '../src/testing/index.ts'
import { dualValue, problemOf } from './reference/attainable.ts'
import { exp, fixed, log, one, over, root, times, toFloat, total } from './reference/fixed.ts'
import { toIntegers } from './reference/rational.ts'
import { agreement, drawCase, judge, norms } from './soak/weights.ts'

const uniform = seedrandom('attainable weights')

describe('where the answer is known', () => {
  test('no query: the softmax of the biases', () => {
    const keys = [
      [1, 2],
      [3, -4],
      [0, 0],
      [7, 1],
    ]
    for (let i = 0; i < 4; i++) expect(attainableWeight(keys, i, { maxNorm: 0 }).weight).toBeCloseTo(1 / 4, 12)
    const bias = [0, 1, -1, 3]
    const sum = bias.reduce((all, b) => all + Math.exp(b), 0)
    bias.forEach((b, i) => {
      const { weight, bound, attained, query } = attainableWeight(keys, i, { maxNorm: 0, bias })
      expect(Math.abs(weight - Math.exp(b) / sum)).toBeLessThan(1e-13)
      expect(Math.abs(bound - Math.exp(b) / sum)).toBeLessThan(1e-13)
      expect(attained).toBe(true)
      expect(Array.from(query)).toEqual([0, 0])
    })
    expect(attainableWeight(keys, 0, { scale: 0 }).weight).toBeCloseTo(1 / 4, 12)
  })

  test.each([1, 2, 3, 7])('%i equal copies share evenly', (m) => {
    const keys = Array.from({ length: m }, () => [2, -3])
    for (const maxNorm of norms) {
      const { weight, bound, attained } = attainableWeight(keys, m - 1, { maxNorm })
      expect(Math.abs(weight - 1 / m)).toBeLessThan(1e-12)
      expect(bound).toBeGreaterThanOrEqual(weight)
      expect(attained).toBe(true)
    }
    // With another key to be left behind, the same share is only approached.
    const { weight, attained, query } = attainableWeight([...keys, [0, 0]], 0)
    expect(Math.abs(weight - 1 / m)).toBeLessThan(1e-12)
    expect(attained).toBe(false)
    const reached = attentionWeights([Array.from(query)], [...keys, [0, 0]]).get(0, 0)
    expect(Math.abs(reached - 1 / m)).toBeLessThan(1e-12)
  })

  test('the middle of a segment gets a third, attained only if nothing has to be left behind', () => {
    const segment = [
      [-1, 0],
      [1, 0],
      [0, 0],
    ]
    const alone = attainableWeight(segment, 2)
    expect(Math.abs(alone.weight - 1 / 3)).toBeLessThan(1e-12)
    expect(alone.attained).toBe(true)
    const tied = attainableWeight([...segment, [0, -1], [5, -1]], 2)
    expect(Math.abs(tied.weight - 1 / 3)).toBeLessThan(1e-12)
    expect(tied.attained).toBe(false)
    expect(Array.from(tied.support)).toEqual([0, 1])
    const reached = attentionWeights([Array.from(tied.query)], [...segment, [0, -1], [5, -1]]).get(0, 2)
    expect(Math.abs(reached - 1 / 3)).toBeLessThan(1e-12)
  })

  test('a third of the way along it, the entropy of (1/3, 2/3) decides', () => {
    const entropy = -(Math.log(1 / 3) / 3 + (2 * Math.log(2 / 3)) / 3)
    const { weight } = attainableWeight([[0], [3], [1]], 2)
    expect(Math.abs(weight - 1 / (1 + Math.exp(entropy)))).toBeLessThan(1e-12)
  })

  test('a selectable key comes as near to 1 as wanted, and never there', () => {
    const { weight, bound, attained, query } = attainableWeight(
      [
        [1, 0],
        [0, 1],
        [0, 0],
      ],
      0,
    )
    expect([weight, bound, attained]).toEqual([1, 1, false])
    expect(
      attentionWeights(
        [Array.from(query)],
        [
          [1, 0],
          [0, 1],
          [0, 0],
        ],
      ).get(0, 0),
    ).toBeGreaterThan(1 - 1e-15)
  })

  test('two keys: a logistic function of the norm', () => {
    for (const maxNorm of [0.1, 1, 10, 100]) {
      const { weight, query } = attainableWeight(
        [
          [3, 4],
          [0, 0],
        ],
        0,
        { maxNorm, scale: 1 },
      )
      expect(Math.abs(weight - 1 / (1 + Math.exp(-5 * maxNorm)))).toBeLessThan(1e-12)
      expect(query[0]! / query[1]!).toBeCloseTo(0.75, 6)
    }
  })

  test('a negative scale turns queries around and changes nothing else', () => {
    const keys = [
      [3, 4],
      [0, 0],
      [1, -1],
    ]
    const there = attainableWeight(keys, 0, { maxNorm: 2, scale: 0.5 })
    const back = attainableWeight(keys, 0, { maxNorm: 2, scale: -0.5 })
    expect(back.weight).toBe(there.weight)
    expect(Array.from(back.query)).toEqual(Array.from(there.query, (x) => -x))
  })

  test('keys within the tolerance of the hull count as in it', () => {
    const keys = [
      [0, 0],
      [2, 0],
      [1, 2 ** -40],
    ]
    expect(attainableWeight(keys, 2).weight).toBe(1)
    expect(attainableWeight(keys, 2, { tolerance: 1e-9 }).weight).toBeCloseTo(1 / 3, 9)
  })
})

/** `log Σ_{j≠i} e^{l_j − l_i}`'s weight for a query, with 400 bits. */
function weightOf(keys: number[][], i: number, query: Float64Array, scale: number, bias: number[] | undefined): bigint {
  const q = Array.from(query, fixed)
  const logit = (j: number): bigint => {
    const score = total(keys[j]!.map((x, c) => times(fixed(x), q[c]!)))
    return times(fixed(scale), score) + (bias === undefined ? 0n : fixed(bias[j]!))
  }
  const own = logit(i)
  return over(one, total(keys.map((_, j) => exp(logit(j) - own))))
}

/** What weights W on rivals prove: `1/(1 + e^D)`, `D = H(W) + Σ W (b_j − b_i) − R·scale·‖Σ W a‖`, for W made to sum to 1. */
function weightProven(
  keys: number[][],
  i: number,
  { support, weights }: { support: Uint32Array; weights: Float64Array },
  reach: bigint,
  bias: number[] | undefined,
): bigint {
  const raw = Array.from(weights, fixed)
  const sum = total(raw)
  const W = raw.map((w) => over(w, sum))
  // What is below 2^−400 has no entropy here.
  const entropy = -total(W.filter((w) => w > 0n).map((w) => times(w, log(w))))
  const gain = bias === undefined ? 0n : total(W.map((w, s) => times(w, fixed(bias[support[s]!]!) - fixed(bias[i]!))))
  const x = keys[i]!.map((own, c) => total(W.map((w, s) => times(w, fixed(keys[support[s]!]![c]!) - fixed(own)))))
  const length = root(total(x.map((value) => times(value, value))))
  return over(one, one + exp(entropy + gain - times(reach, length)))
}

describe('verified from outside, with 400 bits', () => {
  test.each(norms.filter((norm) => norm < Infinity))('at norm %f', (maxNorm) => {
    for (let index = 0; index < 60; index++) {
      const { keys, i, bias } = drawCase(uniform, index)
      const scale = 1 / Math.sqrt(keys[0]!.length)
      const answer = attainableWeight(keys, i, { maxNorm, bias })
      const [limit, ...entries] = toIntegers([maxNorm, ...answer.query])
      expect(entries.reduce((sum, x) => sum + x * x, 0n) <= limit! * limit!).toBe(true)
      const reached = weightOf(keys, i, answer.query, scale, bias)
      expect(fixed(answer.weight) <= reached).toBe(true)
      // The weight is rounded down by 2^−47 and what its exponentials lose.
      expect(toFloat(reached - fixed(answer.weight))).toBeLessThan(2 ** -40 * answer.weight)
      const proven = weightProven(keys, i, answer, times(fixed(maxNorm), fixed(scale)), bias)
      // Lengths are roots of numbers known to 2^−400.
      expect(reached <= proven + (one >> 190n)).toBe(true)
      expect(fixed(answer.bound) >= reached).toBe(true)
      expect(toFloat(proven - fixed(answer.bound))).toBeLessThan(agreement * answer.bound)
    }
  })

  test('weights that give the key exactly prove the bound without a limit', () => {
    for (let index = 0; index < 120; index++) {
      const { keys, i, bias } = drawCase(uniform, index)
      const answer = attainableWeight(keys, i, { bias, tolerance: 0 })
      if (answer.support.length === 0) {
        expect(answer.bound).toBe(1)
        continue
      }
      const proven = weightProven(keys, i, answer, 0n, bias)
      expect(Math.abs(toFloat(proven - fixed(answer.bound)))).toBeLessThan(agreement * answer.bound)
      const span = Math.max(...keys.flat().map(Math.abs))
      keys[i]!.forEach((own, c) => {
        const point = answer.weights.reduce((sum, w, s) => sum + w * (keys[answer.support[s]!]![c]! - own), 0)
        expect(Math.abs(point)).toBeLessThan(1e-12 * Math.max(1, span))
      })
    }
  })
})

describe('against two independent solvers', () => {
  test.each([0, 1, 2, 3, 4, 5])('random small cases at every norm, part %i', (part) => {
    const random = seedrandom(`part ${part}`)
    for (let index = 0; index < 40; index++) {
      const drawn = drawCase(random, index)
      expect({ drawn, flaws: judge(drawn).flaws }).toEqual({ drawn, flaws: [] })
    }
  })

  test('is not beaten by the best of 100,000 random queries', () => {
    for (const [n, d, maxNorm] of [
      [6, 2, 3],
      [9, 3, 5],
      [12, 4, 20],
    ] as const) {
      const keys = Array.from({ length: n }, () => Array.from({ length: d }, () => 4 * uniform() - 2))
      const { weight, bound } = attainableWeight(keys, 0, { maxNorm, scale: 1 })
      let best = 0
      for (let trial = 0; trial < 100_000; trial++) {
        const q = Array.from({ length: d }, () => uniform() - 0.5)
        const length = (maxNorm * (trial % 2 === 0 ? 1 : uniform())) / Math.hypot(...q)
        let sum = 0
        for (let j = 1; j < n; j++) {
          let logit = 0
          for (let c = 0; c < d; c++) logit += q[c]! * length * (keys[j]![c]! - keys[0]![c]!)
          sum += Math.exp(logit)
        }
        best = Math.max(best, 1 / (1 + sum))
      }
      expect(best).toBeLessThanOrEqual(bound)
      expect(best).toBeLessThanOrEqual(weight * (1 + agreement))
      expect(best).toBeGreaterThan(0.9 * weight)
    }
  })

  const directions = fc.array(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }), {
    minLength: 50,
    maxLength: 50,
  })
  propertyTest.prop([fc.nat(), directions, fc.constantFrom(0.1, 1, 10, 100, Infinity)], { numRuns: 200 })(
    'nor by any query, whatever the ties, copies, faces and biases',
    (seed, directions, maxNorm) => {
      const { keys, i, bias } = drawCase(seedrandom(String(seed)), seed)
      const d = keys[0]!.length
      const { weight } = attainableWeight(keys, i, { maxNorm, bias, scale: 1 })
      for (const [at, direction] of directions.entries()) {
        const q = direction.slice(0, d)
        const norm = Math.hypot(...q)
        // Shorter ones have no digits left to be brought to a length.
        if (norm < 1e-100) continue
        const length = Math.min(maxNorm, 1000) * (at % 2 === 0 ? 1 : at / 50) * (1 - 2 ** -50)
        const row = q.map((x) => (x / norm) * length)
        const logits = keys.map((key, j) => key.reduce((sum, x, c) => sum + row[c]! * x, bias?.[j] ?? 0))
        const reached = 1 / logits.reduce((sum, logit) => sum + Math.exp(logit - logits[i]!), 0)
        expect(reached).toBeLessThanOrEqual(weight * (1 + agreement))
      }
    },
  )

  propertyTest.prop([fc.nat(), fc.array(fc.nat(16), { minLength: 8, maxLength: 8 })], { numRuns: 200 })(
    'is never above what weights prove that give the key, at any norm and without limit',
    (seed, shares) => {
      const { keys, i, bias } = drawCase(seedrandom(String(seed)), seed)
      const others = keys.filter((_, j) => j !== i)
      const rises = (bias ?? keys.map(() => 0)).filter((_, j) => j !== i)
      // Of 64 parts and keys of 24 bits, so that the planted key is what they give, exactly; the last takes the rest.
      let rest = 64
      const weights = others.map((_, s) => {
        const w = s === others.length - 1 ? rest : Math.min(rest, shares[s]!)
        rest -= w
        return w / 64
      })
      const planted = keys[i]!.map((_, c) =>
        others.reduce((sum, key, s) => sum + weights[s]! * Math.fround(key[c]!), 0),
      )
      const rounded = [planted, ...others.map((key) => key.map(Math.fround))]
      const entropy = weights.reduce((sum, w) => sum - (w > 0 ? w * Math.log(w) : 0), 0)
      const gain = weights.reduce((sum, w, s) => sum + w * rises[s]!, 0)
      const proven = 1 / (1 + Math.exp(entropy + gain))
      for (const maxNorm of [0.1, 10, 1e4, Infinity]) {
        const { weight } = attainableWeight(rounded, 0, { maxNorm, bias: [0, ...rises], tolerance: 0 })
        expect(weight).toBeLessThanOrEqual(proven * (1 + 1e-12))
      }
    },
  )

  propertyTest.prop([fc.nat(), fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 })], {
    numRuns: 200,
  })('is never above what any convex weights prove', (seed, shares) => {
    const { keys, i, bias } = drawCase(seedrandom(String(seed)), seed)
    const d = keys[0]!.length
    const problem = problemOf(keys, i, 1 / Math.sqrt(d), bias)
    const sum = problem.a.reduce((all, _, s) => all + shares[s]! + 2 ** -20, 0)
    const weights = problem.a.map((_, s) => (shares[s]! + 2 ** -20) / sum)
    for (const maxNorm of [0, 0.1, 1, 10, 100]) {
      const proven = 1 / (1 + Math.exp(dualValue(problem, weights, maxNorm)))
      expect(attainableWeight(keys, i, { maxNorm, bias }).weight).toBeLessThanOrEqual(proven * (1 + 1e-12))
    }
  })
})

test('a key a rounding inside the hull, which needs a rival that carries next to nothing', () => {
  // 1.6 in binary is a little more, so that the key lies 1e-17 inside the edge from (1.6, 0) to (0, 2).
  const keys = [
    [-1, 1],
    [1, 0.75],
    [1.6, 0],
    [0, 2],
  ]
  const { weight, bound } = attainableWeight(keys, 1, { tolerance: 0 })
  const entropy = -(0.625 * Math.log(0.625) + 0.375 * Math.log(0.375))
  expect(bound - weight).toBeLessThanOrEqual(agreement * bound)
  expect(weight).toBeCloseTo(1 / (1 + Math.exp(entropy)), 9)
})

describe('whole sets', () => {
  test('every key as alone, and the typed-array forms', () => {
    const keys = randomKeys({ n: 40, d: 5, distribution: 'gaussian', seed: 8 })
    for (const options of [
      { maxNorm: 3 },
      {},
      { maxNorm: 1, scale: 2, bias: Array.from({ length: 40 }, (_, j) => j / 20) },
    ]) {
      const all = attainableWeights(keys, options)
      expect(all).toHaveLength(40)
      for (let i = 0; i < 40; i += 7) {
        const alone = attainableWeight(keys, i, options)
        expect(Math.abs(all[i]! - alone.weight)).toBeLessThanOrEqual(agreement * alone.bound)
        expect(all[i]).toBeLessThanOrEqual(alone.bound)
      }
      expect(dense.attainableWeights(Float64Array.from(keys.data), 40, 5, options)).toEqual(all)
      const one = dense.attainableWeight(Float64Array.from(keys.data), 40, 5, 3, options)
      expect(one).toEqual(attainableWeight(keys, 3, options))
    }
  })

  test('float32 keys, strides and tensors come through the same door', () => {
    const rows = [
      [0, 0],
      [2, 0],
      [1, 1],
    ]
    const expected = attainableWeights(rows, { maxNorm: 4 })
    expect(attainableWeights({ data: Float32Array.of(0, 0, 2, 0, 1, 1), dims: [3, 2] }, { maxNorm: 4 })).toEqual(
      expected,
    )
    expect(attainableWeights({ data: [0, 2, 1, 0, 0, 1], shape: [3, 2], stride: [1, 3] }, { maxNorm: 4 })).toEqual(
      expected,
    )
  })
})

describe('bad input', () => {
  const keys = [[0], [2], [1]]
  test.each<[string, unknown, ErrorConstructor, RegExp]>([
    ['a negative norm', { maxNorm: -1 }, RangeError, /maxNorm: expected a number >= 0, got -1/],
    ['a norm that is NaN', { maxNorm: NaN }, RangeError, /maxNorm: expected a number >= 0, got NaN/],
    ['a norm that is text', { maxNorm: '1' }, TypeError, /maxNorm: expected a number, got the string "1"/],
    ['an infinite scale', { scale: Infinity }, RangeError, /scale: expected a finite number, got Infinity/],
    ['a scale that is null', { scale: null }, TypeError, /scale/],
    ['a bias that is too short', { bias: [1] }, RangeError, /bias: expected length 3/],
    ['an infinite bias', { bias: [0, Infinity, 0] }, RangeError, /bias/],
    ['a negative tolerance', { tolerance: -1 }, RangeError, /tolerance/],
  ])('%s is refused', (_, options, kind, message) => {
    for (const ask of [
      () => attainableWeight(keys, 0, options as AttainableOptions),
      () => attainableWeights(keys, options as AttainableOptions),
      () => dense.attainableWeight(Float64Array.of(0, 2, 1), 3, 1, 0, options as AttainableOptions),
      () => dense.attainableWeights(Float64Array.of(0, 2, 1), 3, 1, options as AttainableOptions),
    ]) {
      expect(ask).toThrow(kind)
      expect(ask).toThrow(message)
    }
  })

  test('indices out of range and keys that are none are refused', () => {
    for (const i of [3, -1, 0.5, NaN]) expect(() => attainableWeight(keys, i)).toThrow(RangeError)
    expect(() => attainableWeight(keys, '0' as unknown as number)).toThrow(TypeError)
    expect(() => attainableWeight([[0], [NaN]], 0)).toThrow(/row 1, column 0/)
    expect(() => attainableWeights([])).toThrow(RangeError)
  })

  test('one key alone has all the weight there is', () => {
    expect(attainableWeight([[5, 5]], 0, { maxNorm: 3 })).toMatchObject({ weight: 1, bound: 1, attained: true })
    expect(Array.from(attainableWeights([[5, 5]]))).toEqual([1])
  })
})
