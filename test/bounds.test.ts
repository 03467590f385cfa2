/**
 * Every floating-point bound that a verdict rests on, against the true error in integers.
 *
 * Each bound is tested twice: at random it is never exceeded, and a fixed case comes so near to it that a bound half as large would
 * fail. Where no case can, the name says how near one comes and docs/exactness.md why. Exact numbers here are the tests' own.
 */
import { test as propertyTest, fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { selectability, verify } from '../src/index.ts'
import { extremeGaps, scoreGaps } from '../src/selectability/bounds.ts'
import { insideSimplex } from '../src/selectability/enclosure.ts'
import { ratio, rootRatio } from '../src/selectability/exact/dyadic.ts'
import { flawOfForm } from '../src/selectability/form.ts'
import { boundHull, hullResidual } from '../src/selectability/hull.ts'
import { keySet } from '../src/selectability/keyset.ts'
import { acceptanceGap } from '../src/selectability/acceptance.ts'
import { prepare } from '../src/selectability/prepare.ts'
import { decompose } from './reference/rational.ts'
import { ulps } from './soak/families.ts'

/** The number m·2^e. */
type Exact = readonly [m: bigint, e: number]
const size = (m: bigint): bigint => (m < 0n ? -m : m)
const exact = (x: number): Exact => (({ mantissa, exponent }) => [mantissa, exponent] as const)(decompose(x))
const times = (...factors: Exact[]): Exact => factors.reduce(([m, e], [k, f]) => [m * k, e + f], [1n, 0])
const plus = (a: Exact, b: Exact): Exact => {
  const e = Math.min(a[1], b[1])
  return [(a[0] << BigInt(a[1] - e)) + (b[0] << BigInt(b[1] - e)), e]
}
const less = (a: Exact, b: Exact): Exact => plus(a, [-b[0], b[1]])
const sign = ([m]: Exact): number => (m > 0n ? 1 : m < 0n ? -1 : 0)
const above = (a: Exact, b: Exact): boolean => sign(less(a, b)) > 0
const total = (terms: Exact[]): Exact => terms.reduce(plus, [0n, 0])
const magnitude = ([m, e]: Exact): Exact => [size(m), e]
const power = (e: number): Exact => [1n, e]
const off = (computed: Exact, truth: Exact): Exact => magnitude(less(computed, truth))
const within = (computed: Exact, truth: Exact, bound: Exact): void =>
  expect(above(off(computed, truth), bound)).toBe(false)
/** The error as a share of the bound on it. */
const share = (computed: Exact, truth: Exact, bound: number): number => {
  const [[m, e], [k, f]] = [off(computed, truth), exact(bound)]
  return Number((m << BigInt(600 + e - f)) / k) * 2 ** -600
}
const list = <T>(entry: fc.Arbitrary<T>, length: number) => fc.array(entry, { minLength: length, maxLength: length })

const mantissa = fc.integer({ min: -(2 ** 30), max: 2 ** 30 }).map((m) => m * 2 ** -30)
const full = fc.double({ min: 1, max: 2, maxExcluded: true, noNaN: true })
const signed = fc.tuple(full, fc.constantFrom(1, -1)).map(([x, side]) => x * side)
/** Numbers of the magnitudes around 2^low … 2^high. */
const numbers = (low: number, high: number): fc.Arbitrary<number> =>
  fc.tuple(fc.oneof(mantissa, signed), fc.integer({ min: low, max: high })).map(([x, e]) => x * 2 ** e)
const ranges = (...pairs: [number, number][]) => fc.constantFrom(...pairs.map(([low, high]) => numbers(low, high)))
const wide = ranges([-3, 3], [-1074, 1020], [-1074, -1040], [900, 1020])
/** 2 to 6 rows of d <= most numbers of one family; some are the first row moved by ulps, so that all cancels. */
const sets = (entries: fc.Arbitrary<fc.Arbitrary<number>>, most = 70): fc.Arbitrary<number[][]> =>
  fc.tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 1, max: 5 }), entries).chain(([d, more, entry]) => {
    const steps = list(fc.option(list(fc.integer({ min: -2, max: 2 }), d)), more)
    return fc.tuple(list(list(entry, d), more + 1), steps).map(([rows, moved]) => {
      return rows.map((row, r) => moved[r - 1]?.map((step, c) => ulps(rows[0][c], step)) ?? row)
    })
  })
