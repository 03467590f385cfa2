/** A line chart as SVG: a line a series with a band around it, and a legend. */

const frame = { left: 64, top: 44, width: 560, height: 300 }
/** Okabe and Ito: told apart by colour-blind readers, and dashed differently for the rest. */
const styles = [
  ['#0072b2', ''],
  ['#d55e00', '6 3'],
  ['#009e73', '2 3'],
]

const fixed = (x) => Number(x.toFixed(2))

/** Round values, at most 6 of them. */
function ticks(bottom, top) {
  const range = top - bottom
  const size = 10 ** Math.floor(Math.log10(range / 3))
  const step = [1, 2, 5, 10].map((factor) => factor * size).find((candidate) => range / candidate <= 5)
  const first = Math.ceil(bottom / step - 1e-9)
  const last = Math.floor(top / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(6)))
}

/**
 * @param {{ title: string, xLabel: string, yLabel: string, bottom?: number, top: number,
 *   series: { name: string, points: { x: number, mean: number, low: number, high: number }[] }[] }} chart
 */
export function lineChart({ title, xLabel, yLabel, bottom = 0, top, series }) {
  const { left, width, height } = frame
  const last = Math.max(...series.flatMap(({ points }) => points.map(({ x }) => x)))
  const px = (x) => fixed(left + (x / last) * width)
  const py = (y) =>
    fixed(frame.top + height - ((Math.min(Math.max(y, bottom), top) - bottom) / (top - bottom)) * height)
  const foot = frame.top + height
  const parts = [`<text x="${left}" y="24" font-size="15">${title}</text>`]
  for (const y of ticks(bottom, top)) {
    parts.push(`<line x1="${left}" y1="${py(y)}" x2="${left + width}" y2="${py(y)}" stroke="#ddd"/>`)
    parts.push(`<text x="${left - 8}" y="${py(y) + 4}" text-anchor="end">${y}</text>`)
  }
  for (const x of ticks(0, last)) parts.push(`<text x="${px(x)}" y="${foot + 18}" text-anchor="middle">${x}</text>`)
  series.forEach(({ name, points }, s) => {
    const [colour, dash] = styles[s % styles.length]
    const line = points.map(({ x, mean }) => `${px(x)},${py(mean)}`).join(' ')
    const high = points.map((point) => `${px(point.x)},${py(point.high)}`)
    const low = points.map((point) => `${px(point.x)},${py(point.low)}`).reverse()
    parts.push(`<polygon points="${[...high, ...low].join(' ')}" fill="${colour}" fill-opacity="0.15"/>`)
    const stroke = `stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"`
    parts.push(`<polyline points="${line}" fill="none" ${stroke}/>`)
    const y = foot + 58 + 18 * s
    parts.push(`<line x1="${left}" y1="${y - 4}" x2="${left + 28}" y2="${y - 4}" ${stroke}/>`)
    parts.push(`<text x="${left + 36}" y="${y}">${name}</text>`)
  })
  parts.push(`<rect x="${left}" y="${frame.top}" width="${width}" height="${height}" fill="none" stroke="#888"/>`)
  const middle = frame.top + height / 2
  parts.push(`<text x="${left + width / 2}" y="${foot + 36}" text-anchor="middle">${xLabel}</text>`)
  parts.push(`<text x="16" y="${middle}" text-anchor="middle" transform="rotate(-90 16 ${middle})">${yLabel}</text>`)
  const size = `viewBox="0 0 ${left + width + 24} ${foot + 58 + 18 * series.length}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12" role="img">
<rect width="100%" height="100%" fill="white"/>
${parts.join('\n')}
</svg>
`
}
