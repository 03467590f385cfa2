/** Figure 1c and 1d of the paper: random keys, and the same keys after LayerNorm, judged against one LP a key. */
import { layerNorm, selectability } from 'selectability'
import { describe, expect, it } from 'vitest'
import { gaussian } from './reference/gaussian.ts'
import { selectableByHighs } from './reference/highs.ts'

const sets = 50
const sizes = [5, 10, 20, 40, 60]
const widths = [3, 4, 5, 6, 7, 8, 9, 10]

describe.each(widths)('Gaussian keys in dimension %i', (d) => {
  it('have the verdicts that HiGHS gives', async () => {
    for (const n of sizes) {
      for (let set = 0; set < sets; set++) {
        const data = gaussian(`figure 1, ${n}×${d}, ${set}`, n, d)
        const { verdicts } = selectability({ data, shape: [n, d] })
        const expected = (await selectableByHighs(data, n, d)).map((yes) => (yes ? 'selectable' : 'unselectable'))
        expect(verdicts, `n = ${n}, set ${set}`).toEqual(expected)
      }
    }
  })

  it('are all selectable after LayerNorm', () => {
    for (const n of sizes) {
      for (let set = 0; set < sets; set++) {
        const data = gaussian(`figure 1, ${n}×${d}, ${set}`, n, d)
        const { counts } = selectability(layerNorm({ data, shape: [n, d] }, { eps: 0 }))
        expect(counts, `n = ${n}, set ${set}`).toEqual({ selectable: n, tied: 0, unselectable: 0 })
      }
    }
  })
})