const open = (rows: number[][], bias: number[] | null = null) => keySet(rows.flat(), rows.length, rows[0].length, bias)
const dotExact = (q: readonly number[], a: readonly number[], b: readonly number[]): Exact =>
  total(q.map((x, c) => times(exact(x), less(exact(a[c]), exact(b[c])))))

describe('score gaps', () => {
  const check = (rows: number[][], query: number[], bias: number[] | null): void => {
    const gaps = scoreGaps(open(rows, bias), 0, Float64Array.from(query))
    const truth = rows.map((row, j) => {
      const gap = dotExact(query, rows[0], row)
      return bias === null ? gap : plus(gap, less(exact(bias[0]), exact(bias[j])))
    })
    truth.forEach((gap, j) => {
      if (!(gaps.error[j] < Infinity)) return
      const unit = power(gaps.exponent)
      within(times(exact(gaps.gap[j]), unit), gap, times(exact(gaps.error[j]), unit))
    })
    const candidates = extremeGaps(gaps, 0)
    truth.forEach((gap, j) => {
      const least = truth.every((other, k) => k === 0 || !above(gap, other))
      const greatest = truth.every((other, k) => k === 0 || !above(other, gap))
      if (j > 0 && (least || greatest)) expect(candidates).toContain(j)
    })
  }
  const cases = fc.tuple(wide, sets(wide)).chain(([entry, rows]) => {
    const bias = fc.option(list(entry, rows.length))
    return fc.record({ rows: fc.constant(rows), query: list(entry, rows[0].length), bias })
  })
  propertyTest.prop({ set: cases }, { numRuns: 300 })('are within their errors, at every magnitude', ({ set }) =>
    check(set.rows, set.query, set.bias),
  )

  const tail = 2 ** -53 - 2 ** -74
  /**
   * By hand: a difference 1 + 2^−26 + (almost half an ulp), times 1 + 2^−27 − 2^−47, whose product lies almost half an ulp above a
   * float, plus d − 1 terms of almost half an ulp, and a bias of as much: every rounding is down by almost u. They are d + 1, and d + 2 with a
   * bias; the bound has d + 3, as their comparison has one.
   */
  const worst = (d: number, bias: number[] | null): number => {
    const rows = [
      [1 + 2 ** -26, ...new Array<number>(d - 1).fill(tail)],
      [-tail, ...new Array<number>(d - 1).fill(0)],
    ]
    const query = [1 + 2 ** -27 - 2 ** -47, ...new Array<number>(d - 1).fill(1)]
    check(rows, query, bias)
    const { gap, error, exponent } = scoreGaps(open(rows, bias), 0, Float64Array.from(query))
    expect(exponent).toBe(0)
    const truth = plus(dotExact(query, rows[0], rows[1]), exact(bias?.[0] ?? 0))
    return share(exact(gap[1]), truth, error[1])
  }
  test('reach (d + 1)/(d + 3) of the bound, and (d + 2)/(d + 3) with a bias', () => {
    for (const d of [1, 2, 8, 64]) {
      expect(worst(d, null)).toBeGreaterThan((d + 1) / (d + 3) - 2 ** -20)
      expect(worst(d, [tail, 0])).toBeGreaterThan((d + 2) / (d + 3) - 2 ** -20)
    }
  })
})

