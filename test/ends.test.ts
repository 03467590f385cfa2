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
    [
      'a separator that separates nothing',
      { feasible: false, separator: [1n, 0n, 1n], basis: null, signs: [], short: -1 },
    ],
    [
      'a column that is short, but others make up for it',
      { feasible: false, separator: null, basis: basis(0, 3, 4), signs: [], short: 3 },
    ],
    ['no weights, where there are', { feasible: false, separator: null, basis: basis(), signs: [], short: -1 }],
  ])('%s', (_, proposal) => {
    expect(provenRange(program, proposal)).toBeUndefined()
  })

  test('a separator that one column is beyond', () => {
    const outside = own([[1, 2], [2, 1], [-1, 0]], 2) // prettier-ignore
    const judge = (separator: bigint[]): Range | null | undefined =>
      provenRange(outside, { feasible: false, separator, basis: null, signs: [], short: -1 })
    expect(rangeOfFirst(outside)).toBe(null)
    // The unit in the last row is 2: keys are below 2^2.
    expect(judge([-2n, -2n, 1n])).toBe(null)
    expect(judge([-2n, 2n, 1n])).toBeUndefined()
    expect(judge([-2n, -2n, -1n])).toBeUndefined()
  })

  test('a column whose weight is below 0, and no other can help', () => {
    // Key 2 is at x = −1, across from the others: t < 0 would put it between them.
    const across = own([[1, 1], [1, -1], [-1, 0]], 2) // prettier-ignore
    const short = (column: number): Proposal => ({
      feasible: false,
      separator: null,
      basis: basis(0, 1, 2),
      signs: [],
      short: column,
    })
    expect(rangeOfFirst(across)).toBe(null)
    expect(provenRange(across, short(0))).toBe(null)
    expect(provenRange(across, short(1))).toBeUndefined()
  })
})

/** A program of given columns; `rounded` may be other floats than theirs, so that a test can tell which of the two decide. */
function programOf(columns: bigint[][], right: bigint[], rounded: number[] = columns.flat().map(Number)): Program {
  return {
    count: columns.length,
    rank: right.length,
    column: (s) => columns[s],
    right,
    rounded: Float64Array.from(rounded),
    exponents: new Int32Array(columns.length),
  }
}
const zero = { n: 0n, d: 1n }

describe('a basis', () => {
  test('without columns reaches 0 alone', () => {
    const proposal: Proposal = {
      feasible: true,
      least: { columns: [], rows: [0] },
      greatest: { columns: [], rows: [0] },
      ray: 0,
    }
    expect(provenRange(programOf([[0n]], [0n]), proposal)).toEqual({ low: zero, high: null })
    expect(provenRange(programOf([[0n]], [1n]), proposal)).toBeUndefined()
    expect(provenRange(programOf([[0n, 0n]], [0n, 1n]), proposal)).toBeUndefined()
    // Column 1 could grow without end, and column 0 would not with it.
    expect(provenRange(programOf([[0n], [0n]], [0n]), { ...proposal, ray: 1 })).toBeUndefined()
  })

  test('that lacks a row proves nothing, though its weights are right', () => {
    const program = programOf([[1n, 0n], [0n, 1n]], [1n, 0n]) // prettier-ignore
    const judge = (rows: number[]): Range | null | undefined => {
      const basis = { columns: [0], rows }
      return provenRange(program, { feasible: true, least: basis, greatest: basis, ray: -1 })
    }
    expect(judge([])).toBeUndefined()
    expect(judge([1])).toEqual({ low: { n: 1n, d: 1n }, high: { n: 1n, d: 1n } })
  })

  test('from which another column grows, but the first does not, has an end', () => {
    const program = programOf([[1n, 0n], [0n, 1n], [0n, -1n]], [1n, 1n]) // prettier-ignore
    const basis = { columns: [0, 1], rows: [] }
    const one = { n: 1n, d: 1n }
    expect(provenRange(program, { feasible: true, least: basis, greatest: basis, ray: 2 })).toBeUndefined()
    expect(provenRange(program, { feasible: true, least: basis, greatest: basis, ray: -1 })).toEqual({
      low: one,
      high: one,
    })
  })
})

