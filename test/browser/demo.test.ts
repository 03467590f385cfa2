/** What the demo shows is what the library says, and every way of asking it works. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { attainableWeight, criticalScale, explain, selectability } from 'selectability/kernels'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { scoreScale } from '../../docs/demo/model.ts'
import { presets } from '../../docs/demo/presets.ts'
import { encode, factors, slider, story } from '../../docs/demo/state.ts'
import type { State } from '../../docs/demo/state.ts'
import { steps } from '../../docs/demo/steps.ts'
import { rawKeys, transformKeys } from '../../docs/demo/transform.ts'
import { root } from '../root.ts'
import { badgesOf, drawn, openDemo, stateOf } from './demo.ts'
import type { Demo } from './demo.ts'

let demo: Demo
let page: Page

beforeAll(async () => {
  demo = await openDemo()
  page = await demo.open()
})
afterAll(() => demo.close())
afterEach(() => expect(demo.problems.splice(0)).toEqual([]))

const keysOf = (state: State): Float64Array => transformKeys(rawKeys(state), state)
const verdictsOf = (state: State): readonly string[] => selectability(keysOf(state), state.keys.length, 3).verdicts

/** Shows a state in the page that is open. */
async function go(hash: string): Promise<void> {
  await page.goto(demo.url + hash)
  await page.waitForSelector('html[data-ready]')
  // A state that only the address names is drawn in the next frame.
  await drawn(page)
}

async function setFactor(factor: number): Promise<void> {
  await page.locator('#factor').fill(String(factor))
  await page.waitForFunction(
    (text) => document.querySelector('#factor-value')?.textContent === text,
    `× ${factor.toFixed(2)}`,
  )
}

describe('a page whose script does not run, as from a file', () => {
  it('says so, and how to serve it; one that runs does not', async () => {
    expect(await page.locator('#stalled').isVisible()).toBe(false)
    const other = await page.context().newPage()
    await other.route('**/*.js', (route) => route.abort())
    await other.goto(demo.url)
    expect(await other.locator('#stalled').isVisible()).toBe(false)
    await other.locator('#stalled').waitFor()
    expect(await other.locator('#stalled').textContent()).toContain('npx vite preview --outDir site')
    await other.close()
  })
})

describe('the first view', () => {
  it('shows the effect untouched: key 2 cannot be selected', async () => {
    expect(await badgesOf(page)).toEqual(['selectable', 'unselectable', 'selectable', 'selectable'])
    expect(await page.locator('#proof-statement').textContent()).toMatch(
      /^key 2 = .* · key 1 \+ .* · key 3 \+ .* · key 4\./,
    )
    expect(await page.locator('#step-text-0').isVisible()).toBe(true)
    // Its sector has closed to nothing.
    expect(await page.locator('#plane-sectors .rim:visible text').allTextContents()).toEqual(['1', '3', '4'])
  })

  it.each(steps.map((step, at) => [at + 1, step] as const))('step %i shows what the library says', async (at, step) => {
    await page.locator(`#step-${at - 1}`).click()
    expect(await stateOf(page)).toEqual(step)
    expect(await badgesOf(page)).toEqual(verdictsOf(step))
    expect(await page.locator(`#step-text-${at - 1}`).isVisible()).toBe(true)
  })

  it('says which keys every step frees', () => {
    expect(steps.map((step) => verdictsOf(step)[1])).toEqual([
      'unselectable',
      'unselectable',
      'selectable',
      'selectable',
    ])
  })
})

