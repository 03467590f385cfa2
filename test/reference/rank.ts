/** The rank, by fractions: cross-multiplied elimination, no division. */
export function rankOf(rows: readonly (readonly bigint[])[]): number {
  let left = rows.map((row) => [...row])
  let rank = 0
  for (let c = 0; c < (rows[0]?.length ?? 0); c++) {
    const pivot = left.find((row) => row[c] !== 0n)
    if (pivot === undefined) continue
    rank++
    left = left.filter((row) => row !== pivot).map((row) => row.map((x, k) => x * pivot[c] - row[c] * pivot[k]))
  }
  return rank
}
