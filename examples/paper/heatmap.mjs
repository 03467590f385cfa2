/** A heat map as SVG: one cell a number from 0 to 1, light to dark in a single hue, with its scale beside it. */
const cell = { width: 12, height: 22 }
const left = 56
const top = 44

/** From white through blue to near black: lightness alone tells the value, so it reads in grey, too. */
const stops = [
  [255, 255, 255],
  [158, 202, 225],
  [49, 130, 189],
  [8, 29, 88],
]

function colour(value) {
  const at = Math.min(value, 1) * (stops.length - 1)
  const low = Math.min(Math.floor(at), stops.length - 2)
  const mix = stops[low].map((x, c) => Math.round(x + (at - low) * (stops[low + 1][c] - x)))
  return `rgb(${mix.join(',')})`
}

const text = (x, y, content, attributes = '') => `<text x="${x}" y="${y}" ${attributes}>${content}</text>`

/**
 * @param {{ title: string, xs: number[], ys: number[], xLabel: string, yLabel: string, value: (x: number, y: number) => number }} map
 * values of y grow upwards
 */
export function heatMap({ title, xs, ys, xLabel, yLabel, value }) {
  const width = xs.length * cell.width
  const height = ys.length * cell.height
  const centre = 'text-anchor="middle"'
  const rowTop = (r) => top + height - (r + 1) * cell.height
  const parts = [text(left, 24, title, 'font-size="15"')]
  ys.forEach((y, r) => {
    parts.push(text(left - 8, rowTop(r) + cell.height / 2 + 4, y, 'text-anchor="end"'))
    xs.forEach((x, c) => {
      const share = value(x, y)
      const place = `x="${left + c * cell.width}" y="${rowTop(r)}" width="${cell.width}" height="${cell.height}"`
      const name = `<title>${xLabel} ${x}, ${yLabel} ${y}: ${share}</title>`
      parts.push(`<rect ${place} fill="${colour(share)}">${name}</rect>`)
    })
  })
  xs.forEach((x, c) => {
    if (c === 0 || x % 5 === 0) parts.push(text(left + (c + 0.5) * cell.width, top + height + 16, x, centre))
  })
  parts.push(`<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="none" stroke="#888"/>`)
  parts.push(text(left + width / 2, top + height + 36, xLabel, centre))
  parts.push(text(16, top + height / 2, yLabel, `${centre} transform="rotate(-90 16 ${top + height / 2})"`))
  const scale = left + width + 20
  for (let step = 0; step <= 10; step++) {
    const y = top + height - ((step + 1) * height) / 11
    parts.push(`<rect x="${scale}" y="${y}" width="16" height="${height / 11}" fill="${colour(step / 10)}"/>`)
    if (step % 5 === 0) parts.push(text(scale + 22, y + height / 22 + 4, step / 10))
  }
  parts.push(`<rect x="${scale}" y="${top}" width="16" height="${height}" fill="none" stroke="#888"/>`)
  const size = `viewBox="0 0 ${scale + 56} ${top + height + 48}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12" role="img">
<rect width="100%" height="100%" fill="white"/>
${parts.join('\n')}
</svg>
`
}
