import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideAllExactly, decideExactly, decompose, maximumIsPositive, toIntegers } from './rational.ts'

const square = [
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
]

/** The next double after x towards +∞, for x > 0. */
function above(x: number): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, x)
  view.setBigInt64(0, view.getBigInt64(0) + 1n)
  return view.getFloat64(0)
}

describe('doubles become integers', () => {
  it('decomposes every kind of double', () => {
    for (const x of [0, -0, 1, -1.5, 0.1, 2 ** -1074, -(2 ** -1030), Number.MAX_VALUE, 2 ** 60]) {
      const { mantissa, exponent } = decompose(x)
      expect(Math.abs(Number(mantissa) * 2 ** Math.max(exponent, -1000) * 2 ** Math.min(0, exponent + 1000))).toBe(
        Math.abs(x),
      )
      expect(mantissa < 0n).toBe(x < 0)
    }
  })

  it('keeps ratios, and refuses what is not finite', () => {
    expect(toIntegers([0.5, -0.75, 0, 2 ** -1074]).map((x, _, all) => x / (all[3] ?? 1n))).toEqual([
      1n << 1073n,
      -(3n << 1072n),
      0n,
      1n,
    ])
    expect(toIntegers([0, -0])).toEqual([0n, 0n])
    expect(() => decompose(NaN)).toThrow(RangeError)
    expect(() => decompose(-Infinity)).toThrow(RangeError)
  })
})

describe('the simplex method', () => {
  it('answers both ways', () => {
    expect(maximumIsPositive([[1n, 1n]], [1n], [1n, 0n])).toBe(true)
    expect(maximumIsPositive([[1n, 1n]], [0n], [1n, 0n])).toBe(false)
    expect(maximumIsPositive([[1n]], [1n], [-1n])).toBe(false)
    expect(() => maximumIsPositive([[-1n]], [0n], [1n])).toThrow('unbounded')
    expect(() => maximumIsPositive([[1n]], [-1n], [1n])).toThrow('origin')
  })

  it('does not cycle where the largest-coefficient rule does (Chvátal 1983, page 31)', () => {
    const A = [
      [1n, -11n, -5n, 18n],
      [1n, -3n, -1n, 2n],
      [2n, 0n, 0n, 0n],
    ]
    expect(maximumIsPositive(A, [0n, 0n, 2n], [10n, -57n, -9n, -24n])).toBe(true)
  })
})

