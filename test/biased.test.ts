/** Softmax layers with a bias, large enough for floating point to do the work: verdicts of one linear program a key. */
import { describe, expect, test } from 'vitest'
import { selectability, verify } from '../src/index.ts'
import { gaussian } from './reference/gaussian.ts'
import { maximumIsPositive } from './reference/rational.ts'

/** Whether some query puts key i strictly above the rest, by an exact linear program in integers: τ and all gaps positive. */
function selects(keys: number[][], bias: number[], i: number): boolean {
  const others = keys.map((_, j) => j).filter((j) => j !== i)
  const d = keys[0].length
  // Variables: q as x − x0·1, τ, and t, the least gap: p·(k_j − k_i) + τ(b_j − b_i) + t <= 0, t <= τ, t <= 1.
  const rows = others.map((j) => {
    const difference = keys[j].map((x, c) => BigInt(x - keys[i][c]))
    return [...difference, -difference.reduce((sum, x) => sum + x, 0n), BigInt(bias[j] - bias[i]), 1n]
  })
  const zeros = new Array<bigint>(d + 1).fill(0n)
  rows.push([...zeros, -1n, 1n], [...zeros, 0n, 1n])
  return maximumIsPositive(rows, [...others.map(() => 0n), 0n, 1n], [...zeros, 0n, 1n])
}

describe('under a bias', () => {
  test.each([
    [40, 2],
    [40, 4],
    [30, 6],
  ])('%i keys in %i dimensions', (n, d) => {
    const numbers = gaussian(`biased ${n} ${d}`, n, d + 1).map((x) => Math.round(64 * x))
    const keys = Array.from({ length: n }, (_, j) => Array.from(numbers.subarray(j * (d + 1), j * (d + 1) + d)))
    const bias = Array.from({ length: n }, (_, j) => numbers[j * (d + 1) + d])
    for (const tolerance of [0, undefined]) {
      const report = selectability(keys, { tolerance, bias })
      expect(report.counts.unselectable).toBeGreaterThan(0)
      report.verdicts.forEach((verdict, i) => {
        expect([i, verdict === 'selectable']).toEqual([i, selects(keys, bias, i)])
        expect(verify(keys, report.certificate(i), { tolerance, bias })).toEqual({ valid: true })
      })
    }
  })
})
