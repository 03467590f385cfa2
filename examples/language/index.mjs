/**
 * Figure 4 and Tables 1 and 2 of Brody, Alon and Yahav 2023: a small GPT-2 trained on Moby Dick with and without scaling before
 * attention, and which keys its layers can select.
 *
 *     node examples/language/index.mjs [--quick] [--out FOLDER] [--seeds N]
 *
 * Prints what the paper says beside what is found, and writes CSV and SVG to docs/paper. With --quick, the first steps, and nothing is
 * written unless a folder is named. Parts of runs are kept in .progress, so that a command that is cut off goes on where it was.
 */
import alea from 'seedrandom/lib/alea.js'
import { csv } from '../paper/csv.mjs'
import { agreementTable } from '../paper/findings.mjs'
import { lineChart } from '../paper/lines.mjs'
import { publish, readOptions } from '../paper/output.mjs'
import { decide } from './keys.mjs'
import { size } from './model.mjs'
import { runs } from './runs.mjs'
import { rowsOf } from './table.mjs'
import { vocabularySize } from './text.mjs'

const options = readOptions({ seeds: { type: 'string' } })
const seeds = Number(options.seeds ?? (options.quick ? 1 : 2))
if (!(Number.isInteger(seeds) && seeds >= 1))
  throw new RangeError(`--seeds: expected an integer >= 1, got ${options.seeds}`)
const { settings, until, text, trained, done } = runs(options.quick)
const nameOf = (scaled) => (scaled ? 'with' : 'without')

const models = Array.from({ length: seeds }, (_, seed) => [true, false].map((scaled) => ({ scaled, seed }))).flat()
for (const model of models) {
  Object.assign(model, trained(model.scaled, model.seed))
  const { step, loss, heldOut } = model.records.at(-1)
  const losses = `loss ${loss.toFixed(3)}, on unseen text ${heldOut.toFixed(3)}`
  console.log(`${nameOf(model.scaled)} scaling, seed ${model.seed}, ${step} steps: ${losses}`)
}

/** Passages of the text that was kept out of training, side by side; 768 to 1,024 tokens of each. */
const uniform = alea('passages')
const count = options.quick ? 1 : Math.floor((text.ids.length - text.end) / size.context)
const passages = Array.from({ length: count }, (_, at) => ({
  ids: text.ids.subarray(text.end + at * size.context, text.end + (at + 1) * size.context),
  n: 768 + Math.floor(257 * uniform()),
}))
const lines = models.flatMap((model) =>
  decide(model, model.scaled, passages).map((line) => ({ scaling: nameOf(model.scaled), seed: model.seed, ...line })),
)

const curves = Object.fromEntries(
  [true, false].map((scaled) => [
    scaled,
    models.filter((model) => model.scaled === scaled).map(({ records }) => records),
  ]),
)
const rows = rowsOf(curves, lines, size.layers)
if (options.quick)
  console.log(`\nThe first ${until} steps only: the table has the form of the full one, not its figures.`)
console.log(`\n${agreementTable(rows)}`)

const mean = (list) => list.reduce((sum, x) => sum + x, 0) / list.length
const series = [true, false].map((scaled) => ({
  name: `${nameOf(scaled)} scaling`,
  points: curves[scaled][0].map(({ step }, at) => {
    const losses = curves[scaled].map((records) => records[at].heldOut)
    return { x: step, mean: mean(losses), low: Math.min(...losses), high: Math.max(...losses) }
  }),
}))
const chart = lineChart({
  title: 'Language model of width 8: loss on unseen text',
  xLabel: 'steps',
  yLabel: 'nats a token',
  bottom: 4.9,
  top: 6.1,
  series,
})
const { steps, batch, rate } = settings
const tokens = batch.count * batch.length
const about =
  `Width ${size.width}, ${size.layers} layers, ${size.heads} heads, as in the paper; verdicts by certificates at the default tolerance on ` +
  `${passages.length} passages of 768 to ${size.context} tokens that training has not seen, ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}. ` +
  `Scaled down: one book, Moby Dick, cut into ${vocabularySize.toLocaleString('en')} kinds of pieces, windows of ${batch.length} ` +
  `tokens at random positions, ${steps.toLocaleString('en')} steps of ${tokens.toLocaleString('en')} tokens, Adam at ${rate} falling to 0.`
const files = {
  'figure4.svg': chart,
  'language.csv': csv(
    models.flatMap(({ scaled, seed, records }) =>
      records.map(({ step, loss, heldOut }) => ({
        scaling: nameOf(scaled),
        seed,
        step,
        loss,
        loss_on_unseen_text: heldOut,
      })),
    ),
  ),
  'language-keys.csv': csv(lines),
}
publish(options, 'language', files, `${agreementTable(rows)}\n\n${about}`)
if (options.quick) done()