describe('key sets', () => {
  it.each(presets.map(({ id }) => id))('%s: badges, attainable weights and margins are the library’s', async (id) => {
    await page.locator(`#preset-${id}`).click()
    const state = await stateOf(page)
    const keys = keysOf(state)
    const n = state.keys.length
    expect(await badgesOf(page)).toEqual(verdictsOf(state))
    const most = await page.locator('#rows .most').allTextContents()
    const weights = Array.from({ length: n }, (_, i) => {
      const { weight } = attainableWeight(keys, n, 3, i, { maxNorm: state.limit, scale: scoreScale(state) })
      return weight > 0.999 ? '> 99.9 %' : weight < 0.001 ? '< 0.1 %' : `${(100 * weight).toFixed(1)} %`
    })
    expect(most).toEqual(weights.map((weight) => `at most ${weight}`))
    expect(await page.locator('#preset-note').textContent()).toBe(presets.find((preset) => preset.id === id)?.note)
  })

  it('shows every verdict among them, and ε, duplicates and W_K as they break the theorem', () => {
    const of = (id: string): readonly string[] => verdictsOf(presets.find((preset) => preset.id === id)?.state ?? story)
    expect(of('inside')[3]).toBe('unselectable')
    expect(of('tie')[3]).toBe('tied')
    expect(of('duplicates')).toEqual(['tied', 'selectable', 'selectable', 'tied'])
    expect(of('epsilon')[3]).not.toBe('selectable')
    expect(of('head').filter((verdict) => verdict !== 'selectable').length).toBeGreaterThan(0)
  })
})

describe('the slider', () => {
  it.each([
    ['the story', story],
    ['with projection', { ...story, project: true }],
  ])('%s: its tick is the library’s factor, and there the badge flips', async (_, state) => {
    await go(`#${encode(state)}`)
    const tick = Number(await page.locator('#factor-tick').getAttribute('data-factor'))
    const found = criticalScale(keysOf({ ...state, factor: 1 }), state.keys.length, 3, 1, slider)
    expect(tick).toBe(found?.low)
    for (const stop of [-2, -1, 0, 1, 2].map((by) => (Math.round(tick / factors.step) + by) * factors.step)) {
      await setFactor(stop)
      const [, badge] = await badgesOf(page)
      // A factor this near is within the tolerance of a tie: 8 roundings of the longest key, and one or two of each projected key.
      if (Math.abs(stop - tick) < 2 ** -46) expect(badge).toBe('tied')
      else expect(badge, String(stop)).toBe(stop < tick ? 'selectable' : 'unselectable')
    }
  })

  it('has no tick where scaling makes length count no longer', async () => {
    await go(`#${encode({ ...story, project: true, scale: true })}`)
    expect(await page.locator('#factor-tick').isVisible()).toBe(false)
    expect(await page.locator('#factor-note').textContent()).toContain('no longer counts')
  })
})

describe('switches', () => {
  it('put keys on the hyperplane and on the circle', async () => {
    await go('')
    await page.locator('#project').click()
    await page.locator('#scale').click()
    const state = await stateOf(page)
    expect([state.project, state.scale]).toEqual([true, true])
    expect(await badgesOf(page)).toEqual(Array(4).fill('selectable'))
  })

  it('reach everything under “more”', async () => {
    await page.locator('.presets summary').click()
    await page.locator('#head').selectOption('flatten')
    await page.locator('#eps').selectOption('0.1')
    await page.locator('#gain-0').fill('2')
    await page.locator('#bias-1').fill('-0.5')
    await page.locator('#coordinate-2').fill('0.25')
    const state = await stateOf(page)
    expect(state).toMatchObject({ head: 'flatten', eps: 0.1, gain: [2, 1, 1], bias: [0, -0.5, 0] })
    expect(state.keys[1]).toEqual([2, 0, 0.25])
    expect(await badgesOf(page)).toEqual(verdictsOf(state))
  })
})

