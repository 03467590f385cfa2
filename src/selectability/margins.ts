/** Margins in a whole set's report. */
import { describe } from '../arguments.ts'
import { fillAsync, fillHere } from './blocks.ts'
import type { Blocks } from './blocks.ts'
import type { KeySet } from './keyset.ts'
import { batchKeys } from './margin/whole.ts'
import type { AsyncOptions, Report, SelectabilityOptions } from './types.ts'
import { openMeasure } from './workers/measure.ts'
import type { MeasureSetup } from './workers/measure.ts'

/** Whether the report is to have margins. */
export function wantsMargins({ margins = false }: SelectabilityOptions, { bias }: KeySet): boolean {
  if (typeof margins !== 'boolean') throw new TypeError(`margins: expected true or false, got ${describe(margins)}`)
  if (margins && bias !== null) throw new RangeError('margins: expected keys without a bias, which leaves no distance')
  return margins
}

const margins: Blocks<MeasureSetup> = { task: 'measure', phase: 'measure', open: openMeasure, size: batchKeys }

/** The report with its margins, found on the calling thread. */
export function withMargins(report: Report, keys: KeySet, onProgress: SelectabilityOptions['onProgress']): Report {
  const selectable = selectableOf(report)
  if (keys.n === 1 || selectable.length === 0) return measured(report, selectable, alone)
  return measured(report, selectable, fillHere(margins, { keys, selectable }, selectable.length, onProgress))
}

/** The report with its margins, found off the calling thread where the environment allows. */
export async function withMarginsAsync(report: Report, keys: KeySet, options: AsyncOptions): Promise<Report> {
  const selectable = selectableOf(report)
  if (keys.n === 1 || selectable.length === 0) return measured(report, selectable, alone)
  return measured(report, selectable, await fillAsync(margins, { keys, selectable }, selectable.length, options))
}

/** A key without rivals is as far from them as one likes. */
const alone = Float64Array.of(Infinity)

function selectableOf({ verdicts }: Report): Int32Array {
  return Int32Array.from(Array.from(verdicts.keys()).filter((i) => verdicts[i] === 'selectable'))
}

/** 0 for keys that are not selectable. */
function measured(report: Report, selectable: Int32Array, distances: Float64Array): Report {
  const all = new Float64Array(report.n)
  selectable.forEach((i, at) => (all[i] = distances[at]))
  return { ...report, margins: all }
}
