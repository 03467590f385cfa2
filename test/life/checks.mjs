/** Many checks in one process: how its memory stands after each tenth of them. */
import { randomKeys } from 'selectability/testing'

/**
 * Runs `count` checks of small and middling key sets, each with certificates that are verified, on `library`. Answers with the bytes
 * in use (after a collection) and resident, after each `step` of them.
 */
export function live(library, count, step, collect = () => undefined) {
  const marks = []
  for (let run = 1; run <= count; run++) {
    const n = 4 + (run % 29)
    const d = 1 + (run % 7)
    const keys = randomKeys({ n, d, distribution: run % 3 === 0 ? 'lattice' : 'gaussian', seed: run })
    const tolerance = run % 2 === 0 ? { tolerance: 0 } : {}
    const report = library.selectability(keys, tolerance)
    for (let i = 0; i < n; i += 5) {
      if (!library.verify(keys, report.certificate(i), tolerance).valid)
        throw new Error(`run ${run}: key ${i} is unproven`)
    }
    library.attention(keys, keys, keys, { causal: true })
    library.layerNorm(keys)
    if (run % step !== 0) continue
    collect()
    const { heapUsed, arrayBuffers, rss } = process.memoryUsage()
    marks.push({ run, used: heapUsed + arrayBuffers, rss })
  }
  return marks
}
