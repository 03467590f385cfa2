/** CSV of records, numbers to six digits; a field with a comma is quoted. */

const cell = (x) => {
  if (typeof x === 'number') return Number.isInteger(x) ? String(x) : String(Number(x.toPrecision(6)))
  return /[",\n]/.test(x) ? `"${x.replaceAll('"', '""')}"` : x
}

/** @param {Record<string, string | number>[]} records of the same fields, at least one */
export function csv(records) {
  return `${Object.keys(records[0]).join(',')}\n${records.map((record) => Object.values(record).map(cell).join(',')).join('\n')}\n`
}
