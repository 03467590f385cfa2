/** The Gram pass settles the keys that it can, in pairs or screened in integers as without, whatever tiles the sizes leave over. */
import { afterEach, describe, expect, test } from 'vitest'
import { setBackend } from '../src/kernels.ts'
import { createGram } from '../src/selectability/gram.ts'
import { createScreener } from '../src/kernels/simd/screener.ts'
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

function productsOf({ z, n, d }: GramKeys): number[][] {
  const rows = rowsOf(z, n, d)
  return rows.map((row) => rows.map((other) => dot(row, other)))
}

/** Keys that have a rival, by all products. */
function beatenByAll(keys: GramKeys): number[] {
  const beaten = (products: number[], i: number): boolean =>
    products.some((product, j) => j !== i && !(product < keys.ceilings[i]))
  return productsOf(keys).flatMap((products, i) => (beaten(products, i) ? [i] : []))
}

function beatenByGram(keys: GramKeys, name: 'js' | 'simd', pieces: readonly number[] = []): number[] {
  setBackend(name)
  const gram = createGram(keys)
  const products = productsOf(keys)
  const found = new Set<number>()
  const bounds = [0, ...pieces, keys.n]
  for (let at = 1; at < bounds.length; at++) {
    const { keys: beaten, rivals } = gram.compare(bounds[at - 1], bounds[at])
    beaten.forEach((i, place) => {
      expect(rivals[place]).not.toBe(i)
      expect(rivals[place]).toBeGreaterThanOrEqual(0)
      expect(products[i][rivals[place]]).toBeGreaterThanOrEqual(keys.ceilings[i])
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

test.each([17, 64, 301])(
  'the key of a block that scores another the highest in integers is one of the highest, in %i dimensions',
  (d) => {
    const n = 203
    const data = gaussian('strongest', n, d).map((x) => x / 8)
    const keys = gramKeys(rowsOf(data, n, d))
    const products = productsOf(keys)
    const screener = createScreener(keys.z, n, d, keys.norms, 40)
    const brought = Int32Array.from({ length: 37 }, (_, at) => n - 1 - 5 * at)
    screener.gather(brought, 37)
    for (const block of [0, 1, 2]) {
      for (let strip = 0; strip < 5; strip++) {
        screener.strongest(block, strip).forEach((i, r) => {
          const j = brought[8 * strip + r]
          if (j === undefined) return
          const others = products[j].slice(64 * block, 64 * (block + 1))
          const bound = (k: number): number =>
            (keys.norms[k] + screener.residue[k]) * screener.residue[j] + screener.residue[k] * keys.norms[j]
          expect(Math.floor(i / 64)).toBe(block)
          expect(
            products[j][i] + 2 * Math.max(...others.map((_, at) => bound(64 * block + at))),
          ).toBeGreaterThanOrEqual(Math.max(...others))
        })
      }
    }
    screener.close()
  },
)

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
