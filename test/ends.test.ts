/** The judge of ranges: it takes right proposals, whatever they are like, and nothing else; and the exact search agrees with it. */
import { describe, expect, test } from 'vitest'
import { provenRange } from '../src/selectability/exact/ends.ts'
import type { Proposal } from '../src/selectability/exact/ends.ts'
import type { Program, Range } from '../src/selectability/exact/program.ts'
import { rangeOfFirst } from '../src/selectability/exact/range.ts'
import { programOfOwn, programOfRival } from '../src/selectability/factor/programs.ts'
import { proposeRange } from '../src/selectability/factor/propose.ts'
import { keySet } from '../src/selectability/keyset.ts'
import { gaussian } from './reference/gaussian.ts'

const others = (n: number, ...out: number[]): number[] =>
  Array.from({ length: n }, (_, l) => l).filter((l) => !out.includes(l))

function own(keys: number[][], i: number): Program {
  return programOfOwn(keySet(keys.flat(), keys.length, keys[0].length), i, others(keys.length, i))
}

function rival(keys: number[][], i: number, j: number): Program {
  return programOfRival(keySet(keys.flat(), keys.length, keys[0].length), i, j, others(keys.length, i, j))
}

const equal = (a: Range | null | undefined, b: Range | null): boolean => {
  if (a === null || b === null || a === undefined) return a === b
  if (a.low.n * b.low.d !== b.low.n * a.low.d) return false
  if (a.high === null || b.high === null) return a.high === b.high
  return a.high.n * b.high.d === b.high.n * a.high.d
}

const square = [[1, 1], [1, -1], [-1, 1], [-1, -1]] // prettier-ignore

describe('what the judge refuses', () => {
  // Columns of the program: 0 is −k_4, 1 to 4 are the corners.
  const program = own([...square, [0.5, 0.25]], 4)
  const basis = (...columns: number[]): { columns: number[]; rows: number[] } => ({ columns, rows: [] })
  const propose = (least: number[], greatest: number[], ray = -1): Proposal => ({
    feasible: true,
    least: basis(...least),
    greatest: basis(...greatest),
    ray,
  })
  const found = provenRange(program, propose([1, 2, 4], [0, 1, 2]))

  test('but not the truth', () => {
    expect(equal(found, { low: { n: 0n, d: 1n }, high: { n: 2n, d: 1n } })).toBe(true)
    expect(equal(found, rangeOfFirst(program))).toBe(true)
  })

  test.each<[string, Proposal]>([
    ['a high end that is none: the facet across', propose([1, 2, 4], [0, 1, 3])],
    ['a low end below 0', propose([0, 3, 4], [0, 1, 2])],
    ['a low end that is the high one', propose([0, 1, 2], [0, 1, 2])],
    ['weights below 0', propose([1, 2, 4], [0, 3, 4])],
    ['columns that depend', propose([1, 2, 4], [1, 2, 3, 4])],
    ['too few columns', propose([1, 2, 4], [0])],
    ['a high end without the unknown itself', propose([1, 2, 4], [1, 2, 4])],
    ['a direction that does not end, but does', propose([1, 2, 4], [0, 1, 2], 3)],
    ['a separator that separates nothing', { feasible: false, separator: [1n, 0n, 1n], basis: null, signs: [] }],
    ['no weights, where there are', { feasible: false, separator: null, basis: basis(), signs: [] }],
  ])('%s', (_, proposal) => {
    expect(provenRange(program, proposal)).toBeUndefined()
  })

  test('a separator that one column is beyond', () => {
    const outside = own([[1, 2], [2, 1], [-1, 0]], 2) // prettier-ignore
    const judge = (separator: bigint[]): Range | null | undefined =>
      provenRange(outside, { feasible: false, separator, basis: null, signs: [] })
    expect(rangeOfFirst(outside)).toBe(null)
    // The unit in the last row is 2: keys are below 2^2.
    expect(judge([-2n, -2n, 1n])).toBe(null)
    expect(judge([-2n, 2n, 1n])).toBeUndefined()
    expect(judge([-2n, -2n, -1n])).toBeUndefined()
  })
})

describe('search, judge and exact search agree', () => {
  const families: [string, (n: number, d: number) => Float64Array][] = [
    ['normal', (n, d) => gaussian(`ends ${n} ${d}`, n, d)],
    ['lattice', (n, d) => gaussian(`ends ${n} ${d}`, n, d).map(Math.round)],
    ['heavy', (n, d) => gaussian(`ends ${n} ${d}`, n, d).map((x, at) => x * 8 ** ((Math.floor(at / d) % 7) - 3))],
    [
      'of half the rank',
      (n, d) =>
        gaussian(`ends ${n} ${d}`, n, d).map((x, at, all) => Math.round(4 * (at % d < d / 2 ? x : all[at - (at % d)]))),
    ],
    [
      'mean-centred, up to rounding',
      (n, d) => {
        const keys = gaussian(`ends ${n} ${d}`, n, d)
        return keys.map((x, at) => x - keys.slice(at - (at % d), at - (at % d) + d).reduce((sum, y) => sum + y / d, 0))
      },
    ],
  ]

  test.each(families)('%s', (_, make) => {
    for (const [n, d] of [
      [12, 2],
      [24, 3],
      [24, 5],
    ]) {
      const data = make(n, d)
      const keys = keySet(data, n, d)
      for (let i = 0; i < 4; i++) {
        const programs = [
          programOfOwn(keys, i, others(n, i)),
          programOfRival(keys, i, n - 1 - i, others(n, i, n - 1 - i)),
        ]
        for (const program of programs) {
          const proposal = proposeRange(program)
          const proven = proposal === null ? undefined : provenRange(program, proposal)
          const exact = rangeOfFirst(program)
          expect(equal(proven, exact)).toBe(true)
          for (const start of [[0], [1, 2, 3], [0, 2, 4, 6, 8]])
            expect(equal(rangeOfFirst(program, start), exact)).toBe(true)
        }
      }
    }
  })

  test('(1024, 64) is proven without an exact search', () => {
    const [n, d] = [1024, 64]
    const data = gaussian('ends', n, d)
    for (let c = 0; c < d; c++) data[c] /= 16
    const keys = keySet(data, n, d)
    for (const program of [programOfOwn(keys, 0, others(n, 0)), programOfRival(keys, 1, 2, others(n, 1, 2))]) {
      const proposal = proposeRange(program)
      expect(proposal === null ? undefined : provenRange(program, proposal)).toBeDefined()
    }
  })

  test('a search that no basis of floats ends is left to integers', () => {
    const ulp = 2 ** -52
    const keys = [[1, 1 + ulp], [1 + ulp, 1], [-1, 1 - ulp], [1 - ulp, -1], [-1 - ulp, -1 + ulp], [0.5, 0.5 + ulp / 2]] // prettier-ignore
    for (let i = 0; i < keys.length; i++) {
      const program = own(keys, i)
      const proposal = proposeRange(program)
      const proven = proposal === null ? undefined : provenRange(program, proposal)
      if (proven !== undefined) expect(equal(proven, rangeOfFirst(program))).toBe(true)
      for (let j = 0; j < keys.length; j++) if (j !== i) expect(rangeOfFirst(rival(keys, i, j))).toBeDefined()
    }
  })
})
