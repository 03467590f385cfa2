/** Which keys are farther than a tolerance is decided exactly, in floats or not. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { farFrom } from '../src/selectability/far.ts'
import { keySet } from '../src/selectability/keyset.ts'

/** The first coordinates of the keys that are kept. */
function kept(rows: readonly number[][], i: number, tolerance: number, bias: number[] | null = null): number[][] {
  const { data, n, d } = farFrom(keySet(rows.flat(), rows.length, rows[0].length, bias), i, tolerance)
  return Array.from({ length: n }, (_, j) => Array.from(data.subarray(j * d, (j + 1) * d)))
}

const next = (x: number): number => x * (1 + 2 ** -52)
const before = (x: number): number => x * (1 - 2 ** -53)

test.each([1, 2 ** -537, 2 ** -1070, 2 ** 500, 2 ** 1019])(
  'a key at the tolerance itself is not farther, in units of %f',
  (unit) => {
    const rows = [
      [0, 0],
      [3, 4],
      [-4, 3],
      [5, 0],
      [4, 4],
    ].map((row) => row.map((x) => x * unit))
    expect(kept(rows, 0, 5 * unit)).toEqual([rows[0], rows[4]])
    expect(kept(rows, 0, 4 * unit)).toEqual([rows[0], rows[1], rows[2], rows[3], rows[4]])
  },
)

test.each([1, 2 ** -400, 2 ** 400])('one ulp decides, in units of %f', (unit) => {
  const rows = [
    [0, 0],
    [3 * unit, 4 * unit],
  ]
  expect(kept(rows, 0, next(5 * unit))).toHaveLength(1)
  expect(kept(rows, 0, before(5 * unit))).toHaveLength(2)
  expect(kept([rows[0], [next(3 * unit), 4 * unit]], 0, 5 * unit)).toHaveLength(2)
  expect(kept([rows[0], [before(3 * unit), 4 * unit]], 0, 5 * unit)).toHaveLength(1)
})

test('differences that overflow, and a tolerance of 0', () => {
  const huge = 1.7e308
  expect(kept([[huge], [-huge], [huge]], 0, huge)).toEqual([[huge], [-huge]])
  expect(kept([[1], [1], [1 + 2 ** -52]], 0, 0)).toEqual([[1], [1 + 2 ** -52]])
})

test('the key asked about comes first, and biases follow their keys', () => {
  const far = farFrom(keySet([5, 1, 2, 9], 4, 1, [10, 11, 12, 13]), 2, 1)
  expect([...far.data]).toEqual([2, 5, 9])
  expect(Array.from(far.bias ?? [])).toEqual([12, 10, 13])
})

test('whole numbers near the tolerance, against whole arithmetic', () => {
  const size = 2 ** 26
  const number = fc.integer({ min: -size, max: size })
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.infiniteStream(number),
      fc.integer({ min: -2, max: 2 }),
      (d, stream, off) => {
        const draw = (): number[] => Array.from({ length: d }, () => stream.next().value as number)
        const [own, other] = [draw(), draw()]
        const square = own.reduce((sum, x, c) => sum + BigInt(x - other[c]) ** 2n, 0n)
        const tolerance = Math.max(0, Math.round(Math.sqrt(Number(square))) + off)
        const isFarther = square > BigInt(tolerance) ** 2n
        for (const unit of [1, 2 ** -300]) {
          const rows = [own, other].map((row) => row.map((x) => x * unit))
          expect(kept(rows, 0, tolerance * unit)).toHaveLength(isFarther ? 2 : 1)
        }
      },
    ),
    { numRuns: 2000 },
  )
})
