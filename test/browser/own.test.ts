/** “Your keys”: a reader's matrix is read, checked, shown and handed back, and bad input is said to be bad. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { fromJson, layerNorm, selectability, toJson, verify } from 'selectability/kernels'
import type { CertificateJson } from 'selectability/kernels'
import { randomKeys } from 'selectability/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { flatten } from '../../docs/demo/own/flatten.ts'
import { readKeys } from '../../docs/demo/own/read.ts'
import { sortedKeys } from '../../docs/demo/own/table.ts'
import { writeNpy } from '../../src/cli/npy.ts'
import { openDemo, stateOf } from './demo.ts'
import type { Demo } from './demo.ts'

let demo: Demo
let page: Page

beforeAll(async () => {
  demo = await openDemo()
  page = await demo.open()
})
afterAll(() => demo.close())
afterEach(() => expect(demo.problems.splice(0)).toEqual([]))

const triangle = '0,0\n4,0\n0,4\n1,1\n2,2\n'
const answered = async (): Promise<void> => {
  await page.waitForFunction(
    () =>
      document.querySelector('#own-busy')?.hasAttribute('hidden') &&
      (document.querySelector('#own-problem')?.textContent !== '' ||
        !document.querySelector('#own-result')?.hasAttribute('hidden')),
  )
}
/** Takes away the last answer, which else would stand until the next check begins. */
const forget = (): Promise<void> =>
  page.evaluate(() => {
    document.querySelector('#own-result')?.setAttribute('hidden', '')
    document.querySelector('#own-problem')?.replaceChildren()
  })
const check = async (text: string): Promise<void> => {
  await forget()
  await page.locator('#own-text').fill(text)
  await page.locator('#own-check').click()
  await answered()
}
const upload = async (name: string, buffer: Uint8Array | string): Promise<void> => {
  await forget()
  await page.locator('#own-file').setInputFiles({ name, mimeType: '', buffer: Buffer.from(buffer) })
}
const countsOf = async (): Promise<number[]> =>
  (await page.locator('.own-counts li > :last-child').allTextContents()).map(Number)
const cells = (name: string): Promise<string[]> => page.locator(`#own-rows ${name}`).allTextContents()
const downloaded = async (button: string): Promise<string> => {
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator(button).click()])
  return readFileSync(await file.path(), 'utf8')
}
const typed = (n: number, d: number): { data: Float64Array; n: number; d: number } => ({
  data: Float64Array.from(randomKeys({ n, d, distribution: 'gaussian', seed: `${n}×${d}` }).data as Float64Array),
  n,
  d,
})

describe('pasted keys', () => {
  it.each([
    ['CSV', triangle],
    ['blanks', triangle.replaceAll(',', '   ')],
    ['tabs', triangle.replaceAll(',', '\t')],
    ['JSON', '[[0,0],[4,0],\n[0,4],[1,1],[2,2]]'],
    ['JSON lines', '[0,0]\n[4,0]\n[0,4]\n[1,1]\n[2,2]\n'],
  ])('as %s', async (_, text) => {
    await check(text)
    expect(await countsOf()).toEqual([3, 1, 1])
    expect(await cells('.badge')).toEqual(['unselectable', 'tied', 'selectable', 'selectable', 'selectable'])
    expect(await cells('th')).toEqual(['4', '5', '1', '2', '3'])
  })

  it.each([
    ['', 'expected rows of numbers, got nothing'],
    ['1,2\n3', 'line 2'],
    ['1,2\n3,x', 'line 2, column 2: expected a number, got "x"'],
    ['1,2\n3,NaN', 'row 1, column 1'],
    ['[[1,2],[3,"4"]]', 'row 1, column 1: expected a number, got the string "4"'],
    ['{"a":1}', 'expected an array of rows'],
    ['[1,2,3]', 'expected 2 dimensions'],
    ['[[1,2]', 'expected JSON'],
  ])('%j are refused: %s', async (text, message) => {
    await check(text)
    expect(await page.locator('#own-problem').textContent()).toContain(message)
    expect(await page.locator('#own-result').isVisible()).toBe(false)
  })

  it('are taken again once they are mended', async () => {
    await check('[[1,2],[3,4]]')
    expect(await page.locator('#own-problem').textContent()).toBe('')
    expect(await countsOf()).toEqual([2, 0, 0])
  })

  it('are normalised first, and decided exactly, when asked', async () => {
    const { data, n, d } = typed(40, 3)
    await page.locator('#own-transform').selectOption('layernorm')
    await page.locator('#own-exact').click()
    await check(JSON.stringify(Array.from({ length: n }, (_, i) => Array.from(data.subarray(i * d, (i + 1) * d)))))
    const normal = layerNorm(data, n, d, 1e-5, null, null, new Float64Array(n * d))
    const { counts } = selectability(normal, n, d, { tolerance: 0 })
    expect(await countsOf()).toEqual([counts.selectable, counts.tied, counts.unselectable])
    expect(await page.locator('#own-size').textContent()).toContain('Tolerance 0: exact')
    await page.locator('#own-transform').selectOption('none')
    await page.locator('#own-exact').click()
  })
})