describe('a separator', () => {
  /** What is proven by multipliers alone, and how many columns were asked for in integers. */
  const judge = (
    y: bigint[],
    ...program: Parameters<typeof programOf>
  ): [range: Range | null | undefined, asked: number] => {
    const plain = programOf(...program)
    let asked = 0
    const counted = { ...plain, column: (s: number) => (asked++, plain.column(s)) }
    return [provenRange(counted, { feasible: false, separator: y, basis: null, signs: [], short: -1 }), asked]
  }

  test('must be above 0 on the right side', () => {
    expect(judge([1n, 0n], [[-1n, 0n]], [1n, 0n])).toEqual([null, 0])
    expect(judge([0n, 1n], [[-1n, 0n]], [1n, 0n])).toEqual([undefined, 0])
    expect(judge([0n, 0n], [[-1n, 0n]], [1n, 0n])).toEqual([undefined, 0])
  })

  test('is judged by floats where they are clear, and by integers where they are not', () => {
    expect(judge([1n, 2n], [[-1n, 0n], [3n, -2n], [0n, -5n]], [1n, 0n])).toEqual([null, 0]) // prettier-ignore
    expect(judge([1n, 2n], [[-1n, 0n], [2n, -1n], [0n, -5n]], [1n, 0n])).toEqual([null, 1]) // prettier-ignore
    expect(judge([1n, 2n], [[-1n, 0n], [3n, -1n], [0n, -5n]], [1n, 0n])).toEqual([undefined, 1]) // prettier-ignore
  })

  test('of entries far apart is still judged by floats', () => {
    expect(judge([1n, 2n ** 2000n], [[-1n, -1n]], [1n, 0n])).toEqual([null, 0])
    expect(judge([2n ** 2000n, 1n], [[-1n, -1n], [-3n, 2n]], [1n, 0n])).toEqual([null, 0]) // prettier-ignore
  })

  test('whose products floats get wrong is refused', () => {
    // 2^60 + 1 and 2^60 round to the same float.
    const [big, more] = [2n ** 60n, 2n ** 60n + 1n]
    expect(judge([1n, -1n], [[big, more]], [1n, 0n])).toEqual([null, 1])
    expect(judge([1n, -1n], [[more, big]], [1n, 0n])).toEqual([undefined, 1])
    // What cancels is left with a last bit of the wrong sign.
    const third = 2n ** 60n / 3n
    const cancel = [third, third, third + 5n]
    expect(judge([1n, 1n, -1n], [[cancel[0], cancel[1], 2n * third - 1n]], [1n, 0n, 0n])).toEqual([undefined, 1])
  })

  test('is judged by integers up to the bound on the error of floats, and by no more', () => {
    const u = 2 ** -53
    // Two terms of 1 and −1 + k·u: the bound is γ_5 of 2, which 10·u is just within.
    const asked = (k: number): number => judge([1n, 1n], [[1n, -1n]], [1n, 0n], [-1, 1 - k * u])[1]
    expect([9, 10, 11, 12].map(asked)).toEqual([1, 1, 0, 0])
  })

  test('is not judged by floats that underflowed to 0', () => {
    const tiny = [[1n, 2n ** 1100n]]
    expect(judge([1n, 0n], tiny, [1n, 0n], [0, 1])).toEqual([undefined, 1])
    expect(judge([-1n, 0n], tiny, [-1n, 0n], [-0, 1])).toEqual([null, 1])
  })
})

describe('the exact search', () => {
  test('keeps at 0 what no column stands for', () => {
    // x_0 + x_1 = 1 and −x_0 − x_2 = 0, so that x_0 is 0; no column alone shows it.
    const columns = [[1n, -1n], [1n, 0n], [0n, -1n]] // prettier-ignore
    expect(equal(rangeOfFirst(programOf(columns, [1n, 0n])), { low: zero, high: zero })).toBe(true)
  })

  const slack = (rank: number): number[][] =>
    Array.from({ length: rank }, (_, s) => Array.from({ length: rank + 1 }, (__, r) => (r === s + 1 ? 1 : 0)))

  test.each<[string, number[][], number[], number[], number | null]>([
    [
      // V. Chvátal, Linear Programming, 1983, chapter 3.
      'the greatest price through six bases',
      [
        [1, 0, 0, 0],
        [-10, 1, 1, 1],
        [57, -11, -3, 0],
        [9, -5, -1, 0],
        [24, 18, 2, 0],
        [0, 2, 0, 0],
        [0, 0, 2, 0],
        [0, 0, 0, 1],
      ],
      [0, 0, 0, 1],
      [0, 5, 6, 7],
      1,
    ],
    [
      // E. M. L. Beale, Naval Research Logistics Quarterly 2, 1955.
      'the greatest price in the first example known',
      [
        [100, 0, 0, 0],
        [-75, 25, 50, 0],
        [15000, -6000, -9000, 0],
        [-2, -4, -2, 1],
        [600, 900, 300, 0],
        [0, 100, 0, 0],
        [0, 0, 100, 0],
        [0, 0, 0, 1],
      ],
      [0, 0, 0, 1],
      [0, 5, 6, 7],
      0.05,
    ],
    [
      'the lowest index, if of equal rows the first left',
      [
        [1, 0, 0, 0, 0],
        [-6, 3, 2, 3, 3],
        [5, 3, 1, 1, -2],
        [6, -3, -2, 0, 2],
        [3, -2, 0, -1, 2],
        [-2, -2, -1, 3, 0],
        [-6, 2, 2, -3, -3],
        ...slack(4),
      ],
      [0, 0, 0, 0, 0],
      [0, 7, 8, 9, 10],
      null,
    ],
    [
      'the lowest index, if of equal rows the last left',
      [
        [1, 0, 0, 0],
        [-4, 0, 2, -5],
        [0, 1, 0, 0],
        [-2, 0, -3, -4],
        [-7, -2, -2, -4],
        [-9, 3, -4, 0],
        [0, 0, 0, 1],
        [0, 0, 1, 0],
        [-6, 2, -1, 2],
        [9, 3, -5, -5],
      ],
      [0, 0, 0, 0],
      [0, 2, 7, 6],
      null,
    ],
  ])('ends where this would cycle: %s', (_, columns, right, start, high) => {
    // prettier-ignore
    const program = programOf(
      columns.map((column) => column.map(BigInt)),
      right.map(BigInt),
    )
    for (const some of [start, [], [0], [3, 3, 0], columns.map((__, s) => s), [...start].reverse()]) {
      const range = rangeOfFirst(program, some)
      expect(range?.low.n).toBe(0n)
      if (high === null) expect(range?.high ?? zero).toEqual(zero)
      else expect(Number(range?.high?.n) / Number(range?.high?.d)).toBe(high)
    }
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
