/** The records that the checker returns and takes: verdicts, certificates, reports and options. */

/** Whether attention can select a key; see `selectability`. */
export type Verdict = 'selectable' | 'tied' | 'unselectable'

/** Proof that `query` makes `key` the strict argmax: `margin = (s_key − s_runnerUp)/‖query‖`. */
export interface SelectableCertificate {
  /** Some query gives the key, alone, the highest score. */
  readonly verdict: 'selectable'
  /** Which key this is about, counted from 0. */
  readonly key: number
  /** Length d; only its direction matters, but under a bias. */
  readonly query: Float64Array
  /** Right to 1e-9 relative; a lower bound on δ (without bias). Infinity when n = 1, and for q = 0 under a bias. */
  readonly margin: number
  /** The key that comes second; −1 when n = 1. */
  readonly runnerUp: number
  /** An integer vector that proves the verdict where no float64 query does; d + 1 entries under a bias. */
  readonly exactQuery?: readonly bigint[]
}

/** Proof that `key` lies in the hull of `support`, and that `query` puts it at the maximum with some key below. */
export interface TiedCertificate {
  /** The key can share the highest score, with some key below, but not have it alone. */
  readonly verdict: 'tied'
  /** Which key this is about, counted from 0. */
  readonly key: number
  /** Length d; only its direction matters, but under a bias. */
  readonly query: Float64Array
  /** Other keys, in whose hull the key lies. */
  readonly support: Uint32Array
  /** One for each key of the support, > 0; they sum to 1. */
  readonly weights: Float64Array
  /** `‖Σ weights·k_support − k_key‖`; 0 when exact weights exist on the support. */
  readonly distance: number
  /** As in a selectable key's certificate. */
  readonly exactQuery?: readonly bigint[]
}

/** Proof that `key` lies in the hull of `support`. */
export interface UnselectableCertificate {
  /** Only a query that scores all keys alike gives the key the highest score. */
  readonly verdict: 'unselectable'
  /** Which key this is about, counted from 0. */
  readonly key: number
  /** Other keys, in whose hull the key lies. */
  readonly support: Uint32Array
  /** One for each key of the support, > 0; they sum to 1. */
  readonly weights: Float64Array
  /** `‖Σ weights·k_support − k_key‖`; 0 when exact weights exist on the support. */
  readonly distance: number
}

/** The proof of a verdict; `verify` judges it, `toJson` writes it. */
export type Certificate = SelectableCertificate | TiedCertificate | UnselectableCertificate

/** The verdicts of a whole key set. */
export interface Report {
  /** Number of keys. */
  readonly n: number
  /** Dimension of the keys. */
  readonly d: number
  /** The tolerance that was used, in the keys' own units; 0 is exact. */
  readonly tolerance: number
  /** One verdict a key. */
  readonly verdicts: readonly Verdict[]
  /** How many keys have each verdict. */
  readonly counts: Readonly<Record<Verdict, number>>
  /** The proof of key i's verdict. */
  certificate(i: number): Certificate
}

/** How far a check has come. */
export interface Progress {
  /** `gram`: all keys are compared with one another; `walk`: those that this left open are decided one by one. */
  readonly phase: 'gram' | 'walk'
  /** Keys done in this phase. */
  readonly done: number
  /** Keys in all. */
  readonly total: number
}

/** Options of `certify` and `verify`. */
export interface CertifyOptions {
  /** Absolute, in the keys' own units; 0 is exact. Default `8·u·max_j ‖k_j‖`, u = 2⁻²⁴ for `float32` keys and 2⁻⁵³ otherwise. */
  readonly tolerance?: number | undefined
  /** One number a key, added to its score (a softmax layer's bias). */
  readonly bias?: ArrayLike<number> | undefined
}

/** Options of `selectability`. */
export interface SelectabilityOptions extends CertifyOptions {
  /** Whether the report keeps proofs for `certificate(i)`; default true. */
  readonly certificates?: boolean | undefined
  /** Called at most ten times a second, and at the end. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** A closed interval of factors; see `criticalScale` and `escapeScale`. */
export interface ScaleInterval {
  /** The least factor, >= 0. */
  readonly low: number
  /** The greatest; Infinity where the interval never ends. */
  readonly high: number
}

/** Outcome of `verify`. */
export type Verification =
  | {
      /** The certificate proves its verdict. */
      readonly valid: true
    }
  | {
      /** The certificate proves nothing. */
      readonly valid: false
      /** What is wrong with it, in one sentence. */
      readonly reason: string
    }
