/** Keys in the plane, the hull of all but one, and what proves that one's verdict, as SVG. */
import { polygonHull } from 'd3-polygon'
import { certify, margin } from '../../dist/index.js'

const size = 420
const edge = 60
const fixed = (x) => Number(x.toFixed(1))

/** @param {number[][]} keys @param {number} i @param {string} title */
export function hullPicture(keys, i, title) {
  const xs = keys.map(([x]) => x)
  const ys = keys.map(([, y]) => y)
  const [left, bottom] = [Math.min(...xs), Math.min(...ys)]
  const span = Math.max(Math.max(...xs) - left, Math.max(...ys) - bottom)
  const place = ([x, y]) => [
    fixed(edge + ((x - left) / span) * (size - 2 * edge)),
    fixed(size - edge - ((y - bottom) / span) * (size - 2 * edge)),
  ]
  const line = (from, to, more) => {
    const [[x1, y1], [x2, y2]] = [place(from), place(to)]
    return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" ${more}/>`
  }
  const hull = polygonHull(keys.filter((_, j) => j !== i)).map(place)
  const parts = [`<text x="16" y="24" font-size="15">${title}</text>`]
  parts.push(`<polygon points="${hull.join(' ')}" fill="#0072b2" fill-opacity="0.12" stroke="#0072b2"/>`)
  const certificate = certify(keys, i, { tolerance: 0 })
  if (certificate.verdict === 'selectable') {
    const { distance, support, weights } = margin(keys, i)
    const nearest = [0, 1].map((c) => support.reduce((sum, j, at) => sum + weights[at] * keys[j][c], 0))
    parts.push(line(keys[i], nearest, 'stroke="#d55e00" stroke-width="2"'))
    const [x, y] = place(keys[i].map((k, c) => (k + nearest[c]) / 2))
    parts.push(`<text x="${x + 8}" y="${y + 4}" fill="#a64700">δ = ${distance.toFixed(2)}</text>`)
  } else {
    const { support, weights } = certificate
    support.forEach((j, at) => {
      parts.push(line(keys[i], keys[j], 'stroke="#d55e00" stroke-width="2" stroke-dasharray="6 3"'))
      const [x, y] = place(keys[i].map((k, c) => (k + keys[j][c]) / 2))
      parts.push(`<text x="${x + 6}" y="${y - 6}" fill="#a64700">${weights[at].toFixed(2)}</text>`)
    })
  }
  keys.forEach((key, j) => {
    const [x, y] = place(key)
    parts.push(`<circle cx="${x}" cy="${y}" r="6" fill="${j === i ? '#d55e00' : '#0072b2'}"/>`)
    parts.push(`<text x="${x + 10}" y="${y - 8}">key ${j + 1}</text>`)
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size + 40} ${size}" font-family="sans-serif" font-size="13" role="img">
<rect width="100%" height="100%" fill="white"/>
${parts.join('\n')}
</svg>
`
}
