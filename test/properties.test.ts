/**
 * What holds for every key set, in three tiers: small integers times a power of two, where everything is degenerate and exact;
 * those moved by one unit in the last place; and raw doubles, for the contract alone.
 */
import { test as propertyTest, fc } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Certificate, CertifyOptions, Verdict } from '../src/index.ts'
import { certify, fromJson, selectability, toJson, verify } from '../src/index.ts'
import { decideAllExactly, decideExactly, toIntegers } from './reference/rational.ts'
import type { Keys } from './reference/sets.ts'
import { exactSets, exponent, integers, matrix, next, perturbedSets, sets, small, times } from './reference/sets.ts'

const rawSets = matrix(fc.double({ noNaN: true, noDefaultInfinity: true }))

/** Keys with a bias each, in steps of the keys' own size or far from it. */
const biasedSets = fc
  .record({
    keys: sets,
    steps: fc.array(small, { minLength: 7, maxLength: 7 }),
    off: fc.constantFrom(0, 0, 1, -60, 60),
  })
  .map(({ keys, steps, off }) => {
    const largest = Math.max(...keys.flat().map(Math.abs))
    const unit = largest === 0 ? 1 : 2 ** Math.max(-1074, Math.min(900, Math.floor(Math.log2(largest)) + off))
    return { keys, bias: keys.map((_, j) => steps[j] * unit) }
  })

const exactVerdicts = (keys: Keys, bias?: number[]): readonly Verdict[] =>
  selectability(keys, { tolerance: 0, bias }).verdicts

describe('at tolerance 0 the verdicts are the exact ones', () => {
  propertyTest.prop({ keys: exactSets }, { numRuns: 600 })('on small integers times 2^k', ({ keys }) => {
    expect(exactVerdicts(keys)).toEqual(decideAllExactly(keys))
  })

  propertyTest.prop({ keys: perturbedSets }, { numRuns: 600 })('one unit in the last place away', ({ keys }) => {
    expect(exactVerdicts(keys)).toEqual(decideAllExactly(keys))
  })

  propertyTest.prop({ set: biasedSets }, { numRuns: 600 })('with a bias', ({ set: { keys, bias } }) => {
    expect(exactVerdicts(keys, bias)).toEqual(decideAllExactly(keys, bias))
  })

  propertyTest.prop({ keys: sets })('one key at a time', ({ keys }) => {
    const alone = keys.map((_, i) => certify(keys, i, { tolerance: 0 }).verdict)
    expect(alone).toEqual(decideAllExactly(keys))
  })

  propertyTest.prop({ keys: exactSets })(
    'and at the default tolerance too, where no distance is that small',
    ({ keys }) => {
      // Distances between lattice hulls are at least 1/‖normal‖ steps, and here normals are below 10³ steps.
      expect(selectability(keys).verdicts).toEqual(exactVerdicts(keys))
    },
  )
})

describe('verdicts stay', () => {
  propertyTest.prop({ keys: integers, s: fc.integer({ min: -900, max: 900 }) })(
    'under powers of two',
    ({ keys, s }) => {
      const scaled = times(keys, 2 ** s)
      expect(exactVerdicts(scaled)).toEqual(exactVerdicts(keys))
      expect(selectability(scaled).verdicts).toEqual(selectability(keys).verdicts)
      expect(selectability(scaled, { tolerance: 0.7123 * 2 ** s }).verdicts).toEqual(
        selectability(keys, { tolerance: 0.7123 }).verdicts,
      )
    },
  )

  propertyTest.prop({ set: biasedSets, s: fc.integer({ min: -8, max: 8 }) })(
    'under powers of two, and others for the bias',
    ({ set: { keys, bias }, s }) => {
      fc.pre(
        keys.flat().every((x) => x === 0 || Math.abs(x) > 2 ** -1000) &&
          bias.every((b) => b === 0 || Math.abs(b) > 2 ** -1000),
      )
      expect(exactVerdicts(times(keys, 2 ** s), bias)).toEqual(exactVerdicts(keys, bias))
      expect(exactVerdicts(keys, times([bias], 2 ** s)[0])).toEqual(exactVerdicts(keys, bias))
    },
  )

  propertyTest.prop({ set: biasedSets, order: fc.array(fc.nat(), { minLength: 7, maxLength: 7 }) })(
    'under permutations',
    ({ set, order }) => {
      const { keys, bias } = set
      const places = keys.map((_, j) => ({ j, at: order[j] })).sort((a, b) => a.at - b.at)
      const permuted = places.map(({ j }) => keys[j])
      const moved = places.map(({ j }) => bias[j])
      expect(exactVerdicts(permuted)).toEqual(places.map(({ j }) => exactVerdicts(keys)[j]))
      expect(exactVerdicts(permuted, moved)).toEqual(places.map(({ j }) => exactVerdicts(keys, bias)[j]))
    },
  )

  propertyTest.prop({
    keys: integers,
    shift: fc.array(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), { minLength: 3, maxLength: 3 }),
  })('under translation by a vector that adds exactly', ({ keys, shift }) => {
    expect(exactVerdicts(keys.map((key) => key.map((x, c) => x + shift[c])))).toEqual(exactVerdicts(keys))
  })

  propertyTest.prop({ set: biasedSets, at: fc.nat() })('selectable when another key is deleted', ({ set, at }) => {
    const { keys, bias } = set
    const gone = at % keys.length
    const rest = <T>(list: readonly T[]): T[] => list.filter((_, j) => j !== gone)
    fc.pre(keys.length > 1)
    for (const b of [undefined, bias]) {
      const before = rest(exactVerdicts(keys, b))
      const after = exactVerdicts(rest(keys), b && rest(b))
      after.forEach((verdict, j) => expect(before[j] !== 'selectable' || verdict === 'selectable').toBe(true))
    }
  })
})

