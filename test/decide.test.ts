/** Keys settled many at a time in the module: by reflections in many dimensions, in and from the simplices of keys before them in few. */
import { describe, expect, test } from 'vitest'
import { selectability, setBackend, verify } from '../src/index.ts'
import { acceptanceGap } from '../src/selectability/acceptance.ts'
import { solveKeys } from '../src/selectability/decide.ts'
import { prepare } from '../src/selectability/prepare.ts'
import { keySet } from '../src/selectability/keyset.ts'
import { createSearches, stepLimit, walkerFor } from '../src/selectability/search.ts'
import { randomKeys } from '../src/testing/index.ts'

/** The keys with the seventh made longer. */
function withOneLonger(data: Float64Array, d: number, factor: number): Float64Array {
  return data.map((x, at) => (Math.floor(at / d) === 7 ? factor * x : x))
}

/** How walks of at most so many steps end for keys of a list, by number of the distinct key, and the queries that they end on. */
function settler(n: number, d: number, factor = 1): (list: number[], maxSteps: number) => string[] {
  const { data } = randomKeys({ n, d, distribution: 'heavy', sigma: 1, seed: `decide ${n} ${d}` })
  const prepared = prepare(keySet(withOneLonger(data, d, factor), n, d))
  const { z, norms, count, largest } = prepared
  return (list, maxSteps) => {
    const walker = walkerFor(z, norms, d, largest)
    if (walker === null) throw new Error('the module is not there')
    const gaps = Float64Array.from(list, (v) => acceptanceGap(prepared, v, 0))
    const starts = Int32Array.from(list, (v) => (v === 0 ? 1 : 0))
    const found = walker.decide(Int32Array.from(list), starts, gaps, largest * 2 ** -40, maxSteps, largest, 0)
    list.forEach((v, at) => {
      if (found.end(at) !== 'query') return
      const query = found.query(at)
      const score = (w: number): number => query.reduce((sum, x, c) => sum + x * z[w * d + c], 0)
      for (let w = 0; w < count; w++) if (w !== v) expect(score(v)).toBeGreaterThan(score(w))
    })
    const ends = list.map((_, at) => found.end(at))
    walker.close()
    return ends
  }
}

test('reflections select most keys of a heavy set in 64 dimensions without a step of a walk, and none in 8', () => {
  const list = Array.from({ length: 64 }, (_, at) => 3 * at)
  expect(settler(256, 64)(list, 0).filter((end) => end === 'query').length).toBeGreaterThan(40)
  expect(settler(256, 8)(list, 0)).not.toContain('query')
})

test('where reflections fail they are given up, and walks settle every key', () => {
  const settle = settler(400, 17)
  const list = Array.from({ length: 64 }, (_, at) => 399 - at)
  expect(settle(list, 0).every((end) => end === 'stuck')).toBe(true)
  const ends = settle(list, stepLimit(17))
  expect(ends.filter((end) => end === 'inside').length).toBeGreaterThan(32)
  expect(ends).not.toContain('stuck')
})

test('keys next to one that is inside need fewer steps after it than alone', () => {
  const settle = settler(300, 8)
  const limit = stepLimit(8)
  const stepsOf = (list: number[]): number => {
    for (let steps = 0; steps < limit; steps++) if (settle(list, steps).at(-1) === 'inside') return steps
    return limit
  }
  const inner = [...Array(40).keys()].map((at) => 299 - at)
  const alone = inner.map((v) => stepsOf([v]))
  const quick = inner[alone.indexOf(Math.min(...alone))]
  const helped = inner.filter((v, at) => v !== quick && stepsOf([quick, v]) < alone[at])
  // Without a start from the neighbour a walk knows nothing of the key before it.
  expect(helped.length).toBeGreaterThan(5)
})