describe('the acceptance gap', () => {
  const product = (x: ArrayLike<number>, y: ArrayLike<number>): number => {
    let sum = 0
    for (let c = 0; c < x.length; c++) sum += x[c] * y[c]
    return sum
  }
  const proven = (rows: number[][], v: number, w: number, q: number[], tolerance: number): boolean => {
    const gap = dotExact(q, rows[v], rows[w])
    const slack = times(exact(tolerance), exact(tolerance), total(q.map((x) => times(exact(x), exact(x)))))
    return sign(gap) > 0 && above(times(gap, gap), slack)
  }
  const rows = sets(ranges([-3, 3], [-2, 0], [880, 900], [-500, -480]))
  const cases = { rows, q: list(signed, 70), part: fc.constantFrom(0, 0.5, 1, 2) }
  propertyTest.prop(cases, { numRuns: 300 })('is not passed within the tolerance, by Gram pass or walk', (set) => {
    const d = set.rows[0].length
    const prepared = prepare(open(set.rows))
    const { z, norms, count, first, exponent } = prepared
    const q = set.q.slice(0, d)
    const x = q.map((value) => -value)
    for (let v = 0; v < count; v++) {
      for (let w = 0; w < count; w++) {
        if (v === w) continue
        const own = Array.from(z.subarray(v * d, (v + 1) * d))
        const other = z.subarray(w * d, (w + 1) * d)
        const near = Math.abs(product(own, own) - product(own, other)) / (norms[v] || 1)
        const tolerance = set.part * near * 2 ** exponent
        const threshold = acceptanceGap(prepared, v, tolerance)
        // The two tests as check.ts and nearest.ts make them.
        const gram = norms[v] * norms[v] - product(own, other) > threshold * norms[v]
        if (gram) expect(proven(set.rows, first[v], first[w], own, tolerance)).toBe(true)
        const walk = product(x, other) > product(x, own) + threshold * Math.sqrt(product(x, x))
        if (walk) expect(proven(set.rows, first[v], first[w], q, tolerance)).toBe(true)
      }
    }
  })

  /** Both found by drawing, 300,000 times: keys 1 + a·2^−52, −1 − b·2^−52, ½, and one that puts the mean between two floats. */
  const near = (last: number[], x: number | null): number => {
    const keys = [...last.slice(0, 2), 0.5, last[2]]
    const prepared = prepare(open(keys.map((key) => [key])))
    expect(prepared.exponent).toBe(0)
    const [v, w] = prepared.place
    const [z, other] = [prepared.z[v], prepared.z[w]]
    const q = x ?? z
    const own = x === null ? prepared.norms[v] * prepared.norms[v] : q * z
    const truth = dotExact([q], [keys[0]], [keys[1]])
    return share(less(exact(own), exact(q * other)), truth, acceptanceGap(prepared, v, 0) * q)
  }
  test('is reached to two thirds by the Gram pass and by the walk at d = 1: no case takes more', () => {
    const gram = near([1.0000001196713881, -1.0000003460360918, -0.4999997736352959], null)
    const walk = near([1.0000009682410131, -1.0000001928236382, -0.5000007754173745], 1.0000005924689144)
    for (const of of [gram, walk]) expect(of > 0.66 && of < 2 / 3).toBe(true)
  })
})