describe('verdicts that geometry gives', () => {
  propertyTest.prop({ keys: integers, k: exponent })('the unique key of largest norm is selectable', ({ keys, k }) => {
    const norms = keys.map((key) => key.reduce((sum, x) => sum + x * x, 0))
    const largest = Math.max(...norms)
    fc.pre(norms.filter((norm) => norm === largest).length === 1)
    const i = norms.indexOf(largest)
    expect(exactVerdicts(times(keys, 2 ** k))[i]).toBe('selectable')
    expect(selectability(times(keys, 2 ** k)).verdicts[i]).toBe('selectable')
  })

  const shares = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 7, maxLength: 7 })
  propertyTest.prop({ keys: integers, shares, k: exponent })('a convex combination never is', ({ keys, shares, k }) => {
    const counts = keys.map((_, j) => shares[j])
    // The rest of 64 goes to key 0, so that weights are multiples of 1/64 and the combination of 64-fold keys is exact.
    counts[0] += 64 - counts.reduce((sum, x) => sum + x, 0)
    const combination = keys[0].map((_, c) => keys.reduce((sum, key, j) => sum + counts[j] * key[c], 0))
    const all = times([...times(keys, 64), combination], 2 ** (k > 0 ? k - 20 : k))
    const inside = counts.every((count) => count > 0) && keys.some((key) => key.some((x, c) => x !== keys[0][c]))
    for (const verdict of [exactVerdicts(all)[keys.length], selectability(all).verdicts[keys.length]]) {
      if (inside) expect(verdict).toBe('unselectable')
      else expect(verdict).not.toBe('selectable')
    }
  })
})

/** Tolerance 0, the default, and 0.7123 steps of a set's own size: no margin of small integers is that near to it. */
const tolerancesFor = (keys: Keys): (number | undefined)[] => {
  const largest = Math.max(...keys.flat().map(Math.abs))
  const e = Math.floor(Math.log2(largest || 1))
  // Below 2^−1021 the product would be rounded, to a whole number of steps among the smallest floats.
  return e < -1021 ? [0, undefined] : [0, undefined, 0.7123 * 2 ** e]
}

function expectProven(keys: Keys, options: CertifyOptions): void {
  const report = selectability(keys, options)
  report.verdicts.forEach((verdict, i) => {
    const certificate = fromJson(JSON.parse(JSON.stringify(toJson(report.certificate(i)))))
    expect(certificate.verdict).toBe(verdict)
    expect(verify(keys, certificate, options)).toEqual({ valid: true })
  })
}

describe('every certificate verifies', () => {
  propertyTest.prop({ keys: sets })('at tolerance 0, the default, and a large one', ({ keys }) => {
    for (const tolerance of tolerancesFor(keys)) expectProven(keys, { tolerance })
  })

  propertyTest.prop({ set: biasedSets })('with a bias', ({ set: { keys, bias } }) => {
    for (const tolerance of tolerancesFor(keys)) expectProven(keys, { tolerance, bias })
  })

  propertyTest.prop({ keys: rawSets })('on raw doubles', ({ keys }) => {
    expectProven(keys, { tolerance: 0 })
    expectProven(keys, {})
  })

  propertyTest.prop({ keys: sets })('alone as in the report, of the same verdict', ({ keys }) => {
    for (const tolerance of tolerancesFor(keys)) {
      const { verdicts } = selectability(keys, { tolerance })
      const alone = keys.map((_, i) => certify(keys, i, { tolerance }))
      expect(alone.map(({ verdict }) => verdict)).toEqual(verdicts)
      for (const certificate of alone) expect(verify(keys, certificate, { tolerance })).toEqual({ valid: true })
    }
  })
})

