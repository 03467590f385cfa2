/** Reads, transforms, checks and flattens a reader's keys, away from the page, which may end it at any moment. */
import {
  layerNorm,
  margin,
  project,
  rmsNorm,
  rowNorms,
  scale,
  selectability,
  toJson,
  verify,
} from 'selectability/kernels'
import type { Report } from 'selectability/kernels'
import { mostKeys } from '../state.ts'
import { row } from '../vector.ts'
import { flatten } from './flatten.ts'
import type { Answer, Question, Transform } from './messages.ts'
import { readKeys } from './read.ts'
import type { OwnKeys } from './read.ts'

let checked: { keys: OwnKeys; report: Report; tolerance: { tolerance?: number } } | null = null

const say = (answer: Answer): void => postMessage(answer)

/** The ε of the command line: what the keys' makers use. */
const eps = 1e-5

/** What the library calls them, in a reader's words. */
const phases = { gram: 'comparing keys', walk: 'deciding the rest', measure: 'measuring', weigh: 'weighing' } as const

function transform({ data, n, d, names }: OwnKeys, name: Transform): OwnKeys {
  // The kernels want input and output of one kind.
  const out = data instanceof Float32Array ? new Float32Array(n * d) : new Float64Array(n * d)
  if (name === 'project') project(data, n, d, out)
  else if (name === 'scale') scale(data, n, d, 0, out)
  else if (name === 'layernorm') layerNorm(data, n, d, eps, null, null, out)
  else if (name === 'rmsnorm') rmsNorm(data, n, d, eps, null, out)
  else return { data, n, d, names }
  return { data: out, n, d, names }
}

function check({ source, transform: name, exact, margins }: Extract<Question, { kind: 'check' }>): void {
  say({ kind: 'progress', phase: 'reading', share: null })
  const keys = transform(readKeys(source), name)
  const { data, n, d, names } = keys
  const tolerance = exact ? { tolerance: 0 } : {}
  const report = selectability(data, n, d, {
    ...tolerance,
    onProgress: ({ phase, done, total }) => say({ kind: 'progress', phase: phases[phase], share: done / total }),
  })
  checked = { keys, report, tolerance }
  say({ kind: 'progress', phase: 'drawing', share: null })
  const { points, share } = flatten(data, n, d)
  const norms = rowNorms(data, n, d, new Float64Array(n))
  const { verdicts, counts } = report
  const few = d === 3 && n <= mostKeys ? Array.from({ length: n }, (_, i) => row(data, i)) : null
  say({
    kind: 'report',
    n,
    d,
    names,
    verdicts,
    counts,
    tolerance: report.tolerance,
    norms,
    margins: margins ? marginsOf(keys) : null,
    few,
    points,
    share,
  })
}

function marginsOf({ data, n, d }: OwnKeys): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => {
    if (i % 16 === 0) say({ kind: 'progress', phase: 'measuring margins', share: i / n })
    return margin(data, n, d, i).distance
  })
}

/** The certificate of key i, and what `verify` says of it. */
function prove(i: number): void {
  if (checked === null) throw new Error('expected keys that were checked')
  const { keys, report, tolerance } = checked
  const certificate = report.certificate(i)
  const outcome = verify(keys.data, keys.n, keys.d, certificate, tolerance)
  say({
    kind: 'proof',
    key: i,
    json: JSON.stringify(toJson(certificate)),
    problem: outcome.valid ? null : outcome.reason,
  })
}

/** Every certificate, one a line, as `selectability verify` reads them. */
function proveAll(): void {
  if (checked === null) throw new Error('expected keys that were checked')
  const { n } = checked.keys
  const lines: string[] = []
  for (let i = 0; i < n; i++) {
    lines.push(`${JSON.stringify(toJson(checked.report.certificate(i)))}\n`)
    if (i % 64 === 0) say({ kind: 'progress', phase: 'writing certificates', share: i / n })
  }
  say({ kind: 'proofs', text: lines.join('') })
}

addEventListener('message', ({ data: question }: MessageEvent<Question>) => {
  try {
    if (question.kind === 'check') check(question)
    else if (question.kind === 'prove') prove(question.key)
    else proveAll()
  } catch (error) {
    say({ kind: 'problem', text: error instanceof Error ? error.message : String(error) })
  }
})