describe('hull residuals', () => {
  const residual = (weights: number[], points: number[]): { out: Exact; error: number; truth: Exact } => {
    const [out, error] = [new Float64Array(1), new Float64Array(1)]
    hullResidual(Float64Array.from(points), 1, Float64Array.from(weights), out, error)
    const own = exact(points[weights.length])
    const truth = total(weights.map((w, s) => times(exact(w), less(exact(points[s]), own))))
    return { out: exact(out[0]), error: error[0], truth }
  }
  const weight = fc.tuple(full, fc.integer({ min: 0, max: 60 })).map(([x, e]) => x * 2 ** -e)
  const cases = fc.tuple(fc.integer({ min: 1, max: 70 }), ranges([-3, 1], [-1000, 1], [-1, 0])).chain(([m, entry]) => {
    return fc.record({ weights: list(weight, m), points: list(entry, m + 1), cancel: fc.boolean() })
  })
  propertyTest.prop({ set: cases }, { numRuns: 500 })('are within their errors, cancelled or not', ({ set }) => {
    const { weights, points } = set
    const own = points[weights.length]
    const part = weights.slice(1).reduce((sum, w, s) => sum + w * (points[s + 1] - own), 0)
    const last = own - part / weights[0]
    if (set.cancel && Math.abs(last) < 2 ** 20) points[0] = last
    const { out, error, truth } = residual(weights, points)
    within(out, truth, exact(error))
  })
  const reached = (weights: number[], points: number[]): number => {
    const { out, error, truth } = residual(weights, points)
    return share(out, truth, error)
  }
  test('reach their bound when nothing cancels', () => {
    // (1 + 2^−26)(1 + 2^−27 − 2^−47) lies almost half an ulp above a float.
    expect(reached([1 + 2 ** -26], [1 + 2 ** -27 - 2 ** -47, 0])).toBeGreaterThan(0.999)
  })
  /**
   * By hand: of (1 − u)(1 + 2u) the product is 1, and the rest is lost. The points that follow are too small for the sum, so that they are lost
   * as well, and each makes of all that was lost a tie, rounded down. When that is 16u one brings the sum to 1 − 15u: both together are
   * 1 + u, a tie.
   */
  test('reach half of their second part, beyond u times the result, at m = 24', () => {
    const u = 2 ** -53
    const shorter = [2, 6, 12, 12, 12, 12, 8, ...new Array<number>(7).fill(24)]
    const points = [
      u - u * u,
      1 + 2 * u,
      ...shorter.map((units) => u - units * u * u),
      336 * u * u - 15 * u,
      ...new Array<number>(7).fill(16 * u * u),
    ]
    const { out, error, truth } = residual(
      points.map((_, s) => (s === 1 ? 1 - u : 1)),
      [...points, 0],
    )
    within(out, truth, exact(error))
    const first = times(magnitude(out), power(-53))
    const second = less(exact(error), first)
    expect(above(less(off(out, truth), first), times(second, [9n, -4]))).toBe(true)
  })

  const hulls = { rows: sets(ranges([-3, 1], [-1, 0]), 20), weights: list(full, 5) }
  propertyTest.prop(hulls)('bound the distance of the point that the weights describe', ({ rows, weights }) => {
    const [own, ...others] = rows
    const given = Float64Array.from(weights.slice(0, others.length))
    const hull = boundHull(Float64Array.from([...others, own].flat()), own.length, Array.from(given.keys()), given)
    const shares = Array.from(hull.weights, exact)
    const offset = own.map((x, c) => total(shares.map((w, s) => times(w, less(exact(others[s][c]), exact(x))))))
    const bound = times(exact(hull.bound), total(shares))
    expect(above(total(offset.map((x) => times(x, x))), times(bound, bound))).toBe(false)
  })
  test('bound a distance with almost nothing to spare', () => {
    const { bound } = boundHull(Float64Array.of(1, 0.75), 1, [0], Float64Array.of(1))
    expect(bound >= 0.25 && bound < 0.25 * (1 + 2 ** -47)).toBe(true)
  })
})

/** Barycentric coordinates over one positive denominator, by fraction-free elimination; null for a flat simplex. */
function barycentric(corners: number[][], key: number[]): { numerators: bigint[]; denominator: bigint } | null {
  const m = corners.length
  const rows = key.map((x, c) => {
    const entries = [...corners.map((corner) => exact(corner[c])), exact(x)]
    const low = Math.min(...entries.map(([, e]) => e))
    return entries.map(([k, e]) => k << BigInt(e - low))
  })
  const table = [...rows, new Array<bigint>(m + 1).fill(1n)]
  let det = 1n
  for (let k = 0; k < m; k++) {
    const at = table.findIndex((row, r) => r >= k && row[k] !== 0n)
    if (at < 0) return null
    ;[table[k], table[at]] = [table[at], table[k]]
    const top = table[k]
    table.forEach((row, r) => {
      if (r !== k) table[r] = row.map((x, c) => (top[k] * x - row[k] * top[c]) / det)
    })
    det = top[k]
  }
  const flip = det < 0n ? -1n : 1n
  return { numerators: table.map((row) => flip * row[m]), denominator: flip * det }
}