function expectRefused(keys: Keys, forged: object, options: CertifyOptions): void {
  const outcome = verify(keys, forged as Certificate, options)
  expect(outcome).toEqual({ valid: false, reason: expect.stringMatching(/^[a-zA-Z]+( and weights)?: |^a single key/) })
}

const put = <T>(list: ArrayLike<T>, at: number, value: T): T[] => Array.from(list, (x, c) => (c === at ? value : x))

/** Certificates that differ from a valid one by something that no proof survives, whatever the tolerance. */
function corruptions(keys: Keys, certificate: Certificate, at: number): object[] {
  const { key } = certificate
  const n = keys.length
  const forged: object[] = [-1, n, key + 0.5, NaN].map((other) => ({ ...certificate, key: other }))
  if (certificate.verdict === 'selectable') {
    const { margin, query } = certificate
    forged.push({ ...certificate, runnerUp: key }, { ...certificate, runnerUp: n })
    // A margin below the smallest float is 0, and −0 equals it.
    if (margin > 0) forged.push({ ...certificate, margin: -margin })
    forged.push({ ...certificate, margin: margin === Infinity ? 1 : Infinity }, { ...certificate, margin: NaN })
    // Twice a margin, or half of it, is off by more than 1e-9; next to 0 half may be 0 itself, which is no margin either.
    if (margin < Infinity && margin > 0) {
      forged.push({ ...certificate, margin: 2 * margin }, { ...certificate, margin: next(margin / 2, -1) })
    }
    if (n > 1) forged.push({ ...certificate, query: Float64Array.from(put(query, at % query.length, NaN)) })
    return [...forged, { ...certificate, verdict: 'tied' }, { ...certificate, verdict: 'unselectable' }]
  }
  const { support, weights, distance } = certificate
  const s = at % support.length
  // The largest of m weights is at least 1/m, so the sum is off by at least 1/2m.
  const largest = weights.indexOf(Math.max(...weights))
  for (const weight of [weights[largest] / 2, 0, -weights[largest], NaN, 2]) {
    forged.push({ ...certificate, weights: Float64Array.from(put(weights, largest, weight)) })
  }
  for (const index of [key, n, 2 ** 32 - 1]) {
    forged.push({ ...certificate, support: Uint32Array.from(put(support, s, index)) })
  }
  if (support.length > 1) {
    forged.push({ ...certificate, support: Uint32Array.from(put(support, s, support[(s + 1) % support.length])) })
  }
  forged.push({ ...certificate, support: support.slice(1) }, { ...certificate, weights: weights.slice(1) })
  forged.push({ ...certificate, distance: -1 - distance }, { ...certificate, distance: NaN })
  return [...forged, { ...certificate, verdict: 'selectable' }, { ...certificate, distance: Infinity }]
}