describe('files', () => {
  it('of NumPy, and all certificates back', async () => {
    const { data, n, d } = typed(300, 5)
    await upload('keys.npy', writeNpy(data, [n, d]))
    await answered()
    const report = selectability(data, n, d)
    expect(await countsOf()).toEqual([report.counts.selectable, report.counts.tied, report.counts.unselectable])
    expect(await page.locator('#own-share').textContent()).toMatch(/vary most: \d+\.\d % of their variance/)
    const lines = (await downloaded('#own-jsonl')).trim().split('\n')
    expect(lines).toHaveLength(n)
    lines.forEach((line, i) => {
      const json = JSON.parse(line) as CertificateJson
      expect(json).toEqual(JSON.parse(JSON.stringify(toJson(report.certificate(i)))))
      if (i % 25 === 0) expect(verify(data, n, d, fromJson(json))).toEqual({ valid: true })
    })
  })

  it('of text, whose names stay with the rows', async () => {
    await upload('words.csv', 'word,x,y\nnorth,0,1\nsouth,0,-1\neast,1,0\nwest,-1,0\nmiddle,0.25,0\n')
    await answered()
    expect(await cells('.name')).toEqual(['middle', 'north', 'south', 'east', 'west'])
    expect((await downloaded('#own-csv')).split('\n')[5]).toBe('4,middle,unselectable,0.25')
    await upload('words.jsonl', '[1,2]\n[3,4]\n')
    await page.waitForFunction(() => document.querySelectorAll('#own-rows tr').length === 2)
  })

  it.each([
    ['keys.npy', 'no magic', 'expected a .npy file'],
    ['keys.npy', Buffer.from(writeNpy(new Float64Array(8), [2, 4])).subarray(0, 150), 'is the file truncated?'],
    [
      'keys.npy',
      writeNpy(new Float32Array(5001), [5001, 1]),
      'expected at most 5000 keys of 1024 numbers, got 5001 of 1',
    ],
    ['keys.xlsx', 'PK', 'expected a .npy, .csv, .tsv, .txt, .json or .jsonl file, got keys.xlsx'],
  ])('%s, when bad, is refused', async (name, bytes, message) => {
    await upload(name, bytes)
    await page.waitForFunction((text) => document.querySelector('#own-problem')?.textContent?.includes(text), message)
  })
})

describe('the table', () => {
  it('sorts by each heading, both ways', async () => {
    await page.locator('#own-margins').click()
    await check(triangle)
    await page.locator('#own-margins').click()
    const by = async (name: string): Promise<string[]> => {
      await page.locator(`#own-by-${name} button`).click()
      return cells('th')
    }
    expect(await by('norm')).toEqual(['1', '4', '5', '2', '3'])
    expect(await page.locator('#own-by-norm').getAttribute('aria-sort')).toBe('ascending')
    expect(await by('norm')).toEqual(['2', '3', '5', '4', '1'])
    expect(await by('row')).toEqual(['1', '2', '3', '4', '5'])
    expect((await by('margin')).slice(0, 2)).toEqual(['4', '5'])
    expect(await cells('.margin')).toEqual(['0', '0', '1.414', '2.828', '2.828'])
  })

  it('turns pages', async () => {
    const { data, n } = typed(120, 1)
    await check(Array.from(data).join('\n'))
    expect(await page.locator('#own-range').textContent()).toBe(`Rows 1 to 50 of ${n}`)
    await page.locator('#own-after').click()
    await page.locator('#own-after').click()
    expect(await page.locator('#own-range').textContent()).toBe(`Rows 101 to 120 of ${n}`)
    expect(await page.locator('#own-after').isDisabled()).toBe(true)
  })

  it('gives the proof of a row', async () => {
    await check(triangle)
    await page.locator('#own-rows button').first().click()
    await page.waitForFunction(
      () => document.querySelector('#own-proof-result')?.textContent === 'Verified in exact arithmetic.',
    )
    expect(JSON.parse((await page.locator('#own-proof-json').textContent()) ?? '')).toMatchObject({
      verdict: 'unselectable',
      key: 3,
    })
    expect(await page.locator('#own-proof-title').textContent()).toBe('Proof for row 4, key 3 counted from 0')
  })

  it('keeps equal rows in the order of the input', () => {
    const report = {
      n: 3,
      verdicts: ['tied', 'selectable', 'tied'],
      norms: Float64Array.of(1, 2, 1),
      margins: null,
      names: null,
    }
    const sorted = (column: 'verdict' | 'norm', down: boolean): readonly number[] =>
      sortedKeys(report as unknown as Parameters<typeof sortedKeys>[0], { column, down })
    expect(sorted('verdict', false)).toEqual([0, 2, 1])
    expect(sorted('norm', true)).toEqual([1, 0, 2])
  })
})

