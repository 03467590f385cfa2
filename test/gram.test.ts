/** The Gram pass settles the keys that it can, in pairs or screened in integers as without, whatever tiles the sizes leave over. */
import { afterEach, describe, expect, test } from 'vitest'
import { setBackend } from '../src/kernels.ts'
import { createGram } from '../src/selectability/gram.ts'
import type { GramKeys } from '../src/selectability/comparisons.ts'
import { gaussian } from './reference/gaussian.ts'

afterEach(() => setBackend('auto'))

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, c) => sum + x * b[c], 0)

/** Rows in descending order of norm, with ceilings that lie `gap` times the norm below the square. */
function gramKeys(rows: readonly Float64Array[], gap = 0): GramKeys {
  const sorted = [...rows].sort((a, b) => dot(b, b) - dot(a, a))
  const d = sorted[0].length
  const z = new Float64Array(sorted.length * d)
  sorted.forEach((row, i) => z.set(row, i * d))
  const norms = Float64Array.from(sorted, (row) => Math.sqrt(dot(row, row)))
  const ceilings = norms.map((norm) => (norm > gap ? norm * norm - gap * norm : -Infinity))
  return { z, n: sorted.length, d, norms, ceilings }
}

function rowsOf(data: Float64Array, n: number, d: number): Float64Array[] {
  return Array.from({ length: n }, (_, i) => data.slice(i * d, (i + 1) * d))
}

/** Keys that have a rival, by all products. */
function beatenByAll({ z, n, d, ceilings }: GramKeys): number[] {
  const rows = rowsOf(z, n, d)
  const beaten = (i: number): boolean => rows.some((row, j) => j !== i && !(dot(rows[i], row) < ceilings[i]))
  return rows.map((_, i) => i).filter(beaten)
}

function beatenByGram(keys: GramKeys, name: 'js' | 'simd', pieces: readonly number[] = []): number[] {
  setBackend(name)
  const gram = createGram(keys)
  const found = new Set<number>()
  const bounds = [0, ...pieces, keys.n]
  for (let at = 1; at < bounds.length; at++) {
    const { keys: beaten, rivals } = gram.compare(bounds[at - 1], bounds[at])
    beaten.forEach((i, place) => {
      expect(rivals[place]).not.toBe(i)
      expect(rivals[place]).toBeGreaterThanOrEqual(0)
      found.add(i)
    })
  }
  return [...found].sort((a, b) => a - b)
}

const sizes = [
  [2, 1],
  [5, 3],
  [64, 70],
  [65, 260],
  [131, 64],
  [257, 17],
  [700, 12],
] as const

describe('the Gram pass', () => {
  test.each(sizes)('settles of %i Gaussian keys in %i dimensions those without a rival', (n, d) => {
    const data = gaussian(`gram ${n} ${d}`, n, d).map((x) => x / 8)
    const keys = gramKeys(rowsOf(data, n, d), 2 ** -20)
    for (const name of ['js', 'simd'] as const) {
      expect(beatenByGram(keys, name)).toEqual(beatenByAll(keys))
      if (n > 128) expect(beatenByGram(keys, name, [64, 128])).toEqual(beatenByAll(keys))
    }
  })

  test.each([
    [80, 3],
    [300, 5],
    [200, 16],
    [300, 20],
  ])('of %i lattice keys in %i dimensions, with all their ties', (n, d) => {
    const data = gaussian(`lattice ${n} ${d}`, n, d).map((x) => Math.round(1.3 * x) / 8)
    const rows = [...new Map(rowsOf(data, n, d).map((row) => [row.join(), row])).values()]
    const keys = gramKeys(rows)
    for (const name of ['js', 'simd'] as const) expect(beatenByGram(keys, name)).toEqual(beatenByAll(keys))
  })

  test.each([9, 30])(
    'leaves open both of two keys of one length that are too near for either, in %i dimensions',
    (d) => {
      const rows = rowsOf(gaussian('sphere', 150, d), 150, d).map((row) => row.map((x) => x / Math.sqrt(dot(row, row))))
      rows.push(rows[70].map((x, c) => (c === 0 ? x + 2 ** -40 : x)))
      const keys = gramKeys(rows, 2 ** -30)
      const expected = beatenByAll(keys)
      expect(expected).toHaveLength(2)
      for (const name of ['js', 'simd'] as const) expect(beatenByGram(keys, name)).toEqual(expected)
    },
  )

  test.each([7, 20])('leaves open what cannot be settled, in %i dimensions', (d) => {
    const keys = gramKeys(rowsOf(gaussian('short', 100, d), 100, d), 1000)
    for (const name of ['js', 'simd'] as const) expect(beatenByGram(keys, name)).toHaveLength(100)
  })
})

describe('the bound on what integers hide', () => {
  /**
   * A key j = s·(a + 0.49)·(1, …, 1), which rounds to s·a·(1, …, 1), and a rival of whole numbers that scores it just above its own square:
   * the integer product is too small by nearly all of the bound, so that a bound of half the size would settle j.
   * `places` fillers of negative score stand between them.
   */
  const d = 64
  const range = Math.floor(Math.sqrt((2 ** 31 - 1) / d))
  const s = 2 ** -12
  const a = 2000
  const constant = (value: number): Float64Array => new Float64Array(d).fill(s * value)
  const single = (value: number): Float64Array => Float64Array.from({ length: d }, (_, c) => (c === 0 ? s * value : 0))
  const crafted = (places: number): GramKeys => {
    const rows: Float64Array[] = [Float64Array.from({ length: d }, (_, c) => s * (c % 2 === 0 ? a - 400 : a + 401))]
    for (let at = 0; at < places; at++) rows.push(constant(-(a + 1 + at / places)))
    rows.push(constant(a + 0.49))
    // The largest numbers of their blocks, which set the scales: the first key and the last.
    rows.push(single(-range))
    rows.unshift(Float64Array.from({ length: d }, (_, c) => s * (c === 0 ? -range : -a - 10)))
    return gramKeys(rows)
  }
  test.each([
    ['within a block', 14],
    ['between blocks', 70],
  ])('is needed whole %s', (_, places) => {
    const keys = crafted(places)
    const j = keys.n - 2
    expect(keys.z[j * d]).toBe(s * (a + 0.49))
    expect(beatenByAll(keys)).toContain(j)
    for (const name of ['js', 'simd'] as const) expect(beatenByGram(keys, name)).toEqual(beatenByAll(keys))
  })
})