describe('the enclosure', () => {
  /** Whether it says inside; if so every true coordinate must be above 0, and every error below the least weight. */
  const check = (corners: number[][], key: number[], shift = 0): boolean => {
    const found = barycentric(corners, key)
    if (found === null) return insideSimplex(Float64Array.from([...corners, key].flat()), key.length, flat(key))
    const { numerators, denominator } = found
    const weights = Float64Array.from(numerators, (m) => ratio({ m, e: 0 }, { m: denominator, e: 0 }))
    weights[0] += shift
    weights[1] -= shift
    const inside = insideSimplex(Float64Array.from([...corners, key].flat()), key.length, weights)
    if (!inside) return false
    const least = times(exact(Math.min(...weights)), [denominator, 0])
    expect(numerators.every((m) => m > 0n)).toBe(true)
    weights.forEach((w, s) => within(times(exact(w), [denominator, 0]), [numerators[s], 0], least))
    return true
  }
  const flat = (key: number[]): Float64Array => new Float64Array(key.length + 1).fill(1 / (key.length + 1))
  const simplices = fc.integer({ min: 1, max: 6 }).chain((d) =>
    fc.record({
      corners: list(list(fc.oneof(mantissa, signed), d), d + 1),
      weights: list(fc.constantFrom(0, 0, 1, 2, 2 ** -40, 2 ** -52, 1 / 3), d + 1),
      steps: list(fc.integer({ min: -1, max: 1 }), d),
      height: fc.constantFrom(1, 1, 2 ** -20, 2 ** -45, 2 ** -50, 2 ** -300),
      shift: fc.constantFrom(0, 0, 2 ** -50, 2 ** -20, 0.125),
    }),
  )
  propertyTest.prop({ simplex: simplices }, { numRuns: 1500 })(
    'claims nothing wrong of keys on facets and an ulp off them, flat simplices, shifted weights',
    ({ simplex: { corners, weights, steps, height, shift } }) => {
      const sum = weights.reduce((a, b) => a + b, 0) || 1
      const base = corners[0]
      const last = base.length - 1
      const low = corners.map((row) => row.map((x, c) => (c === last ? base[c] + height * (x - base[c]) : x)))
      const key = base.map((_, c) =>
        ulps(
          weights.reduce((x, w, s) => x + (w / sum) * low[s][c], 0),
          steps[c],
        ),
      )
      const inside = check(low, key, shift)
      if (barycentric(low, key) === null) expect(inside).toBe(false)
    },
  )
  test('decides d = 33, inside and outside', () => {
    const entry = (s: number, c: number): number => Math.sin(1 + s * s * (c + 1) + 3 * s + 5 * c * c)
    const corners = Array.from({ length: 34 }, (_, s) => Array.from({ length: 33 }, (_, c) => entry(s, c)))
    const mean = corners[0].map((_, c) => corners.reduce((x, corner) => x + corner[c] / 34, 0))
    expect(check(corners, mean)).toBe(true)
    expect(check(corners, corners[0].map((x, c) => x + (x - mean[c]) / 64))).toBe(false) // prettier-ignore
  })
  test('needs all of its bound at d = 1: weights off by 99.8 % of the least pass, by 100.2 % do not', () => {
    // By hand: corners 0 and 1, the key 2^−10 inside and outside of 0, weights ½ and ½. Half the bound would pass both.
    expect(check([[0], [1]], [2 ** -10], 2 ** -10 - 0.5)).toBe(true)
    expect(check([[0], [1]], [-(2 ** -10)], -(2 ** -10) - 0.5)).toBe(false)
  })
})