describe('large sets', () => {
  it('of 5,000 keys of 1,024 numbers show progress, and can be cancelled', async () => {
    const n = 5000
    const d = 1024
    const data = new Float32Array(n * d)
    for (let at = 0; at < data.length; at++) data[at] = Math.fround(Math.sin(at * at))
    // Too large to be handed over by the driver: the page makes the file, as a reader's browser does.
    await page.evaluate(
      ([bytes, base]) => {
        const size = Number(bytes)
        const array = new Uint8Array(size)
        const header = atob(String(base))
        for (let at = 0; at < header.length; at++) array[at] = header.charCodeAt(at)
        const floats = new Float32Array(array.buffer, header.length)
        for (let at = 0; at < floats.length; at++) floats[at] = Math.sin(at * at)
        const transfer = new DataTransfer()
        transfer.items.add(new File([array], 'large.npy'))
        const input = document.querySelector<HTMLInputElement>('#own-file')
        if (input === null) throw new Error('no input')
        input.files = transfer.files
        input.dispatchEvent(new Event('change'))
      },
      [String(128 + 4 * n * d), Buffer.from(writeNpy(data, [n, d]).subarray(0, 128)).toString('base64')] as const,
    )
    // In the page and in one step: the check may be done before a driver's second click.
    await page.waitForFunction(() => {
      if (!/\d %$/.test(document.querySelector('#own-phase')?.textContent ?? '')) return false
      for (const id of ['step-2', 'own-cancel']) document.querySelector<HTMLElement>(`#${id}`)?.click()
      return true
    })
    // The page answers meanwhile.
    expect((await stateOf(page)).step).toBe(2)
    expect(await page.locator('#own-phase').textContent()).toBe('Cancelled.')
    expect(await page.locator('#own-check').isEnabled()).toBe(true)
    await check(triangle)
    expect(await countsOf()).toEqual([3, 1, 1])
  })

  it('are refused before their numbers are read when they are too large', () => {
    const header = writeNpy(new Float64Array(0), [0, 4])
    const forged = Buffer.from(
      Buffer.from(header).toString('latin1').replace('(0, 4), }   ', '(99999, 4), }'),
      'latin1',
    )
    expect(() => readKeys({ kind: 'file', name: 'a.npy', bytes: forged })).toThrow('expected at most 5000 keys')
  })
})

describe('few keys of three dimensions', () => {
  it('can be taken up into the pictures', async () => {
    await check('1,0,0\n0,1,0\n0,0,1\n1,1,1')
    await page.locator('#own-adopt').click()
    const { keys } = await stateOf(page)
    expect(keys).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [1, 1, 1],
    ])
  })
})

describe('principal components', () => {
  it('find the plane that keys lie in, and its share', () => {
    const n = 200
    const d = 40
    const { data } = typed(n, 3)
    const frame = typed(3, d).data
    const keys = Float64Array.from({ length: n * d }, (_, at) => {
      const i = Math.floor(at / d)
      return [0, 1, 2].reduce((sum, c) => sum + 10 ** -c * (data[3 * i + c] ?? 0) * (frame[c * d + (at % d)] ?? 0), 5)
    })
    const { points, share } = flatten(keys, n, d)
    expect(share).toBeCloseTo(1, 12)
    const variance = [0, 1, 2].map((c) =>
      Array.from({ length: n }, (_, i) => (points[3 * i + c] ?? 0) ** 2).reduce((a, b) => a + b),
    )
    expect(variance).toEqual([...variance].sort((a, b) => b - a))
  })

  it('are the coordinates themselves up to three, and take few keys', () => {
    expect(flatten(Float64Array.of(1, 2, 3, 4), 2, 2)).toEqual({
      points: Float64Array.of(-1, -1, 0, 1, 1, 0),
      share: null,
    })
    expect(flatten(new Float64Array(10).fill(1), 2, 5)).toEqual({ points: new Float64Array(6), share: 1 })
    expect(flatten(Float64Array.of(1, 0, 0, 0, 0), 1, 5).points).toEqual(new Float64Array(3))
  })
})
