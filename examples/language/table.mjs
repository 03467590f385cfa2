/** What the language models say, beside what the paper says. */

const mean = (list) => list.reduce((sum, x) => sum + x, 0) / list.length
const list = (numbers) => `${numbers.map((x) => x.toFixed(1)).join(', ')} %`

/** Per cent of keys that are not selectable at a stage, for each layer. */
export function shares(lines, layers, wanted) {
  return Array.from({ length: layers }, (_, at) => {
    const some = lines.filter(
      (line) => line.layer === at + 1 && Object.entries(wanted).every(([name, value]) => line[name] === value),
    )
    return (100 * mean(some.map(({ stuck }) => stuck))) / mean(some.map(({ n }) => n))
  })
}

/** A share that the paper has at some 20 to 50 per cent is met within 15; a different one still shows what the paper shows. */
function agreement(ours, paper) {
  if (paper.every((x) => x === 0)) return ours.every((x) => x === 0) ? 'yes' : 'no'
  if (ours.every((x, at) => Math.abs(x - paper[at]) <= 15)) return 'yes'
  return ours.every((x) => x > 0) ? 'in direction' : 'no'
}

/**
 * @param curves `{ true, false }`: records of each seed, with scaling and without
 * @param lines of `decide`, with `scaling: 'with' | 'without'`
 */
export function rowsOf(curves, lines, layers) {
  const zeros = [0, 0, 0, 0]
  const tables = [
    ['Table 1: not selectable, without scaling, layers 1 to 4', [51.0, 32.2, 34.7, 36.8], 'without', 'after the norm'],
    ['Table 1: the same, with scaling', zeros, 'with', 'after the norm'],
    ['Table 2: not selectable before LayerNorm', [44.8, 28.5, 22.3, 26.1], 'with', 'before the norm'],
    ['Table 2: the same, after LayerNorm', zeros, 'with', 'after the norm'],
  ].map(([what, paper, scaling, stage]) => {
    const ours = shares(lines, layers, { scaling, stage })
    return { what, paper: list(paper), ours: list(ours), agrees: agreement(ours, paper) }
  })
  const heads = ['with', 'without'].map((scaling) => ({
    what: `keys of heads, after W_K, ${scaling} scaling`,
    paper: 'not asked',
    ours: list(shares(lines, layers, { scaling, stage: 'after W_K' })),
    agrees: scaling === 'with' ? 'the theorem ends at W_K' : '',
  }))
  /** Mean loss on unseen text over a half of the records; of one record, both times that. */
  const half = (scaled, first) => {
    const count = Math.ceil(curves[scaled][0].length / 2)
    const part = (records) => (first ? records.slice(0, count) : records.slice(-count))
    return mean(curves[scaled].flatMap((records) => part(records).map(({ heldOut }) => heldOut)))
  }
  const halves = [true, false].map((first) => {
    const [kept, without] = [true, false].map((scaled) => half(scaled, first).toFixed(3))
    return {
      what: `Figure 4: loss on unseen text in nats, mean of the ${first ? 'first' : 'second'} half of the steps`,
      paper: 'lower with scaling',
      ours: `${kept} with, ${without} without`,
      agrees: Number(kept) < Number(without) ? 'yes' : kept === without ? 'level' : 'no',
    }
  })
  return [...halves, ...tables, ...heads]
}
