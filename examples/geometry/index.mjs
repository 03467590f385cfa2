/**
 * The demo in numbers, and the pictures of docs/geometry.md.
 *
 *     node examples/geometry/index.mjs [--write]
 *
 * Three keys, the third of which grows: how much attention a query of limited norm can give the second, its neighbour. Then a fourth key,
 * with which the second becomes unselectable between two factors. `--write` writes docs/geometry.md and its pictures.
 */
import { renameSync, writeFileSync } from 'node:fs'
import { attainableWeight, certify, criticalScale, explain, margin, project, scale } from '../../dist/index.js'
import { writeSection } from '../../bench/readme.mjs'
import { lineChart } from '../paper/lines.mjs'
import { hullPicture } from './picture.mjs'

const norm = 4
const factors = [1, 2, 4, 8, 16]
const plane = [
  [-1, 1],
  [1, 0.75],
  [1, 0],
]
const space = [
  [-1, 1, 0],
  [1, 0.75, 0.2],
  [1.2, 0.1, 0.3],
]
const fourth = [0, 2]

/** The keys, the third one t times as long. */
const grown = (keys, t) => keys.map((key, j) => (j === 2 ? key.map((x) => t * x) : key))
const ways = {
  'as they are': (keys) => keys,
  projected: (keys) => project(keys),
  scaled: (keys) => scale(keys),
  both: (keys) => scale(project(keys)),
}
const weight = (keys, maxNorm = norm) => attainableWeight(keys, 1, { maxNorm }).weight
const table = (head, rows) =>
  [head, head.map((_, c) => (c === 0 ? '---' : '---:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')

function growing(keys) {
  const rows = factors.map((t) => [`${t}`, ...Object.values(ways).map((way) => weight(way(grown(keys, t))).toFixed(3))])
  return table(['factor on key 3', ...Object.keys(ways)], rows)
}

const four = (t) => [...grown(plane, t), fourth]
const { low, high } = criticalScale(four(1), 1, 2)
const steps = [1, low - 2 ** -20, low, 2, 4, high, high + 2 ** -20, 16]

const story = table(
  ['factor on key 3', 'key 2 is', 'its margin', `most attention, ‖q‖ ≤ ${norm}`, 'most attention, any query'],
  steps.map((t) => {
    const keys = four(t)
    const verdict = certify(keys, 1, { tolerance: 0 }).verdict
    // So that what holds at any tolerance is told: at an end the key lies on the hull but for rounding.
    return [
      `${Number(t.toFixed(7))}`,
      verdict,
      margin(keys, 1).distance.toPrecision(3),
      weight(keys).toFixed(3),
      attainableWeight(keys, 1, { tolerance: 0 }).weight.toFixed(3),
    ]
  }),
)

const text = [
  `Queries of norm ${norm} at most, and the weight that the best of them gives key 2, in the plane:`,
  '',
  growing(plane),
  '',
  'In the plane a projection leaves only a line, on which LayerNorm puts every key at one of two points: keys 2 and 3 become one, and share. In three dimensions it leaves a circle:',
  '',
  growing(space),
  '',
  `With a fourth key at (${fourth.join(', ')}), key 2 of the plane becomes unselectable: \`criticalScale\` says from ${low} to ${high}.`,
  '',
  story,
  '',
  `At 2, in the words of \`explain\`: “${explain(four(2), 1, { tolerance: 0 })}”`,
].join('\n')
console.log(text)

const grid = Array.from({ length: 129 }, (_, at) => 0.25 * 2 ** (at / 21.33))
const chart = lineChart({
  title: `Key 2’s most attention as key 3 grows, ‖q‖ ≤ ${norm}, three keys in space`,
  xLabel: 'factor on key 3',
  yLabel: 'weight',
  top: 1,
  series: Object.entries(ways)
    .filter(([name]) => name !== 'projected')
    .map(([name, way]) => ({
      name,
      points: grid.map((x) => {
        const mean = weight(way(grown(space, x)))
        return { x, mean, low: mean, high: mean }
      }),
    })),
})

if (process.argv.includes('--write')) {
  const pictures = {
    'demo-weights.svg': chart,
    'hull-outside.svg': hullPicture(four(1), 1, 'Selectable: δ is how far key 2 is from the hull'),
    'hull-inside.svg': hullPicture(four(2), 1, 'Unselectable: an average of keys 1, 3 and 4'),
  }
  for (const [name, svg] of Object.entries(pictures)) {
    const to = new URL(`../../docs/pictures/${name}`, import.meta.url)
    writeFileSync(new URL(`${to}.tmp`), svg)
    renameSync(new URL(`${to}.tmp`), to)
  }
  await writeSection('demo', text, 'docs/geometry.md')
}