describe('hands', () => {
  const centre = async (selector: string): Promise<{ x: number; y: number }> => {
    const box = await page.locator(selector).boundingBox()
    if (box === null) throw new Error(`${selector} is not on the page`)
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  }

  it('drag a key with a pointer', async () => {
    await go('')
    const from = await centre('#plane-keys [data-key="1"] .shape')
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    for (let step = 1; step <= 8; step++) await page.mouse.move(from.x + 12 * step, from.y - 2 * step)
    await page.mouse.up()
    const state = await stateOf(page)
    expect(state.keys[1]).not.toEqual(story.keys[1])
    expect(await badgesOf(page)).toEqual(verdictsOf(state))
    expect(verdictsOf(state)[1]).toBe('selectable')
    const to = await centre('#plane-keys [data-key="1"] .shape')
    // The picture is scaled anew once the key is let go, but the key has moved along.
    expect(to.x).toBeGreaterThan(from.x)
  })

  it('drag the query with a pointer', async () => {
    await go('')
    const from = await centre('#plane-query .knob')
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    await page.mouse.move(from.x - 150, from.y + 60, { steps: 5 })
    await page.mouse.up()
    const { query } = await stateOf(page)
    expect(query).not.toEqual(story.query)
    expect(Math.hypot(...query)).toBeLessThanOrEqual(story.limit * (1 + 1e-6))
  })

  it('drag a key with a finger', async () => {
    const touch = await demo.open('', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })
    const box = await touch.locator('#plane-keys [data-key="0"] .shape').boundingBox()
    if (box === null) throw new Error('no key')
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    const session = await touch.context().newCDPSession(touch)
    const at = (type: string, by: number): Promise<unknown> =>
      session.send('Input.dispatchTouchEvent', {
        type: type as 'touchStart',
        touchPoints: type === 'touchEnd' ? [] : [{ x: x - by, y: y + by }],
      })
    await at('touchStart', 0)
    for (let step = 1; step <= 6; step++) await at('touchMove', 8 * step)
    await at('touchEnd', 0)
    const state = await stateOf(touch)
    expect(state.keys[0]).not.toEqual(story.keys[0])
    expect(await badgesOf(touch)).toEqual(verdictsOf(state))
    await touch.context().close()
  })

  it('move keys and query with the arrow keys, and turn the space', async () => {
    await go('')
    await page.locator('#plane-keys [data-key="2"]').focus()
    for (let step = 0; step < 5; step++) await page.keyboard.press('ArrowRight')
    await page.keyboard.press('PageUp')
    await page.locator('#plane-query').focus()
    await page.keyboard.press('Shift+ArrowLeft')
    const before = await page.locator('#space-hull').getAttribute('d')
    await page.locator('#space').focus()
    await page.keyboard.press('ArrowRight')
    const state = await stateOf(page)
    expect(state.keys[2]).not.toEqual(story.keys[2])
    expect(state.query).not.toEqual(story.query)
    expect(await page.locator('#space-hull').getAttribute('d')).not.toBe(before)
    expect(await badgesOf(page)).toEqual(verdictsOf(state))
  })

  it('add, duplicate and remove keys', async () => {
    await go('')
    await page.locator('#add').click()
    expect((await stateOf(page)).keys).toHaveLength(5)
    await page.locator('#duplicate').click()
    const six = await stateOf(page)
    expect(six.keys[5]).toEqual(six.keys[4])
    expect(await badgesOf(page)).toEqual(verdictsOf(six))
    expect((await badgesOf(page)).slice(4)).not.toContain('selectable')
    await page.locator('#remove').click()
    await page.locator('#remove').click()
    const left = await stateOf(page)
    expect(left.keys).toEqual(story.keys)
    for (let times = 0; times < 3; times++) await page.locator('#remove').click()
    await drawn(page)
    expect(await badgesOf(page)).toEqual(['selectable'])
    expect(await page.locator('#remove').isDisabled()).toBe(true)
  })
})

describe('“Find a query”', () => {
  it('turns the query to the one that gives the key most weight', async () => {
    await go('')
    await page.locator('#rows button').nth(2).click()
    await page.locator('#find').click()
    await page.waitForFunction(() => {
      const row = document.querySelectorAll('#rows li')[2]
      const part = (name: string): number => Number(row?.querySelector(name)?.textContent?.match(/[\d.]+/)?.[0])
      return Math.abs(part('.now') - part('.most')) <= 0.1
    })
    expect(await page.locator('#find-result').textContent()).toContain('This query gives key 3')
  })

  it('says so where none selects the key', async () => {
    await page.locator('#rows button').nth(1).click()
    await page.locator('#find').click()
    expect(await page.locator('#find-result').textContent()).toContain('No query selects key 2')
  })

  it('does not move things for those who asked for less motion', async () => {
    const still = await demo.open('', { reducedMotion: 'reduce' })
    await still.locator('#rows button').nth(2).click()
    await still.locator('#find').click()
    await still.waitForFunction(() => {
      const row = document.querySelectorAll('#rows li')[2]
      const part = (name: string): string => row?.querySelector(name)?.textContent?.match(/[\d.]+/)?.[0] ?? name
      return part('.now') === part('.most')
    })
    await still.context().close()
  })
})

