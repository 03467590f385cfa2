/**
 * Figures 1c and 1d of Brody, Alon and Yahav 2023: the share of random key sets in which some key cannot be selected, without and
 * with LayerNorm, over the number of keys n and their dimension d.
 *
 *     node examples/figure1/index.mjs [--quick] [--out FOLDER] [--seed S]
 *
 * Prints what the paper says beside what is found, and writes figure1.csv, figure1c.svg and figure1d.svg to docs/paper. With
 * --quick only every few sizes, and nothing is written unless a folder is named. A run that is cut off goes on where it was.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { layerNorm, selectability } from '../../dist/index.js'
import { randomKeys } from '../../dist/testing.js'
import { agreementTable, writeFindings } from '../paper/findings.mjs'
import { heatMap } from '../paper/heatmap.mjs'
import { resumable } from '../paper/resume.mjs'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string' },
    seed: { type: 'string', default: 'figure 1' },
  },
})
const sets = 100
const range = (low, high) => Array.from({ length: high - low + 1 }, (_, at) => low + at)
const ns = options.quick ? [3, 10, 20, 25, 30, 40, 50, 60] : range(3, 60)
const ds = options.quick ? [3, 5, 7, 9, 12, 15] : range(3, 15)

/** Whether each key of a set is the strict argmax of some query. */
const allSelectable = (keys, n) => selectability(keys, { certificates: false }).counts.selectable === n

/** How many of the sets of one size have a key that is not, as they are and after LayerNorm. */
function count(n, d) {
  const found = { n, d, plain: 0, layerNorm: 0 }
  for (let set = 0; set < sets; set++) {
    const keys = randomKeys({ n, d, distribution: 'gaussian', seed: `${options.seed}, ${n}×${d}, ${set}` })
    if (!allSelectable(keys, n)) found.plain++
    if (!allSelectable(layerNorm(keys, { eps: 0 }), n)) found.layerNorm++
  }
  return found
}

const kept = new URL(options.quick ? '.progress-quick/' : '.progress/', import.meta.url)
const run = resumable(kept, JSON.stringify({ seed: options.seed, sets }))
const start = performance.now()
const cells = ds.flatMap((d) => run.part(`d = ${d}`, () => ns.map((n) => count(n, d))))
const seconds = (performance.now() - start) / 1000

const shares = (field, wanted) => cells.filter(wanted).map((cell) => cell[field] / sets)
const least = (list) => Math.min(...list)
const most = (list) => Math.max(...list)
const at = (n, d) => shares('plain', (cell) => cell.n === n && cell.d === d)[0]
const corner = least(shares('plain', ({ n, d }) => d <= 5 && n >= 25))
const wide = most(shares('plain', ({ d }) => d >= 12))
const normalised = most(shares('layerNorm', () => true))
const yes = (agrees) => (agrees ? 'yes' : 'no')
// "About" a share of 100 sets: within two of its standard errors, 0.1, and a tenth for reading it off a picture.
const half = (share) => yes(Math.abs(share - 0.5) <= 0.2)
const rows = [
  { what: 'without LayerNorm, d <= 5 and n >= 25', paper: '1.0', ours: `>= ${corner}`, agrees: yes(corner >= 0.95) },
  { what: 'without LayerNorm, n = 30 and d = 7', paper: 'about 0.5', ours: `${at(30, 7)}`, agrees: half(at(30, 7)) },
  { what: 'without LayerNorm, n = 60 and d = 9', paper: 'about 0.5', ours: `${at(60, 9)}`, agrees: half(at(60, 9)) },
  { what: 'without LayerNorm, d >= 12', paper: 'near 0', ours: `<= ${wide}`, agrees: yes(wide <= 0.1) },
  { what: 'with LayerNorm, every n and d', paper: '0', ours: `${normalised}`, agrees: yes(normalised === 0) },
]
console.log(`share of ${sets} Gaussian key sets in which some key is not selectable\n`)
console.log(agreementTable(rows))
console.log(`\n${2 * sets * cells.length} key sets in ${seconds.toFixed(1)} s`)

if (!options.quick || options.out !== undefined) {
  const folder =
    options.out === undefined
      ? new URL('../../docs/paper/', import.meta.url)
      : pathToFileURL(`${resolve(options.out)}/`)
  mkdirSync(folder, { recursive: true })
  const csv = cells.map((cell) => [cell.n, cell.d, sets, cell.plain, cell.layerNorm].join(','))
  writeFileSync(new URL('figure1.csv', folder), `n,d,sets,without_layernorm,with_layernorm\n${csv.join('\n')}\n`)
  const draw = (name, field, what) => {
    const value = (n, d) => shares(field, (cell) => cell.n === n && cell.d === d)[0]
    const title = `Share of key sets with an unselectable key, ${what} LayerNorm`
    const map = { title, xs: ns, ys: ds, xLabel: 'keys n', yLabel: 'dimension d', value }
    writeFileSync(new URL(name, folder), heatMap(map))
  }
  draw('figure1c.svg', 'plain', 'without')
  draw('figure1d.svg', 'layerNorm', 'with')
}
if (!options.quick && options.out === undefined) {
  const about = `Gaussian keys, ${sets} sets a cell, ${2 * sets * cells.length} sets in all, seed "${options.seed}".`
  const page = fileURLToPath(new URL('../../docs/findings.md', import.meta.url))
  writeFindings(page, 'figure1', `${agreementTable(rows)}\n\n${about}`)
}
run.done()
