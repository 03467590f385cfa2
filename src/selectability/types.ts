/** The records that the checker returns and takes: verdicts, certificates, reports and options. */

/** Whether attention can select a key; see `selectability`. */
export type Verdict = 'selectable' | 'tied' | 'unselectable'

/** Proof that `query` makes `key` the strict argmax: `margin = (s_key − s_runnerUp)/‖query‖`. */
export interface SelectableCertificate {
  readonly verdict: 'selectable'
  readonly key: number
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
  readonly verdict: 'tied'
  readonly key: number
  readonly query: Float64Array
  readonly support: Uint32Array
  readonly weights: Float64Array
  /** `‖Σ weights·k_support − k_key‖`; 0 when exact weights exist on the support. */
  readonly distance: number
  readonly exactQuery?: readonly bigint[]
}

/** Proof that `key` lies in the hull of `support`. */
export interface UnselectableCertificate {
  readonly verdict: 'unselectable'
  readonly key: number
  readonly support: Uint32Array
  readonly weights: Float64Array
  readonly distance: number
}

export type Certificate = SelectableCertificate | TiedCertificate | UnselectableCertificate

/** The verdicts of a whole key set. */
export interface Report {
  readonly n: number
  readonly d: number
  readonly tolerance: number
  /** One verdict a key. */
  readonly verdicts: readonly Verdict[]
  readonly counts: { readonly selectable: number; readonly tied: number; readonly unselectable: number }
  /** The proof of key i's verdict. */
  certificate(i: number): Certificate
}

/** Called now and then with the number of keys decided so far. */
export type Progress = (done: number, total: number) => void

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
  /** Called now and then with the number of keys decided. */
  readonly onProgress?: Progress | undefined
}

/** Outcome of `verify`. */
export type Verification = { readonly valid: true } | { readonly valid: false; readonly reason: string }
