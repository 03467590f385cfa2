/**
 * Figures 1a, 1b, 2 and 3 of Brody, Alon and Yahav 2023: the majority task, learned with and without the projection.
 *
 *     node examples/majority/index.mjs [--quick] [--out FOLDER] [--seeds N] [--reverse]
 *
 * Prints what the paper says beside what is found, and writes CSV and SVG to docs/paper. With --quick, the first steps of every run,
 * and nothing is written unless a folder is named. Finished runs are kept in .progress, so that a command that is cut off goes on
 * where it was; a second process shares the work with --reverse, which takes the runs from the last to the first and writes
 * nothing else.
 */
import { csv } from '../paper/csv.mjs'
import { directions } from '../paper/directions.mjs'
import { agreementTable } from '../paper/findings.mjs'
import { lineChart } from '../paper/lines.mjs'
import { publish, readOptions } from '../paper/output.mjs'
import { norms } from './model.mjs'
import { order, runs } from './runs.mjs'
import { reached, rowsOf } from './table.mjs'

const options = readOptions({ reverse: { type: 'boolean', default: false }, seeds: { type: 'string' } })
const seeds = Number(options.seeds ?? 10)
if (!(Number.isInteger(seeds) && seeds >= 1))
  throw new RangeError(`--seeds: expected an integer >= 1, got ${options.seeds}`)
const { settings, curves, pictures, done } = runs(options.quick)
const names = Object.keys(norms)

const work = order(seeds)
for (const { norm, seed } of options.reverse ? work.reverse() : work) {
  const { loss, accuracy, angle } = curves(norm, seed).records.at(-1)
  console.log(
    `${norm}, seed ${seed}: loss ${loss.toFixed(3)}, accuracy ${accuracy.toFixed(3)}, angle ${angle.toFixed(1)}°`,
  )
  pictures(norm, seed)
}
if (options.reverse) process.exit()

const everySeed = (of) => Array.from({ length: seeds }, (_, seed) => of(seed))
const found = Object.fromEntries(names.map((norm) => [norm, everySeed((seed) => curves(norm, seed).records)]))
const triples = (flat) => Array.from({ length: flat.length / 3 }, (_, at) => flat.slice(3 * at, 3 * at + 3))
const drawn = Object.fromEntries(
  names.map((norm) => {
    const all = (what) => everySeed((seed) => triples(pictures(norm, seed)[what])).flat()
    return [norm, { keys: all('keys'), queries: all('queries') }]
  }),
)
const { steps } = settings.curves
const rows = rowsOf(found, drawn, steps)
if (options.quick)
  console.log(`\nThe first ${steps} steps of each run only: the table has the form of the full one, not its figures.`)
console.log(`\n${agreementTable(rows)}`)

const mean = (list) => list.reduce((sum, x) => sum + x, 0) / list.length

/** Mean over seeds with the band of one standard deviation. */
function band(all, field) {
  return all[0].map(({ step }, at) => {
    const values = all.map((records) => records[at][field])
    const centre = mean(values)
    const spread = Math.sqrt(mean(values.map((x) => (x - centre) ** 2)))
    return { x: step, mean: centre, low: centre - spread, high: centre + spread }
  })
}

const chart = (field, title, yLabel, top) => {
  const series = names.map((norm) => ({ name: norm, points: band(found[norm], field) }))
  return lineChart({ title, xLabel: 'steps', yLabel, top, series })
}
const picture = (title, norm) => directions({ title, ...drawn[norm] })
const vectors = (norm, what) =>
  drawn[norm][what].map(([x, y, z], at) => {
    const { classes } = settings.pictures.which
    return { norm, seed: Math.floor(at / classes), class: at % classes, what, x, y, z }
  })

const curve = (norm) =>
  ['loss', 'accuracy', 'angle']
    .map((field) =>
      band(found[norm], field).map((point) => ({
        [field]: point.mean,
        [`${field}_deviation`]: point.high - point.mean,
      })),
    )
    .reduce((left, right) => left.map((record, at) => ({ ...record, ...right[at] })))
    .map((record, at) => ({ norm, step: found[norm][0][at].step, ...record }))
const ends = names.flatMap((norm) =>
  found[norm].map((records, seed) => {
    const { loss, accuracy, angle } = records.at(-1)
    const first = reached(records)
    return { norm, seed, 'steps_to_loss_0.2': first === Infinity ? '' : first, loss, accuracy, angle }
  }),
)
const files = {
  'figure1a.svg': picture('With projection', 'with projection'),
  'figure1b.svg': picture('Without projection', 'without projection, as published'),
  'figure1ab.csv': csv(names.flatMap((norm) => [...vectors(norm, 'keys'), ...vectors(norm, 'queries')])),
  'figure2.svg': chart('loss', 'Majority task: training loss', 'cross-entropy', 3),
  'figure2-accuracy.svg': chart('accuracy', 'Majority task: accuracy on new sequences', 'share of tokens', 1),
  'figure3.svg': chart('angle', 'Majority task: angle of queries to 1', 'degrees', 90),
  'majority.csv': csv(names.flatMap(curve)),
  'majority-runs.csv': csv(ends),
}
const { length, classes, width } = settings.curves.which
const small = settings.pictures
const last = names.map(
  (norm) => `${mean(everySeed((seed) => pictures(norm, seed).records.at(-1).loss)).toFixed(2)} ${norm}`,
)
const about =
  `Width ${width}, one head, ${classes} classes, ${length} tokens, ${steps} steps of Adam at 0.001, ${seeds} seeds; medians, and least to most; ` +
  `angles at the end of the runs; bands of one standard deviation over seeds. Figures 1a and 1b: width ${small.which.width}, ${small.which.classes} classes, ${small.which.length} tokens, ` +
  `${small.steps} steps, all seeds in one picture; mean losses at the end ${last.join(', ')}. ` +
  `Scaled down: ${settings.curves.size} new sequences a step, one token of each asked, where the source has 6,000 of a fixed set with all their ` +
  `tokens. Sequences are random compositions, where the source enumerates partitions.`
publish(options, 'majority', files, `${agreementTable(rows)}\n\n${about}`)
if (options.quick) done()
