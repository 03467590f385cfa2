import { describe, expect, it } from 'vitest'
import { feasibility, highs, separation } from '../../bench/highs.mjs'
import { gaussian } from './gaussian.ts'
import { selectableByHighs } from './highs.ts'
import { decideExactly } from './rational.ts'

describe('HiGHS as an oracle', () => {
  it('knows the square with its centre, and a single key', async () => {
    expect(await selectableByHighs([1, 1, 1, -1, -1, 1, -1, -1, 0, 0], 5, 2)).toEqual([true, true, true, true, false])
    expect(await selectableByHighs([3, 4], 1, 2)).toEqual([true])
  })

  it('does not depend on the size of the keys', async () => {
    const data = gaussian('size', 30, 3)
    const expected = await selectableByHighs(data, 30, 3)
    expect(
      await selectableByHighs(
        data.map((value) => value * 2 ** -900),
        30,
        3,
      ),
    ).toEqual(expected)
    expect(
      await selectableByHighs(
        data.map((value) => value * 2 ** 900),
        30,
        3,
      ),
    ).toEqual(expected)
  })

  it('agrees with exact arithmetic, in both forms that the benchmark times', async () => {
    const solver = await highs()
    for (const [n, d] of [
      [12, 2],
      [20, 3],
      [25, 4],
    ] as const) {
      const data = gaussian(`exact ${n}×${d}`, n, d)
      const rows = Array.from({ length: n }, (_, j) => [...data.subarray(j * d, (j + 1) * d)])
      const exact = rows.map((_, i) => decideExactly(rows, i) === 'selectable')
      for (const form of [separation, feasibility]) {
        const model = form(solver, data, n, d)
        expect(rows.map((_, i) => model.selectable(i))).toEqual(exact)
        model.dispose()
      }
      expect(await selectableByHighs(data, n, d)).toEqual(exact)
    }
  })
})
