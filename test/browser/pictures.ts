/** Takes the pictures of the demo that the README and the documentation show: `npm run pictures`. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { encode } from '../../docs/demo/state.ts'
import { steps } from '../../docs/demo/steps.ts'
import { root } from '../root.ts'
import { openDemo, stateOf } from './demo.ts'

const folder = join(root, 'docs/pictures')
/** The steps worth a picture: the problem, and what LayerNorm makes of it. */
const shown = { problem: 0, layernorm: 2 } as const

it('takes the pictures', async () => {
  mkdirSync(folder, { recursive: true })
  const demo = await openDemo()
  for (const theme of ['light', 'dark'] as const) {
    for (const [name, step] of Object.entries(shown)) {
      const page = await demo.open(`#${encode(steps[step])}`, {
        colorScheme: theme,
        viewport: { width: 1240, height: 900 },
      })
      await stateOf(page)
      const head = await page.locator('.demo-head').boundingBox()
      const keys = await page.locator('.keys').boundingBox()
      if (head === null || keys === null) throw new Error('the page lacks its head or its keys')
      const clip = { x: 0, y: head.y - 12, width: 1240, height: keys.y + keys.height - head.y + 24 }
      await page.screenshot({ path: join(folder, `${name}-${theme}.png`), clip })
      await page.context().close()
    }
  }
  expect(demo.problems).toEqual([])
  await demo.close()
})