describe('roundings of exact results', () => {
  const whole = fc.bigInt({ min: 1n, max: 2n ** 200n })
  const both = 'ratio is rounded to nearest, and rootRatio is within 3/4 of 2^−52 and a unit in the last place'
  propertyTest.prop({ a: whole, b: whole }, { numRuns: 1000 })(both, ({ a, b }) => {
    const x = ratio({ m: a, e: 0 }, { m: b, e: 0 })
    for (const other of [ulps(x, 1), ulps(x, -1)]) {
      expect(above(off(times(exact(x), [b, 0]), [a, 0]), off(times(exact(other), [b, 0]), [a, 0]))).toBe(false)
    }
    const root = rootRatio({ m: a, e: 0 }, { m: b, e: 0 })
    const squared = (y: number): Exact => times(exact(y), exact(y), [b, 0])
    within(squared(root), [a, 0], [3n * a, -53])
    expect([above(squared(ulps(root, -1)), [a, 0]), above([a, 0], squared(ulps(root, 1)))]).toEqual([false, false])
  })
  test('a quotient just above a tie, by less than 72 bits show, is rounded up', () => {
    const above100 = (m: bigint): number => ratio({ m, e: -100 }, { m: 1n, e: 0 })
    const tie = 2n ** 100n + 2n ** 47n
    expect([above100(tie), above100(tie + 1n), above100(tie - 1n)]).toEqual([1, 1 + 2 ** -52, 1])
  })
  test('rootRatio reaches 0.8 of its bound', () => {
    // The worst of 300,000 draws just above a tie; a square is off by twice as much.
    const a = 10384595872165471836638390272393216n
    const root = exact(rootRatio({ m: a, e: -112 }, { m: 1n, e: 0 }))
    expect(above(off(times(root, root), [a, -112]), [12n * a, -112 - 53 - 2])).toBe(false)
    expect(above(off(times(root, root), [a, -112]), [24n * a, -112 - 53 - 10])).toBe(true)
  })
  test('a margin is the float before its root, which is 0.84 of a unit in the last place too large', () => {
    // The worst of 2,000,000 draws of two integers, the key; the other is 0, and the margin the key's length.
    const [x, y] = [760223295, 18177816]
    const certificate = selectability([[x, y], [0, 0]], { tolerance: 0 }).certificate(0) // prettier-ignore
    if (certificate.verdict !== 'selectable') throw new Error('expected selectable')
    const { margin } = certificate
    const square: Exact = [BigInt(x) ** 2n + BigInt(y) ** 2n, 0]
    const squared = (part: number): Exact => {
      const root = less(exact(ulps(margin, 1)), times(exact(part), less(exact(ulps(margin, 1)), exact(margin))))
      return times(root, root)
    }
    expect([above(squared(0.84), square), above(squared(1), square)]).toEqual([true, false])
  })

  const rows = sets(ranges([-3, 3], [400, 403], [-400, -397]), 6)
  propertyTest.prop({ rows })('margins are lower bounds, and right to 1e-9', (set) => {
    const report = selectability(set.rows, { tolerance: 0 })
    set.rows.forEach((row, i) => {
      const certificate = report.certificate(i)
      if (certificate.verdict !== 'selectable' || certificate.exactQuery !== undefined) return
      if (!(certificate.margin >= 2 ** -1022)) return // Floats below have fewer bits, and neither holds.
      const query = Array.from(certificate.query)
      const gap = dotExact(query, row, set.rows[certificate.runnerUp])
      const margin = exact(certificate.margin)
      const sqMargin = times(margin, margin, total(query.map((x) => times(exact(x), exact(x)))))
      expect(above(sqMargin, times(gap, gap))).toBe(false)
      within(sqMargin, times(gap, gap), times(sqMargin, power(-29)))
    })
  })

  const hull = { verdict: 'unselectable', key: 2, support: Uint32Array.of(0, 1), distance: 0 } as const
  const passes = (keys: number[][], ...weights: number[]): boolean =>
    verify(keys, { ...hull, weights: Float64Array.from(weights) }, { tolerance: 0 }).valid
  test('a weight that is off by its last bit is refused', () => {
    for (let step = -3; step <= 3; step++) {
      expect(passes([[0], [3], [1]], ulps(2 / 3, step), 1 / 3)).toBe(step === 0)
    }
  })
  test('a weight below the smallest float passes as that float, which is off by almost 2^−1074', () => {
    const keys = [[0], [2 ** 1000], [2 ** -80]]
    expect([passes(keys, 1, 2 ** -1074), passes(keys, 1, 2 ** -1073)]).toEqual([true, false])
  })

  /** Whether a query passes for the rounding of integers. */
  const rounds = (query: number[], exactQuery: bigint[]): boolean => {
    const rest = { verdict: 'selectable', key: 0, margin: 1, runnerUp: 1 } as const
    return flawOfForm({ ...rest, query: Float64Array.from(query), exactQuery }, open([[0, 0], [1, 1]])) === null // prettier-ignore
  }
  test('queries pass as roundings to 2^−52 and not beyond', () => {
    for (let step = -8; step <= 8; step++) {
      const query = ulps(1 / 3, step)
      const near = !above(off(times(exact(query), [3n, 0]), [1n, 0]), power(-52))
      expect(rounds([1, query], [3n, 1n])).toBe(near)
    }
  })
  test('queries reach all of that but 2^−20: the largest number is rounded down by half a unit, and the other up', () => {
    const [p, q] = [2n ** 80n + 2n ** 27n - 1n, 2n ** 79n + 2n ** 26n + 1n]
    const query = [p, q].map((m) => ratio({ m, e: -80 }, { m: 1n, e: 0 }))
    expect(rounds(query, [p, q])).toBe(true)
    expect(above(off(times(exact(query[1]), [p, 0]), [q, 0]), [(2n ** 20n - 1n) * q, -52 - 20])).toBe(true)
  })
  test('queries that underflow pass as the nearest float, off by up to half the smallest', () => {
    const smallest = 2 ** -1074
    expect([95n, 96n, 97n].map((m) => rounds([1, smallest], [2n ** 1080n, m]))).toEqual([true, true, false])
    expect([95n, 96n, 97n].map((m) => rounds([1, 2 * smallest], [2n ** 1080n, m]))).toEqual([false, true, true])
  })
})

