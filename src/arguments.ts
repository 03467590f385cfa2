/** What came for an argument, in the words of an error message; and the arguments that many functions share. */

/** Typed arrays by tag, so that arrays of other realms (workers, frames, test runners) count too. */
export function tagOf(x: unknown): string {
  return ArrayBuffer.isView(x) ? Object.prototype.toString.call(x).slice(8, -1) : ''
}

/** What a value is, in the words of an error message. */
export function describe(x: unknown): string {
  if (x === null) return 'null'
  if (Array.isArray(x)) return 'an array'
  if (typeof x === 'object') return tagOf(x) || 'an object'
  if (typeof x === 'string') return `the string ${JSON.stringify(x.slice(0, 40))}`
  if (typeof x === 'bigint') return 'a bigint'
  return typeof x === 'function' ? 'a function' : String(x)
}

/** The sizes of a shape in an error message, which stays one line whatever number of axes came. */
export function listSizes(shape: readonly number[]): string {
  return shape.length > 8 ? `${shape.slice(0, 8).join(', ')}, …` : shape.join(', ')
}

/** The trailing options of a public function. @throws TypeError when they are no object: a bare number is no tolerance. */
export function checkOptions<T extends object>(options: T): T {
  if (typeof options === 'object' && (options as T | null) !== null && !Array.isArray(options)) return options
  throw new TypeError(`options: expected an object, got ${describe(options)}`)
}

/** @throws TypeError unless it is a function or nothing. */
export function checkProgress(onProgress: unknown): void {
  if (onProgress === undefined || typeof onProgress === 'function') return
  throw new TypeError(`onProgress: expected a function, got ${describe(onProgress)}`)
}

/** @throws TypeError unless it is an array, typed or plain, of values of one kind. */
export function checkArray(name: string, x: unknown, kind: 'number' | 'string'): void {
  const array = typeof x === 'object' ? (x as ArrayLike<unknown> | null) : null
  if (typeof array?.length !== 'number')
    throw new TypeError(`${name}: expected an array of ${kind}s, got ${describe(x)}`)
  for (let at = 0; at < array.length; at++) {
    if (typeof array[at] !== kind)
      throw new TypeError(`${name}: expected ${kind}s, got ${describe(array[at])} at index ${at}`)
  }
}