describe('a corrupted certificate is refused, with a reason', () => {
  propertyTest.prop({ keys: sets, at: fc.nat() })('whatever the tolerance', ({ keys, at }) => {
    for (const tolerance of tolerancesFor(keys)) {
      const report = selectability(keys, { tolerance })
      const certificate = report.certificate(at % keys.length)
      for (const forged of corruptions(keys, certificate, at)) expectRefused(keys, forged, { tolerance })
    }
  })

  propertyTest.prop({ set: biasedSets, at: fc.nat() })('with a bias', ({ set: { keys, bias }, at }) => {
    const certificate = certify(keys, at % keys.length, { tolerance: 0, bias })
    for (const forged of corruptions(keys, certificate, at)) expectRefused(keys, forged, { tolerance: 0, bias })
  })

  propertyTest.prop({ keys: exactSets, at: fc.nat() })(
    'where another verdict is claimed with whatever proof',
    ({ keys, at }) => {
      const options = { tolerance: 0 }
      const report = selectability(keys, options)
      const key = at % keys.length
      const own = report.certificate(key)
      const others = Uint32Array.from(keys.keys()).filter((j) => j !== key)
      fc.pre(others.length > 0)
      const even = {
        support: others,
        weights: others.length === 0 ? [] : new Float64Array(others.length).fill(1 / others.length),
      }
      const unit = Float64Array.from(keys[0], (_, c) => (c === at % keys[0].length ? 1 : 0))
      const query = own.verdict === 'unselectable' ? unit : own.query
      const hull = own.verdict === 'selectable' ? even : { support: own.support, weights: own.weights }
      const exact = 'exactQuery' in own ? { exactQuery: own.exactQuery } : {}
      const claims = {
        selectable: { verdict: 'selectable', key, query, margin: 1, runnerUp: others[0], ...exact },
        tied: { verdict: 'tied', key, query, ...hull, distance: 0, ...exact },
        unselectable: { verdict: 'unselectable', key, ...hull, distance: 0 },
      }
      for (const [verdict, claim] of Object.entries(claims)) {
        if (verdict !== own.verdict) expectRefused(keys, claim, options)
      }
    },
  )

  propertyTest.prop({ keys: exactSets, at: fc.nat(), to: fc.nat() })(
    'where one support key is another, and the key is not in their hull',
    ({ keys, at, to }) => {
      const own = certify(keys, at % keys.length, { tolerance: 0 })
      fc.pre(own.verdict !== 'selectable')
      const support = Uint32Array.from(put(own.support, at % own.support.length, to % keys.length))
      const outside = decideExactly([keys[own.key], ...Array.from(support, (j) => keys[j])], 0) === 'selectable'
      fc.pre(outside)
      expectRefused(keys, { ...own, support }, { tolerance: 0 })
    },
  )

  propertyTest.prop({ keys: exactSets, at: fc.nat() })(
    'where weights are moved from one support key to another by more than rounding',
    ({ keys, at }) => {
      const own = certify(keys, at % keys.length, { tolerance: 0 })
      fc.pre(own.verdict !== 'selectable' && own.support.length > 1)
      // Steps of a few smallest floats have a test of their own in verify.test.ts.
      fc.pre(keys.flat().some((x) => Math.abs(x) >= 2 ** -1022))
      const { support, weights } = own
      const [a, b] = [0, 1 + (at % (support.length - 1))]
      // Distinct keys: half of a weight moved from one to the other moves the point, which was the key itself.
      fc.pre(keys[support[a]].some((x, c) => x !== keys[support[b]][c]))
      const moved = put(put(weights, a, weights[a] / 2), b, weights[b] + weights[a] / 2)
      expectRefused(keys, { ...own, weights: Float64Array.from(moved) }, { tolerance: 0 })
    },
  )

  /** The margin of a query for integer keys, from the exact least gap and norm, and the keys that come second. */
  function judge(keys: Keys, i: number, query: number[]): { margin: number; second: number[] } {
    const q = toIntegers(query)
    const others = keys.map((_, j) => j).filter((j) => j !== i)
    const gaps = others.map((j) => q.reduce((sum, x, c) => sum + x * BigInt(keys[i][c] - keys[j][c]), 0n))
    const least = gaps.reduce((x, y) => (y < x ? y : x))
    const sqNorm = q.reduce((sum, x) => sum + x * x, 0n)
    // 2^200 keeps the digits of a quotient that the division cuts off, for margins down to 2^−70.
    const size = sqNorm === 0n ? 0 : Math.sqrt(Number((least * least * (1n << 200n)) / sqNorm)) * 2 ** -100
    return { margin: least < 0n ? -size : size, second: others.filter((_, j) => gaps[j] === least) }
  }

  propertyTest.prop(
    { keys: integers, at: fc.nat(), c: fc.nat(), step: fc.integer({ min: -50, max: 50 }) },
    { numRuns: 600 },
  )(
    'where one query entry is another: accepted only if it selects by the margin and the runner-up claimed',
    ({ keys, at, c, step }) => {
      const i = at % keys.length
      const own = certify(keys, i, { tolerance: 0 })
      fc.pre(own.verdict === 'selectable' && own.exactQuery === undefined && keys.length > 1)
      // From a change in the last digits to one that turns the query around.
      const entry = c % own.query.length
      const query = put(own.query, entry, own.query[entry] + Math.sign(step) * 2 ** (4 - Math.abs(step)))
      const { margin, second } = judge(keys, i, query)
      const forged = { ...own, query: Float64Array.from(query) }
      const off = Math.abs(own.margin - margin)
      if (margin <= 0 || !second.includes(own.runnerUp) || off > 1e-9 * margin)
        expectRefused(keys, forged, { tolerance: 0 })
      else if (off < 0.9e-9 * margin) expect(verify(keys, forged, { tolerance: 0 })).toEqual({ valid: true })
    },
  )
})
