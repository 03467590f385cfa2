/** The keys of a pre-trained encoder's heads: which of them can attention select, as they are and transformed? */
import { readFileSync } from 'node:fs'
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

function longest({ data, shape: [n, d] }) {
  let most = 0
  for (let i = 0; i < n; i++) most = Math.max(most, Math.hypot(...data.subarray(i * d, (i + 1) * d)))
  return most
}

function firstColumns({ data, shape: [n, d] }, width) {
  return { data: data.filter((_, at) => at % d < width), shape: [n, width] }
}

/** The selectable key of least certified margin. */
function leastMargin(report) {
  let least = { key: -1, margin: Infinity }
  for (let i = 0; i < report.n; i++) {
    if (report.verdicts[i] !== 'selectable') continue
    const { margin } = report.certificate(i)
    if (margin < least.margin) least = { key: i, margin }
  }
  return least
}

function timed(keys) {
  const start = performance.now()
  const report = selectability(keys)
  return { report, time: performance.now() - start }
}

function wholeHeads(heads, tokens) {
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
      ['margin', 8],
      ['relative', 9],
      ['ms', 8],
    ])
    let least = { relative: Infinity }
    for (const { layer, head, keys } of heads) {
      const transformed = transform(keys)
      const { report, time } = timed(transformed)
      const { key, margin } = leastMargin(report)
      const { selectable, tied, unselectable } = report.counts
      const relative = margin / longest(transformed)
      if (relative < least.relative) least = { relative, layer, head, key }
      keysAsked += report.n
      keysSelectable += selectable
      const counts = [selectable, tied, unselectable]
      line([layer, head, report.d, ...counts, margin.toFixed(3), relative.toFixed(4), time.toFixed(1)])
    }
    if (least.key >= 0) {
      const word = tokens[least.key].replace('▁', '')
      console.log(`least: "${word}", token ${least.key}, in layer ${least.layer} head ${least.head}`)
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
  const tokens = JSON.parse(readFileSync(new URL('tokens.json', folder), 'utf8'))
  const heads = [0, 1].flatMap((layer) =>
    [0, 1, 2, 3].map((head) => ({
      layer,
      head,
      keys: readNpy(new URL(`layer${layer}-head${head}-keys.npy`, folder)),
    })),
  )
  console.log(`REAL HEADS: Universal Sentence Encoder Lite on ${tokens.length} tokens of Moby Dick

A key is selectable when some query gives it the strictly largest score. Its
margin is how far the query found, at unit norm, puts it ahead of the next key.
The least margin in a head is shown, and the same over the norm of the head's
longest key. The transform is applied to the head's keys themselves, not to the
residual stream that they were made from.`)
  wholeHeads(heads, tokens)
  narrowHeads(heads)
}
