/** Numbers as a reader wants them: few digits, a true minus sign. */

export function short(value: number, digits = 3): string {
  if (value === Infinity) return '∞'
  const rounded = Number(value.toPrecision(digits))
  const size = Math.abs(rounded)
  const plain = size !== 0 && (size < 1e-3 || size >= 1e5) ? rounded.toExponential() : String(rounded)
  return plain.replace('-', '−')
}

/** A share in per cent; what is not quite all is never shown as all. */
export function percent(share: number): string {
  const value = share * 100
  if (value >= 100) return '100 %'
  if (value > 99.9) return '> 99.9 %'
  return value > 0 && value < 0.1 ? '< 0.1 %' : `${value.toFixed(1)} %`
}

export function tuple(values: ArrayLike<number>): string {
  return `(${Array.from(values, (value) => short(value)).join(', ')})`
}

/** “keys 1, 3 and 4” */
export function list(indices: ArrayLike<number>): string {
  const names = Array.from(indices, (i) => String(i + 1))
  const last = names.pop() ?? ''
  return names.length === 0 ? `key ${last}` : `keys ${names.join(', ')} and ${last}`
}
