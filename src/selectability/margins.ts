/** Margins in a whole set's report. */
import { describe } from '../arguments.ts'
import type { KeySet } from './keyset.ts'
import { marginsOf } from './margin/whole.ts'
import type { Report, SelectabilityOptions } from './types.ts'

/** Whether the report is to have margins. */
export function wantsMargins({ margins = false }: SelectabilityOptions, { bias }: KeySet): boolean {
  if (typeof margins !== 'boolean') throw new TypeError(`margins: expected true or false, got ${describe(margins)}`)
  if (margins && bias !== null) throw new RangeError('margins: expected keys without a bias, which leaves no distance')
  return margins
}

/** The report with its margins. */
export function withMargins(report: Report, keys: KeySet): Report {
  return { ...report, margins: marginsOf(keys, report.verdicts) }
}