describe('verdicts without bias', () => {
  it('square with centre', () => {
    expect(decideAllExactly([...square, [0, 0]])).toEqual([
      'selectable',
      'selectable',
      'selectable',
      'selectable',
      'unselectable',
    ])
  })

  it('the middle of an edge, and of a segment', () => {
    expect(decideExactly([...square, [1, 0]], 4)).toBe('tied')
    expect(decideAllExactly([[0], [1], [2]])).toEqual(['selectable', 'unselectable', 'selectable'])
  })

  it('collinear keys in the plane', () => {
    const line = [
      [0, 0],
      [1, 1],
      [3, 3],
    ]
    expect(decideAllExactly(line)).toEqual(['selectable', 'unselectable', 'selectable'])
    expect(decideExactly([...line, [5, 0]], 1)).toBe('tied')
  })

  it('duplicates', () => {
    expect(
      decideAllExactly([
        [1, 0],
        [1, 0],
        [0, 0],
      ]),
    ).toEqual(['tied', 'tied', 'selectable'])
    expect(
      decideAllExactly([
        [2, 3],
        [2, 3],
      ]),
    ).toEqual(['tied', 'tied'])
    expect(
      decideAllExactly([
        [0, 0],
        [0, 0],
        [0, 0],
      ]),
    ).toEqual(['tied', 'tied', 'tied'])
    expect(decideAllExactly([...square, [0.25, 0.5], [0.25, 0.5]]).slice(4)).toEqual(['unselectable', 'unselectable'])
    expect(decideAllExactly([...square, [1, 0.5], [1, 0.5]]).slice(4)).toEqual(['tied', 'tied'])
    expect(decideAllExactly([...square, [1, 1]])).toEqual(['tied', 'selectable', 'selectable', 'selectable', 'tied'])
  })

  it('one key, and keys without coordinates', () => {
    expect(decideAllExactly([[7]])).toEqual(['selectable'])
    expect(decideAllExactly([[]])).toEqual(['selectable'])
    expect(decideAllExactly([[], []])).toEqual(['tied', 'tied'])
  })

  it('a tetrahedron: inside, on a face, on an edge, outside', () => {
    const tetrahedron = [
      [0, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]
    expect(decideExactly([...tetrahedron, [0.25, 0.25, 0.25]], 4)).toBe('unselectable')
    expect(decideExactly([...tetrahedron, [0.25, 0.25, 0.5]], 4)).toBe('tied')
    expect(decideExactly([...tetrahedron, [0.5, 0, 0.5]], 4)).toBe('tied')
    expect(decideExactly([...tetrahedron, [0.5, 0.5, 0.5]], 4)).toBe('selectable')
  })

  it('one ulp in, one ulp out', () => {
    const half = [0.5, 0.5]
    const [out, inn] = [
      [above(0.5), 0.5],
      [0.5 - 2 ** -54, 0.5],
    ]
    const triangle = [
      [0, 0],
      [1, 0],
      [0, 1],
    ]
    expect(decideExactly([...triangle, half], 3)).toBe('tied')
    expect(decideExactly([...triangle, out], 3)).toBe('selectable')
    expect(decideExactly([...triangle, inn], 3)).toBe('unselectable')
  })

  it('reads 0.1 + 0.2 as the doubles that they are', () => {
    const keys = [
      [0.1, 0],
      [0.2, 0],
      [0.1 + 0.2, 0],
      [0, 1],
    ]
    expect(decideExactly([...keys, [0.3, 0]], 2)).toBe('selectable')
    expect(decideExactly([...keys, [0.3, 0]], 4)).toBe('tied')
  })

  it('subnormal and huge keys together', () => {
    expect(decideAllExactly([[2 ** -1074], [0], [Number.MAX_VALUE]])).toEqual([
      'unselectable',
      'selectable',
      'selectable',
    ])
  })
})

describe('verdicts with bias', () => {
  it('lifts a key out of the hull, or pushes one under it', () => {
    const centre = [...square, [0, 0]]
    expect(decideExactly(centre, 4, [0, 0, 0, 0, 2 ** -1074])).toBe('selectable')
    expect(decideExactly(centre, 4, [0, 0, 0, 0, -1])).toBe('unselectable')
    expect(decideExactly(centre, 4, [3, 3, 3, 3, 3])).toBe('unselectable')
    expect(decideExactly(square, 0, [-100, 0, 0, 0])).toBe('selectable')
  })

  it('touches the upper hull of the lifted keys', () => {
    const line = [[0], [1], [2]]
    expect(decideExactly(line, 1, [0, 1, 2])).toBe('unselectable')
    expect(decideExactly([...line, [5]], 1, [0, 1, 2, 0])).toBe('tied')
    expect(decideExactly(line, 1, [0, 1.5, 2])).toBe('selectable')
    expect(decideExactly(line, 1, [0, 0.5, 2])).toBe('unselectable')
  })

  it('a query that grows without bound is no query', () => {
    // Key 2 is level with key 1 only in the limit q → ∞: at every finite q the bias keeps it below.
    const keys = [[0], [1], [1]]
    expect(decideAllExactly(keys, [0, 1, 0])).toEqual(['selectable', 'selectable', 'unselectable'])
  })

  it('equal keys are judged by their biases', () => {
    expect(decideAllExactly([[1], [1]], [0, 1])).toEqual(['unselectable', 'selectable'])
    expect(decideAllExactly([[1], [1], [1]], [1, 1, 0])).toEqual(['tied', 'tied', 'unselectable'])
    expect(decideAllExactly([[1], [1]], [2, 2])).toEqual(['tied', 'tied'])
    expect(decideAllExactly([[], []], [0, 1])).toEqual(['unselectable', 'selectable'])
  })

  it('one bias for all changes nothing', () => {
    const coordinate = fc.integer({ min: -2, max: 2 })
    const keySets = fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(keySets, fc.integer(), (keys, b) => {
        expect(
          decideAllExactly(
            keys,
            keys.map(() => b),
          ),
        ).toEqual(decideAllExactly(keys))
      }),
      { numRuns: 50 },
    )
  })
})

describe('in one dimension the verdict can be read off', () => {
  it('agrees with the order of the keys', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 7 }), (values) => {
        const [low, high] = [Math.min(...values), Math.max(...values)]
        const expected = values.map((x) => {
          if (low === high) return values.length === 1 ? 'selectable' : 'tied'
          if (x !== low && x !== high) return 'unselectable'
          return values.filter((y) => y === x).length === 1 ? 'selectable' : 'tied'
        })
        expect(decideAllExactly(values.map((x) => [x]))).toEqual(expected)
      }),
      { numRuns: 200 },
    )
  })
})