describe('the certificate', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'selectability-proof-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each([0, 1])('of key %i is verified, and copied as JSON and as a command that checks it', async (i) => {
    const own = await demo.open('', { permissions: ['clipboard-read', 'clipboard-write'] })
    await own.locator('#rows button').nth(i).click()
    await own.locator('#proof-verify').click()
    expect(await own.locator('#proof-result').textContent()).toMatch(/^Valid: checked in exact arithmetic/)
    await own.locator('#proof-copy-json').click()
    await own.waitForFunction(() =>
      document.querySelector('#proof-result')?.textContent?.startsWith('Copied the certificate'),
    )
    const json: unknown = JSON.parse(await own.evaluate(() => navigator.clipboard.readText()))
    expect(json).toMatchObject({ key: i, verdict: i === 0 ? 'selectable' : 'unselectable' })
    await own.locator('#proof-copy-command').click()
    await own.waitForFunction(() =>
      document.querySelector('#proof-result')?.textContent?.startsWith('Copied two commands'),
    )
    const command = await own.evaluate(() => navigator.clipboard.readText())
    const program = `node '${join(root, 'dist/cli.js')}'`
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command.replace('npx selectability', program)], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect({ status, stderr }, stdout).toEqual({ status: 0, stderr: '' })
    await own.context().close()
  })
})

describe('the sentence', () => {
  it.each(steps.map((step, at) => [at + 1, step] as const))('of step %i is the library’s', async (_, step) => {
    await go(`#${encode(step)}`)
    const sentence = explain(keysOf(step), step.keys.length, 3, step.selected)
    expect(await page.locator('#proof-sentence').textContent()).toBe(sentence)
  })
})

describe('the curve', () => {
  it('has a line a key, none above what the theorem allows', async () => {
    await go('')
    await page.waitForSelector('#curve-lines path')
    const lines = await page
      .locator('#curve-lines path')
      .evaluateAll((paths) => paths.map((path) => path.getAttribute('d') ?? ''))
    expect(lines).toHaveLength(4)
    const heights = (line: string): number[] => Array.from(line.matchAll(/[\d.]+ ([\d.]+)/g), ([, y]) => Number(y))
    // 100 % is at 12, 50 % at 90.
    expect(Math.min(...heights(lines[1] ?? ''))).toBeGreaterThanOrEqual(90)
    expect(Math.min(...heights(lines[2] ?? ''))).toBeLessThan(20)
  })
})

describe('the address', () => {
  it.each(presets.map(({ id, state }) => [id, state] as const))('keeps %s', async (_, state) => {
    const hash = `#${encode(state)}`
    await go(hash)
    expect(await badgesOf(page)).toEqual(verdictsOf(state))
    expect(await stateOf(page)).toEqual(state)
  })

  it('follows the browser’s way back', async () => {
    await go('')
    await page.evaluate((hash) => (location.hash = hash), encode({ ...story, scale: true, project: true }))
    await page.waitForFunction(() => document.querySelectorAll('#rows .badge.selectable').length === 4)
    await page.goBack()
    await page.waitForFunction(() => document.querySelectorAll('#rows .badge.selectable').length === 3)
  })

  it.each([['#keys=1,2'], ['#factor=999'], ['#keys=1,2,x'], ['#head=upside'], ['#query=%E0%A4%A'], ['#key=9']])(
    'says that %s holds no state, and shows the story',
    async (hash) => {
      await go('')
      await page.evaluate((bad) => (location.hash = bad), hash)
      await page.waitForFunction(() => document.querySelector('#address-problem')?.textContent !== '')
      expect(await page.locator('#address-problem').textContent()).toContain('holds no state')
      expect(await badgesOf(page)).toEqual(verdictsOf(story))
    },
  )
})

describe('the live text', () => {
  it('tells a screen reader the verdicts, once things rest', async () => {
    await go(`#${encode({ ...story, project: true, scale: true })}`)
    const said = page.locator('#status', {
      hasText: /^Selectable: every key\. The query gives key \d most weight, [\d.]+ %\.$/,
    })
    await said.waitFor({ state: 'attached' })
  })
})
