/** HiGHS as an oracle: which keys of a set in general position are selectable, by one linear program a key. */
import { highs, separation } from '../../bench/highs.mjs'

/** HiGHS tolerates 1e-7 on keys of size 1, so the sign of an optimum this small says nothing. */
const noise = 1e-7
/** A factor above: an optimum in between is too near the noise to be trusted either way. */
const signal = 1e-6

/**
 * Whether each key is selectable.
 *
 * @throws when an optimum falls in the ambiguous band, so that a test on it never passes or fails by luck.
 */
export async function selectableByHighs(data: ArrayLike<number>, n: number, d: number): Promise<boolean[]> {
  const solver = separation(await highs(), data, n, d)
  try {
    return Array.from({ length: n }, (_, i) => {
      const margin = solver.margin(i)
      if (margin > noise && margin < signal) throw new Error(`HiGHS cannot tell: key ${i} has margin ${margin}`)
      return margin >= signal
    })
  } finally {
    solver.dispose()
  }
}
