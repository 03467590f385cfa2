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
  /** The key can share the highest score, but not have it alone: with some key below, or all keys are equal. */
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
  /**
   * Where they were asked for: each key's distance δ from the hull of the others, right to 1e-12; 0 where the key is not selectable,
   * Infinity for a single key.
   */
  readonly margins?: Float64Array
  /** The proof of key i's verdict. */
  certificate(i: number): Certificate
}

/** The verdicts of some keys of a set, each against all keys; see `selectabilityPart`. */
export interface PartialReport {
  /** Number of keys in the set. */
  readonly n: number
  /** Dimension of the keys. */
  readonly d: number
  /** The tolerance that was used, in the keys' own units; 0 is exact. */
  readonly tolerance: number
  /** The keys that are decided, ascending. */
  readonly keys: Uint32Array
  /** One verdict for each of `keys`. */
  readonly verdicts: readonly Verdict[]
  /** How many of `keys` have each verdict. */
  readonly counts: Readonly<Record<Verdict, number>>
  /** Whether all keys of the share are decided; false where the check was stopped before. */
  readonly complete: boolean
  /** The proof of key i's verdict, i one of `keys`. */
  certificate(i: number): Certificate
}

/** One of `count` shares of a key set, which together are the whole. */
export interface Shard {
  /** Which of them, counted from 1. */
  readonly index: number
  /** How many there are, >= 1. */
  readonly count: number
}

/** How far a check has come. */
export interface Progress {
  /**
   * `gram`: all keys are compared with one another; `walk`: those that this left open are decided one by one; `measure`: margins of the
   * selectable keys are found; `weigh`: attainable weights are.
   */
  readonly phase: 'gram' | 'walk' | 'measure' | 'weigh'
  /** Keys done; in `walk` those that the comparing decided are among them. */
  readonly done: number
  /** Keys of this phase in all. */
  readonly total: number
  /** Workers; 0 on the calling thread, where `selectability` runs, and `selectabilityAsync` if no worker may start. */
  readonly threads: number
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
  /** Whether the report has `margins`; default false. Not with a bias. */
  readonly margins?: boolean | undefined
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

/** Options of `attainableWeight`. */
export interface AttainableOptions {
  /** The longest query, >= 0; Infinity, no limit, unless given. */
  readonly maxNorm?: number | undefined
  /** Logits are `scale·q·k + b`; 1/√d unless given. */
  readonly scale?: number | undefined
  /** One number a key, added to its logit. */
  readonly bias?: ArrayLike<number> | undefined
  /** With no norm limit: keys this near to the hull of others count as in it, as in `selectability`. */
  readonly tolerance?: number | undefined
}

/** Options of `attainableWeightsAsync`. */
export interface AttainableAsyncOptions extends AttainableOptions {
  /** How many workers to use at most, >= 1; default: as many as the machine runs at a time. The weights do not depend on it. */
  readonly threads?: number | undefined
  /** Ends the work, and with it every worker; the promise is then rejected with the signal's reason. */
  readonly signal?: Signal | undefined
  /** Called at most ten times a second, and at the end. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** How sharply a key can be selected; see `margin`. */
export interface Margin {
  /** δ, the distance from the hull of the other keys; 0 in the hull, Infinity where there is no other key. */
  readonly distance: number
  /** The query of norm 1 with the largest margin, which is δ, rounded; 0 where δ is. */
  readonly query: Float64Array
  /** Other keys, of which the nearest point of their hull is a convex combination. */
  readonly support: Uint32Array
  /** Its weights, one for each key of the support. */
  readonly weights: Float64Array
}

/** The largest weight that attention can give a key; see `attainableWeight`. */
export interface AttainableWeight {
  /** Proven: what `query` reaches or, where it is not `attained`, comes as near to as wanted. */
  readonly weight: number
  /** Proven: no query gives the key more. */
  readonly bound: number
  /** Whether some query has the largest weight, or only ever longer ones approach it. */
  readonly attained: boolean
  /** The query, rounded to float64; of norm at most `maxNorm`. */
  readonly query: Float64Array
  /** Other keys, convex weights on which prove `bound`; none where it is 1 without them. */
  readonly support: Uint32Array
  /** These weights, rounded to float64, one for each key of the support. */
  readonly weights: Float64Array
}

/** Options of `explain`. */
export interface ExplainOptions {
  /** Logits are `scale·q·k`; 1/√d unless given. */
  readonly scale?: number | undefined
  /** As in `selectability`. */
  readonly tolerance?: number | undefined
  /** What the keys are called, one text each; told after the index. */
  readonly names?: ArrayLike<string> | undefined
}

/** Options of `selectabilityAsync`. */
export interface AsyncOptions extends SelectabilityOptions {
  /** How many workers to use at most, >= 1; default: as many as the machine runs at a time. The report does not depend on it. */
  readonly threads?: number | undefined
  /** Ends the check, and with it every worker; the promise is then rejected with the signal's reason. */
  readonly signal?: Signal | undefined
}

/** Options of `selectabilityPart`. */
export interface PartOptions extends CertifyOptions {
  /** Which share of the keys to decide; all of them unless given. */
  readonly shard?: Shard | undefined
  /** Ends the check, and with it every worker: the promise is then resolved with what is decided. */
  readonly stop?: Signal | undefined
  /** Whether the report keeps proofs for `certificate(i)`; default true. */
  readonly certificates?: boolean | undefined
  /** How many workers to use at most, as in `selectabilityAsync`. */
  readonly threads?: number | undefined
  /** Called at most ten times a second, and at the end. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** The part of an `AbortSignal` that is used. */
export interface Signal {
  /** Whether it is too late to begin. */
  readonly aborted: boolean
  /** What the promise is rejected with. */
  readonly reason?: unknown
  /** Called with the listener while the check goes on. */
  addEventListener(type: 'abort', listener: () => void): void
  /** Called with the same listener at its end. */
  removeEventListener(type: 'abort', listener: () => void): void
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
