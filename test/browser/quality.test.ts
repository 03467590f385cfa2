/** The demo for everyone: accessible, small, quick, and still while it is looked at. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import type { AxeResults } from 'axe-core'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { presets } from '../../docs/demo/presets.ts'
import { encode } from '../../docs/demo/state.ts'
import { drawn, openDemo } from './demo.ts'
import type { Demo } from './demo.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const widths = [360, 768, 1440]
const themes = ['light', 'dark'] as const
let demo: Demo

beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo.close())
afterEach(() => expect(demo.problems.splice(0)).toEqual([]))

const screen = (width: number, colorScheme: 'light' | 'dark'): BrowserContextOptions => ({
  viewport: { width, height: 900 },
  colorScheme,
})

/** Breaches of the rules of WCAG 2.2 A and AA, and of good practice, each with where. */
async function breaches(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const { violations, passes } = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeResults> } }
    return axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      rules: { 'target-size': { enabled: true } },
    })
  })
  expect(passes.map(({ id }) => id)).toContain('color-contrast')
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))
}

describe('axe', () => {
  it.each(widths.flatMap((width) => themes.map((theme) => [width, theme] as const)))(
    'finds nothing at %i pixels, %s',
    async (width, theme) => {
      const page = await demo.open('', screen(width, theme))
      await page.locator('.presets summary').click()
      await page.locator('#proof-verify').click()
      await page.locator('#own-example').click()
      await page.waitForSelector('#own-rows tr')
      await page.locator('#own-rows button').first().click()
      await page.waitForFunction(() => document.querySelector('#own-proof-result')?.textContent !== '')
      expect(await breaches(page)).toEqual([])
      // Nothing is wider than the page.
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
      await page.context().close()
    },
  )

  it.each(themes)('finds nothing in the other pages, %s', async (theme) => {
    const page = await demo.open('', screen(360, theme))
    for (const address of demo.pages) {
      await page.goto(address)
      expect(await breaches(page), address).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth), address).toBe(360)
    }
    await page.context().close()
  })
})

describe('the first view', () => {
  it('takes less than 150 kB, compressed', async () => {
    const page = await demo.open()
    await page.waitForSelector('#curve-lines path')
    const sizes = await Promise.all(
      demo.asked.map(async (address) => gzipSync(Buffer.from(await (await fetch(address)).arrayBuffer())).length),
    )
    const total = sizes.reduce((sum, size) => sum + size, 0)
    console.log(`first view: ${demo.asked.length} files, ${(total / 1000).toFixed(1)} kB compressed`)
    expect(total).toBeLessThan(150_000)
    await page.context().close()
  })

  it.each(widths)('does not shift at %i pixels, nor do the steps and the key sets move it', async (width) => {
    const page = await demo.open('', screen(width, 'light'))
    await page.evaluate(() => {
      const shifts = ((window as unknown as { shifts: number[] }).shifts = [])
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value as never)
      }).observe({ type: 'layout-shift', buffered: true })
    })
    for (const step of [1, 2, 3, 0]) {
      await page.locator(`#step-${step}`).click()
      await drawn(page)
    }
    const shifts = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts)
    // 0.1 is what Web Vitals call good.
    expect(shifts.reduce((sum, shift) => sum + shift, 0)).toBeLessThan(0.02)
    await page.context().close()
  })
})

describe('the theme', () => {
  it('follows the system, and the reader’s choice before it', async () => {
    const page = await demo.open('', screen(1440, 'dark'))
    const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const dark = await background()
    await page.locator('#theme').click()
    const light = await background()
    expect(light).not.toBe(dark)
    await page.reload()
    expect(await background()).toBe(light)
    await page.context().close()
  })
})

describe('with 12 keys', () => {
  it('the frame after an interaction comes within 50 ms', async () => {
    const twelve = presets.find(({ id }) => id === 'random')
    const page = await demo.open(twelve === undefined ? '' : `#${encode(twelve.state)}`)
    await page.waitForSelector('#curve-lines path')
    const measure = (): Promise<number[]> =>
      page.evaluate(async () => {
        const factor = document.querySelector<HTMLInputElement>('#factor')
        if (factor === null) throw new Error('no slider')
        const times: number[] = []
        for (let at = 0; at < 24; at++) {
          const start = performance.now()
          factor.value = String(0.4 + at * 0.05)
          factor.dispatchEvent(new Event('input'))
          // A task after the frame's own work: what was asked for has been drawn.
          await new Promise((done) =>
            requestAnimationFrame(() => {
              const { port1, port2 } = new MessageChannel()
              port1.onmessage = done
              port2.postMessage(null)
            }),
          )
          times.push(performance.now() - start)
        }
        return times.sort((a, b) => a - b)
      })
    // On a shared machine the clock counts others' work too; the page's main thread has a clock of its own.
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable')
    const threadTime = async (): Promise<number> => {
      const { metrics } = await session.send('Performance.getMetrics')
      return 1000 * (metrics.find(({ name }) => name === 'ThreadTime')?.value ?? NaN)
    }
    await measure()
    const before = await threadTime()
    const times = await measure()
    const work = ((await threadTime()) - before) / times.length
    console.log(
      `12 keys: ${work.toFixed(1)} ms of work an interaction; to the next frame ${times[12]?.toFixed(1)} ms (median)`,
    )
    expect(work).toBeLessThan(50)
    await page.context().close()
  })
})
