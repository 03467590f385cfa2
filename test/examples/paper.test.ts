/** What the scripts of the paper's figures share. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import seedrandom from 'seedrandom'
import { afterAll, describe, expect, it } from 'vitest'
import { batch, task } from '../../examples/majority/task.mjs'
import { agreementTable, writeFindings } from '../../examples/paper/findings.mjs'
import { heatMap } from '../../examples/paper/heatmap.mjs'
import { lineChart } from '../../examples/paper/lines.mjs'
import { resumable } from '../../examples/paper/resume.mjs'
import { root } from '../root.ts'

const scratch = mkdtempSync(join(tmpdir(), 'selectability-paper-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe('the majority task', () => {
  it('has sequences of the length, with a class that leads', () => {
    const { counts, majority } = batch(seedrandom('task'), 500)
    expect(counts.length).toBe(500 * task.classes)
    majority.forEach((y: number, b: number) => {
      const row = Array.from(counts.subarray(b * task.classes, (b + 1) * task.classes))
      const rest = row.filter((_, c) => c !== y)
      expect(row.reduce((sum, x) => sum + x, 0)).toBe(task.length)
      expect(row[y]! - Math.max(...rest)).toBeGreaterThanOrEqual(task.lead)
    })
    // Each class is the majority about as often: five standard errors around 25.
    for (let c = 0; c < task.classes; c++) {
      const times = majority.filter((y: number) => y === c).length
      expect(Math.abs(times - 25)).toBeLessThan(5 * Math.sqrt(500 * 0.05 * 0.95))
    }
  })

  it('depends on its seed alone', () => {
    expect(batch(seedrandom('a'), 20)).toEqual(batch(seedrandom('a'), 20))
    expect(batch(seedrandom('a'), 20)).not.toEqual(batch(seedrandom('b'), 20))
  })
})

describe('a run that is cut off', () => {
  it('keeps its finished parts, for the same settings', () => {
    const folder = pathToFileURL(`${scratch}/parts/`)
    const never = (): never => {
      throw new Error('computed again')
    }
    expect(resumable(folder, 'a').part('one', () => [1, 2])).toEqual([1, 2])
    expect(resumable(folder, 'a').part('one', never)).toEqual([1, 2])
    expect(() => resumable(folder, 'a').part('two', never)).toThrow('computed again')
    expect(() => resumable(folder, 'b').part('one', never)).toThrow('computed again')
    resumable(folder, 'a').done()
    expect(existsSync(join(scratch, 'parts'))).toBe(false)
  })
})

describe('tables and charts', () => {
  const rows = [{ what: 'a', paper: '1', ours: '1.02', agrees: 'yes' }]

  it('go into the section of a page, and nowhere else', () => {
    const page = join(scratch, 'page.md')
    writeFileSync(page, '# A\n\n<!-- one -->\nold\n<!-- /one -->\n\nb\n')
    writeFindings(page, 'one', agreementTable(rows))
    const text = readFileSync(page, 'utf8')
    expect(text).toContain('| what | paper | ours | agreement |')
    expect(text).not.toContain('old')
    expect(text.endsWith('<!-- /one -->\n\nb\n')).toBe(true)
    expect(() => writeFindings(page, 'two', '')).toThrow('no section two')
  })

  it('are SVG without a number that is none', () => {
    const map = heatMap({ title: 't', xs: [1, 2], ys: [3], xLabel: 'x', yLabel: 'y', value: (x: number) => x / 2 })
    const points = [1, 2, 3].map((x) => ({ x, mean: x, low: x - 1, high: x + 1 }))
    const chart = lineChart({ title: 't', xLabel: 'x', yLabel: 'y', top: 3, series: [{ name: 's', points }] })
    for (const svg of [map, chart]) {
      expect(svg).toMatch(/^<svg [^]*<\/svg>\n$/)
      expect(svg).not.toMatch(/NaN|undefined|Infinity/)
    }
    expect(map.match(/<title>/g)).toHaveLength(2)
  })

  it('stand in the findings, with the files that they come from', () => {
    const findings = readFileSync(join(root, 'docs/findings.md'), 'utf8')
    const sections = [...findings.matchAll(/<!-- (\w+) -->/g)].map(([, name]) => name!)
    expect(sections).toEqual(expect.arrayContaining(['figure1', 'majority', 'language', 'ablation']))
    for (const name of sections) expect(findings).toMatch(new RegExp(`<!-- ${name} -->\\n\\n[|] what`))
    for (const [, file] of findings.matchAll(/\]\((paper\/[^)]+)\)/g)) {
      expect(existsSync(join(root, 'docs', file!)), file).toBe(true)
    }
  })
})