test.each([1, 3, 8, 15])(
  'keys inside a simplex that was found for another, here or before, need no step in %i dimensions',
  (d) => {
    const n = 300
    const { data } = randomKeys({ n, d, distribution: 'heavy', sigma: 1, seed: `handed on ${d}` })
    const { z, norms, largest } = prepare(keySet(data, n, d))
    const search = (
      list: readonly number[],
      maxSteps: number,
      heard?: Int32Array,
    ): { ends: string[]; told: Int32Array } => {
      const walker = walkerFor(z, norms, d, largest)
      if (walker === null) throw new Error('the module is not there')
      if (heard !== undefined) walker.hearSimplices(heard)
      const gap = acceptanceGap(prepare(keySet(data, n, d)), 0, 0)
      const found = walker.decide(
        list,
        list.map(() => 0),
        list.map(() => gap),
        largest * 2 ** -40,
        maxSteps,
        largest,
        0,
      )
      const ends = list.map((_, at) => found.end(at))
      walker.close()
      return { ends, told: walker.simplices() }
    }
    const inner = Array.from({ length: 60 }, (_, at) => n - 1 - at)
    const { told } = search(inner.slice(0, 30), stepLimit(d))
    expect(told.length).toBeGreaterThan(0)
    expect(told.length).toBeLessThanOrEqual(8 * (d + 2))
    expect(search(inner, 0).ends).not.toContain('inside')
    const { ends, told: again } = search(inner, 0, told)
    expect(ends.slice(30)).toContain('inside')
    // Those that held a key last come first, and none is lost.
    expect(again.length).toBe(told.length)
    const entries = (list: Int32Array): string[] =>
      Array.from({ length: list.length / (d + 2) }, (_, at) => list.slice(at * (d + 2), (at + 1) * (d + 2)).join(' '))
    expect(entries(again).sort()).toEqual(entries(told).sort())
  },
)

test.each([15, 16, 40])('a key in the very middle of all is inside, in %i dimensions', (d) => {
  const corners = Array.from({ length: 2 * d }, (_, s) =>
    Array.from({ length: d }, (_, c) => (c === s >> 1 ? (s & 1) * 2 - 1 : 0)),
  )
  const keys = [...corners, new Array<number>(d).fill(0)]
  const report = selectability(keys)
  expect(report.counts).toEqual({ selectable: 2 * d, tied: 0, unselectable: 1 })
  expect(verify(keys, report.certificate(2 * d))).toEqual({ valid: true })
})

test.each([
  ['heavy', 500, 8],
  ['heavy', 500, 24],
  ['cube', 600, 6],
] as const)(
  '%s keys, %i in %i dimensions, have the verdicts that they have without the module, all verified',
  (distribution, n, d) => {
    const keys = randomKeys({ n, d, distribution, seed: 'decide' })
    setBackend('js')
    const plain = selectability(keys)
    setBackend('simd')
    const report = selectability(keys)
    setBackend('auto')
    expect(report.verdicts).toEqual(plain.verdicts)
    expect(report.counts.unselectable).toBeGreaterThan(0)
    for (let i = 0; i < n; i += 7) expect(verify(keys, report.certificate(i))).toEqual({ valid: true })
  },
)

describe.each([1e3, 1e6])('where one key is %d times longer', (factor) => {
  test('the module settles the others', () => {
    const list = Array.from({ length: 400 }, (_, v) => v)
    const settle = settler(400, 12, factor)
    const ends = list.filter((v) => v % 64 === 0).flatMap((v) => settle(list.slice(v, v + 64), stepLimit(12)))
    expect(ends.filter((end) => end === 'query').length).toBeGreaterThan(100)
    expect(ends.filter((end) => end === 'inside').length).toBeGreaterThan(100)
    expect(ends.filter((end) => end === 'hull' || end === 'stuck').length).toBeLessThan(20)
  })

  test.each([true, false])('no key needs exact arithmetic, on the module: %s', (onModule) => {
    const { data } = randomKeys({ n: 300, d: 12, distribution: 'heavy', sigma: 1, seed: 'longer' })
    const prepared = prepare(keySet(withOneLonger(data, 12, factor), 300, 12))
    const never = (): never => {
      throw new Error('exact arithmetic was asked')
    }
    for (const tolerance of [0, 2 ** -50 * prepared.largest * 2 ** prepared.exponent]) {
      const searches = createSearches(prepared, tolerance, onModule)
      const keys = Int32Array.from({ length: 300 }, (_, v) => v)
      const starts = keys.map((v) => (v === 0 ? 1 : 0))
      const proofs = solveKeys(searches, keys, starts, tolerance, never, true)
      const inside = proofs.filter((proof) => proof.verdict === 'unselectable')
      expect(inside.length).toBeGreaterThan(100)
      expect(proofs.some((proof) => proof.verdict === 'tied')).toBe(false)
      searches.close()
    }
  })
})