/** Each was wrong once: the bound of the time, violated, as small as it goes. */
describe('underflow does not decide', () => {
  const holds = (rows: number[][], options: { tolerance: number; bias?: number[] }): boolean => {
    const report = selectability(rows, options)
    return rows.every((_, i) => verify(rows, report.certificate(i), options).valid)
  }
  test('in coordinates much smaller than one that all keys share', () => {
    const [big, t] = [2 ** 996, 2 ** -79]
    const rows = [[big, t, 5 * t], [big, 5 * t, t], [big, 3 * t, 3 * t], [big, -1000 * t, -1000 * t]] // prettier-ignore
    expect(holds(rows, { tolerance: 0 })).toBe(true)
  })
  test('in a key whose norm has a square below the smallest float', () => {
    // prettier-ignore
    const flat = [
      0.9744354359954381, -0.8278448191953927, 0.3465117511955247, -0.5491283158356994, 0.7578974149390834, -0.5555436240798627,
      -0.2887647980387982, 0.6138731459922617, -0.558375297240356, -0.07786880431723242, 0.5935360409072246, -0.6797673283072166,
      0.19766381824516843, 0.36357473976485544, -0.586882806981264, -0.9139799158359403, -0.5955373264451707, 1.3714119518002335,
      0.6576425797870638, -0.9054991959628618, 0.6626453536129411, 2.959994298730156e-163, 5.267248353921039e-163, 4.260002499450376e-163,
    ]
    expect(holds(Array.from({ length: 8 }, (_, j) => flat.slice(3 * j, 3 * j + 3)), { tolerance: 0 })).toBe(true) // prettier-ignore
  })
  test('in the distance of a hull point', () => {
    expect(boundHull(Float64Array.of(2 ** -560, 0), 1, [0], Float64Array.of(1)).bound).toBeGreaterThanOrEqual(2 ** -560)
  })
  test('in a query under a bias', () => {
    expect(holds([[1e300], [-1e300]], { tolerance: 0, bias: [1e-300, 1e-300] })).toBe(true)
  })
})
