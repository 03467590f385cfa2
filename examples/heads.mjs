/** The keys of a pre-trained encoder's heads: which of them can attention select, as they are and transformed? */
import { selectability } from '../dist/index.js'
import { readNpy } from './npy.mjs'
import { transforms } from './transforms.mjs'

const folder = new URL('./data/', import.meta.url)
/** The width of the small models in which Brody et al. counted unselectable keys. */
const narrow = 8

function table(columns) {
  const line = (cells) => console.log(columns.map(([, width], c) => String(cells[c]).padStart(width)).join(''))
  line(columns.map(([title]) => title))
  return line
}

function firstColumns({ data, shape: [n, d] }, width) {
  return { data: data.filter((_, at) => at % d < width), shape: [n, width] }
}

/** The least margin that a certificate proves. */
function leastMargin(report) {
  let least = Infinity
  for (let i = 0; i < report.n; i++) {
    if (report.verdicts[i] === 'selectable') least = Math.min(least, report.certificate(i).margin)
  }
  return least
}

function timed(keys) {
  const start = performance.now()
  const report = selectability(keys)
  return { report, time: performance.now() - start }
}

function wholeHeads(heads) {
  let keysAsked = 0
  let keysSelectable = 0
  for (const [name, transform] of Object.entries(transforms)) {
    console.log(`\n${name}`)
    const line = table([
      ['layer', 6],
      ['head', 5],
      ['d', 5],
      ['selectable', 12],
      ['tied', 6],
      ['unselectable', 14],
      ['least margin', 14],
      ['ms', 9],
    ])
    for (const { layer, head, keys } of heads) {
      const { report, time } = timed(transform(keys))
      const { selectable, tied, unselectable } = report.counts
      keysAsked += report.n
      keysSelectable += selectable
      const counts = [selectable, tied, unselectable]
      line([layer, head, report.d, ...counts, leastMargin(report).toFixed(4), time.toFixed(1)])
    }
  }
  console.log(`\nOver all heads and transforms, ${keysSelectable} of ${keysAsked} keys are selectable.`)
}

function narrowHeads(heads) {
  console.log(`
At the width of real heads there is room for every key at a corner. In few
dimensions there is not. The same keys cut to their first ${narrow} coordinates, all
${heads.length} heads together:
`)
  const line = table([
    ['transform', 12],
    ['selectable', 12],
    ['tied', 7],
    ['unselectable', 14],
    ['ms', 9],
  ])
  for (const [name, transform] of Object.entries(transforms)) {
    const sum = { selectable: 0, tied: 0, unselectable: 0, time: 0 }
    for (const { keys } of heads) {
      const { report, time } = timed(transform(firstColumns(keys, narrow)))
      for (const verdict of Object.keys(report.counts)) sum[verdict] += report.counts[verdict]
      sum.time += time
    }
    line([name, sum.selectable, sum.tied, sum.unselectable, sum.time.toFixed(1)])
  }
}

export function showHeads() {
  const heads = [0, 1].flatMap((layer) =>
    [0, 1, 2, 3].map((head) => ({
      layer,
      head,
      keys: readNpy(new URL(`layer${layer}-head${head}-keys.npy`, folder)),
    })),
  )
  console.log(`REAL HEADS: Universal Sentence Encoder Lite on ${heads[0].keys.shape[0]} tokens of Moby Dick

A key is selectable when some query gives it the strictly largest score. Its
margin is how far the query of its certificate, at unit norm, puts it ahead of
the next key: proof enough, and a lower bound on its distance from the hull of
the others. The transform is applied to the head's keys themselves, not to the
residual stream that they were made from.`)
  wholeHeads(heads)
  narrowHeads(heads)
}
