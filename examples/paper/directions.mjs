/** Directions in three dimensions as SVG, seen from the side, so that 1 points up and the plane at right angles to it is a narrow ellipse. */

const radius = 170
const centre = { x: 200, y: 232 }
const elevation = (15 * Math.PI) / 180
const up = [1, 1, 1].map((x) => x / Math.sqrt(3))
const right = [1, -1, 0].map((x) => x / Math.SQRT2)
const away = [1, 1, -2].map((x) => x / Math.sqrt(6))

const dot = (x, y) => x.reduce((sum, entry, c) => sum + entry * y[c], 0)
const fixed = (x) => Number(x.toFixed(2))

/** Where the end of a vector's unit vector is seen. */
function seen(x) {
  const unit = x.map((entry) => entry / Math.hypot(...x))
  const height = dot(unit, up) * Math.cos(elevation) + dot(unit, away) * Math.sin(elevation)
  return [fixed(centre.x + radius * dot(unit, right)), fixed(centre.y - radius * height)]
}

/** @param {{ title: string, keys: number[][], queries: number[][] }} picture */
export function directions({ title, keys, queries }) {
  const { x, y } = centre
  const tip = fixed(radius * Math.cos(elevation))
  const line = (attributes) => (end) => `<line x1="${x}" y1="${y}" x2="${end[0]}" y2="${end[1]}" ${attributes}/>`
  const parts = [
    `<text x="16" y="24" font-size="15">${title}</text>`,
    `<circle cx="${x}" cy="${y}" r="${radius}" fill="none" stroke="#ddd"/>`,
    `<ellipse cx="${x}" cy="${y}" rx="${radius}" ry="${fixed(radius * Math.sin(elevation))}" fill="#f4f4f4" stroke="#aaa"/>`,
    `<line x1="${x}" y1="${y + tip + 12}" x2="${x}" y2="${y - tip - 12}" stroke="#aaa" stroke-dasharray="4 3"/>`,
    `<text x="${x + 6}" y="${y - tip - 8}">1</text>`,
    ...keys.map(seen).map(line('stroke="#0072b2" stroke-opacity="0.35"')),
    ...keys.map(seen).map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="2.5" fill="#0072b2"/>`),
    ...queries.map(seen).map(line('stroke="#d55e00" stroke-opacity="0.5"')),
    ...queries
      .map(seen)
      .map(([cx, cy]) => `<rect x="${fixed(cx - 2.5)}" y="${fixed(cy - 2.5)}" width="5" height="5" fill="#d55e00"/>`),
    `<circle cx="20" cy="430" r="3" fill="#0072b2"/><text x="30" y="434">keys</text>`,
    `<rect x="77" y="427" width="6" height="6" fill="#d55e00"/><text x="90" y="434">queries as keys see them</text>`,
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 446" font-family="sans-serif" font-size="12" role="img">
<rect width="100%" height="100%" fill="white"/>
${parts.join('\n')}
</svg>
`
}
