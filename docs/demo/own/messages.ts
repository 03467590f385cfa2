/** What the page and the worker that checks a reader's keys say to each other. */
import type { Report, Verdict } from 'selectability/kernels'
import type { Vector } from '../vector.ts'
import type { Source } from './read.ts'

export type Transform = 'none' | 'project' | 'scale' | 'layernorm' | 'rmsnorm'

export type Question =
  | {
      readonly kind: 'check'
      readonly source: Source
      readonly transform: Transform
      /** Tolerance 0 instead of the usual one. */
      readonly exact: boolean
      readonly margins: boolean
    }
  | { readonly kind: 'prove'; readonly key: number }
  | { readonly kind: 'proveAll' }

export interface OwnReport {
  readonly kind: 'report'
  readonly n: number
  readonly d: number
  readonly names: readonly string[] | null
  readonly verdicts: readonly Verdict[]
  readonly counts: Report['counts']
  readonly tolerance: number
  readonly norms: Float64Array
  readonly margins: Float64Array | null
  /** The keys, where they are few and of three dimensions: the pictures above can show them. */
  readonly few: readonly Vector[] | null
  /** n×3, for the picture. */
  readonly points: Float64Array
  /** The share of the variance that the picture shows; null where it shows all. */
  readonly share: number | null
}

export type Answer =
  | OwnReport
  | { readonly kind: 'progress'; readonly phase: string; readonly share: number | null }
  | { readonly kind: 'proof'; readonly key: number; readonly json: string; readonly problem: string | null }
  | { readonly kind: 'proofs'; readonly text: string }
  | { readonly kind: 'problem'; readonly text: string }
