/** A report in print: a table for people, JSON, or one certificate a line. */
import { toJson } from '../index.ts'
import type { Certificate, Verdict } from '../index.ts'
import { colours } from './colour.ts'
import { gradeCells, gradeHeads, gradesJson, weakestFirst } from './graded.ts'
import type { Grades } from './graded.ts'
import type { Names } from './keys.ts'
import { alignList, alignRows, nameCell, share, sizes } from './table.ts'

/** The verdict on every key. */
export interface Verdicts {
  readonly n: number
  readonly d: number
  readonly tolerance: number
  readonly verdicts: readonly Verdict[]
  readonly counts: Readonly<Record<Verdict, number>>
}

export const verdicts: readonly Verdict[] = ['selectable', 'tied', 'unselectable']

/** The certificates of the keys that are decided. */
export function* certificateLines(report: {
  readonly keys: Uint32Array
  certificate(i: number): Certificate
}): Generator<string> {
  for (const i of report.keys) yield JSON.stringify(toJson(report.certificate(i)))
}

export function jsonOf({ n, d, tolerance, counts, verdicts }: Verdicts, names: Names, grades: Grades): string {
  return JSON.stringify({ n, d, tolerance, counts, verdicts, ...gradesJson(grades), ...names })
}

export function* tableOf(
  { n, d, tolerance, counts, verdicts: found }: Verdicts,
  { names }: Names,
  grades: Grades,
): Generator<string> {
  const { green, yellow, red, dim } = colours(process.stdout)
  const paint = { selectable: green, tied: yellow, unselectable: red }
  yield sizes(n, d, tolerance)
  yield ''
  yield* alignRows(
    verdicts.map((verdict) => [
      { text: verdict, paint: paint[verdict] },
      { text: String(counts[verdict]), align: 'right' },
      { text: share(counts[verdict], n), align: 'right', paint: dim },
    ]),
  )
  const heads = gradeHeads(grades)
  const listed = heads.length > 0 ? weakestFirst(grades) : [...found.keys()].filter((i) => found[i] !== 'selectable')
  const head = [{ text: 'key', align: 'right' }, ...nameCell(names && 'name'), { text: 'verdict' }, ...heads] as const
  yield* alignList(head, listed, (i) => {
    const verdict = found[i]
    return [
      { text: String(i), align: 'right' },
      ...nameCell(names?.[i]),
      { text: verdict, paint: paint[verdict] },
      ...gradeCells(grades, i),
    ]
  })
}
