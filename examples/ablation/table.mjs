/** What the encoder says without LayerNorm, beside what the paper says. */
import { agreementTable, table } from '../paper/findings.mjs'
import { share, widths } from './heads.mjs'
import { mean } from './measure.mjs'
import { tasks } from './retrieval.mjs'

const yes = (agrees) => (agrees ? 'yes' : 'no')
const of = (lines, wanted) =>
  lines.filter((line) => Object.entries(wanted).every(([name, value]) => line[name] === value))
const sum = (lines, field) => lines.reduce((total, line) => total + field(line), 0)
const notSelectable = (lines) => sum(lines, ({ tied, unselectable }) => tied + unselectable)
const outOf = (count, lines) => `${count} of ${sum(lines, ({ n }) => n)}`
const entropyOf = (lines) => mean(lines.map(({ entropy }) => entropy))
const signed = (x) => `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(3)}`
const interval = ({ difference, low, high }) => `${signed(difference)} (${signed(low)} to ${signed(high)})`
const worse = ({ high }) => high < 0

/** One row a layer and variant, means over heads. */
function headTable(heads) {
  const layers = [...new Set(heads.map(({ layer }) => layer))]
  const variants = [...new Set(heads.map(({ variant }) => variant))]
  return table([
    [
      'layer',
      'before attention',
      'keys not selectable, before W_K',
      'and after it',
      'least margin',
      'weight in reach',
      'entropy',
      'largest weight',
    ],
    ...layers.flatMap((layer) =>
      variants.map((variant) => {
        const some = of(heads, { layer, variant })
        return [
          String(layer),
          variant,
          `${some[0].before} of ${some[0].n}`,
          outOf(notSelectable(some), some),
          Math.min(...some.map(({ leastMargin }) => leastMargin)).toPrecision(2),
          mean(some.map(({ reach }) => reach)).toFixed(2),
          entropyOf(some).toFixed(2),
          mean(some.map(({ top }) => top)).toFixed(2),
        ]
      }),
    ),
  ])
}

function widthTable(narrow) {
  const layers = [...new Set(narrow.map(({ layer }) => layer))]
  return table([
    ['columns of W_K', ...widths.map(String)],
    ...layers.map((layer) => [
      `layer ${layer}`,
      ...widths.map((width) => `${share(of(narrow, { layer, width })).toFixed(1)} %`),
    ]),
  ])
}

function retrievalTable(retrieval) {
  const settings = retrieval.filter(({ task }) => task === tasks[0])
  return table([
    ['replaced', 'by', ...tasks.flatMap((task) => [`${task}: mean reciprocal rank`, 'change (95 % interval)'])],
    ...settings.map(({ scope, variant }) => [
      scope === '' ? 'nothing' : scope,
      scope === '' ? '' : variant,
      ...tasks.flatMap((task) => {
        const [found] = of(retrieval, { scope, variant, task })
        return [found.rank.toFixed(3), scope === '' ? '' : interval(found)]
      }),
    ]),
  ])
}

export function tables({ heads, narrow, retrieval }) {
  const served = of(heads, { variant: 'LayerNorm' })
  const without = heads.filter(({ variant }) => variant !== 'LayerNorm')
  const whole = of(narrow, { full: 'yes' })
  const eight = share(of(narrow, { width: 8 }))
  const layers = [...new Set(heads.map(({ layer }) => layer))]
  const sharper = (layer, variant) => {
    const [gone, with_] = [variant, 'LayerNorm'].map((name) => entropyOf(of(heads, { layer, variant: name })))
    return { ours: `${gone.toFixed(2)} without, ${with_.toFixed(2)} with`, agrees: yes(gone > with_) }
  }
  const job = (variant, task) => of(retrieval, { scope: 'everywhere', variant, task })[0]
  const rows = [
    {
      what: 'keys not selectable before W_K, with LayerNorm',
      paper: '0',
      ours: `${Math.max(...served.map(({ before }) => before))} of ${served[0].n} a layer`,
      agrees: yes(served.every(({ before }) => before === 0)),
    },
    {
      what: 'keys not selectable after W_K, with LayerNorm, all passages',
      paper: 'not asked',
      ours: outOf(
        sum(whole, ({ stuck }) => stuck),
        whole,
      ),
      agrees: whole.every(({ stuck }) => stuck === 0) ? 'W_K undoes nothing here' : 'W_K undoes it',
    },
    {
      what: 'the same, had W_K only 8 columns',
      paper: 'not asked',
      ours: `${eight.toFixed(1)} %`,
      agrees: eight > 0 ? 'the theorem ends at W_K' : 'W_K undoes nothing here',
    },
    {
      what: 'keys not selectable after W_K, LayerNorm or a half of it gone',
      paper: 'some',
      ours: outOf(notSelectable(without), without),
      agrees: yes(notSelectable(without) > 0),
    },
    ...layers.map((layer) => ({
      what: `attention less sharp without LayerNorm, layer ${layer} (entropy)`,
      paper: 'yes',
      ...sharper(layer, 'nothing'),
    })),
    ...layers.map((layer) => ({
      what: `the same, one factor for all rows in its place, layer ${layer}`,
      paper: 'not asked',
      ours: sharper(layer, 'one factor for all').ours,
      agrees: '',
    })),
    ...tasks.flatMap((task) => [
      {
        what: `retrieval by ${task} worse without LayerNorm`,
        paper: 'yes',
        ours: interval(job('nothing', task)),
        agrees: yes(worse(job('nothing', task))),
      },
      {
        what: `the same, one factor for all rows in its place`,
        paper: 'not asked',
        ours: interval(job('one factor for all', task)),
        agrees: worse(job('one factor for all', task)) ? 'worse, too' : 'not worse',
      },
    ]),
  ]
  return {
    agreement: agreementTable(rows),
    heads: headTable(heads),
    widths: widthTable(narrow),
    retrieval: retrievalTable(retrieval),
  }
}
