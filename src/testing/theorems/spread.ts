/** Few of many keys: what is proven key by key in exact arithmetic is asked of a sample where there are thousands. */
const most = 32

/** At most 32 of n indices, evenly spread. */
export function spread(n: number): number[] {
  if (n <= most) return Array.from({ length: n }, (_, j) => j)
  return Array.from({ length: most }, (_, at) => Math.floor(((at + 0.5) * n) / most))
}
