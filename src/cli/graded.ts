/** How much attention queries of some norm can give each key, and how sharply the best query selects it. */
import { attainableWeights, attainableWeightsAsync, selectability, selectabilityAsync } from '../index.ts'
import type { Progress } from '../index.ts'
import { isNumber, parseNumber, quote } from './numbers.ts'
import type { Question } from './options.ts'
import { phases, startProgress } from './progress.ts'
import { isQuick } from './quick.ts'
import type { Cell } from './table.ts'

/** What is asked beyond the verdicts. */
export interface GradeOptions {
  readonly maxNorm?: number
  readonly margins?: true
  readonly threads?: number
}

/** One number a key for each that was asked. */
export interface Grades {
  readonly maxNorm?: number
  readonly attainableWeights?: Float64Array
  readonly margins?: Float64Array
}

/** The parser of --max-norm: a number >= 0; the words for infinity say that no norm is too large. */
export function readNorm(text: string): number {
  const norm = isNumber(text) ? parseNumber(text) : NaN
  if (norm >= 0) return norm
  throw new RangeError(`--max-norm: expected a number >= 0, or inf, got ${quote(text)}`)
}

/** Answers what is asked; keys that are not selectable have margin 0. */
export async function gradeKeys(question: Question, { maxNorm, margins, threads }: GradeOptions): Promise<Grades> {
  const { keys } = question
  const quick = isQuick(question)
  const progress = startProgress('weighing')
  try {
    const onProgress = ({ done, total, phase }: Progress): void => progress.onProgress?.(done, total, phases[phase])
    const options = { ...question.options, threads, onProgress }
    const weighing = { ...options, maxNorm }
    // Checked once more, which takes a small part of the time that the margins take.
    const measuring = { ...options, margins: true, certificates: false }
    const measured = margins && (quick ? selectability(keys, measuring) : await selectabilityAsync(keys, measuring))
    return {
      ...(maxNorm !== undefined && {
        maxNorm,
        attainableWeights: quick ? attainableWeights(keys, weighing) : await attainableWeightsAsync(keys, weighing),
      }),
      ...(measured?.margins && { margins: measured.margins }),
    }
  } finally {
    progress.stop()
  }
}

/** The same for JSON, which has no infinity. */
export function gradesJson({ maxNorm, attainableWeights: weights, margins }: Grades): object {
  const plain = (x: number): number | string => (x === Infinity ? 'Infinity' : x)
  return {
    ...(maxNorm !== undefined && { maxNorm: plain(maxNorm) }),
    ...(weights && { attainableWeights: Array.from(weights) }),
    ...(margins && { margins: Array.from(margins, plain) }),
  }
}

/** Heads of the columns for a table of keys. */
export function gradeHeads({ attainableWeights: weights, margins }: Grades): Cell[] {
  return [...(weights ? ['most attention'] : []), ...(margins ? ['margin'] : [])].map((text) => ({
    text,
    align: 'right',
  }))
}

/** The columns of key i. */
export function gradeCells({ attainableWeights: weights, margins }: Grades, i: number): Cell[] {
  const numbers = [...(weights ? [weights[i]] : []), ...(margins ? [margins[i]] : [])]
  return numbers.map((x) => ({ text: x === Infinity ? '∞' : x.toPrecision(4), align: 'right' }))
}

/** All keys, those that get the least first: by attention where that was asked, else by margin. */
export function weakestFirst({ attainableWeights: weights, margins }: Grades): number[] {
  const by = weights ?? margins ?? new Float64Array(0)
  return Array.from(by.keys()).sort((a, b) => by[a] - by[b] || a - b)
}
