/** The demo: one state, what the library says of it, and views that draw both. */
import './demo.css'
import type { Actions, View } from './actions.ts'
import { createCertificate } from './certificate.ts'
import { createControls } from './controls.ts'
import { createCurve } from './curve.ts'
import { byId, set, text } from './dom.ts'
import { percent } from './format.ts'
import { createLive } from './live.ts'
import { derive } from './model.ts'
import type { Model } from './model.ts'
import { createOwn } from './own/own.ts'
import { createPlane, discRadius } from './plane.ts'
import { presets, randomTwelve } from './presets.ts'
import { createRows } from './rows.ts'
import { createSpace, spaceRadius } from './space.ts'
import { decode, encode, factors, mostKeys, slider, story, unlimited } from './state.ts'
import type { State } from './state.ts'
import { createSteps } from './steps.ts'
import { rawKeys, transformKeys } from './transform.ts'
import { add, clamp, fromFrame, length, row, times, toFrame } from './vector.ts'
import type { Vector } from './vector.ts'

let state: State = story
let model: Model = derive(story)
let view: View = { plane: 1, space: 1 }
let held = false
let frame = 0
let motion = 0

/** Milliseconds that the query takes to turn. */
const turning = 450
/** Milliseconds without a change before the address is written: browsers allow some hundred changes a minute. */
const addressRest = 200

function update(patch: Partial<State>): void {
  cancelAnimationFrame(motion)
  change(patch)
}

function change(patch: Partial<State>): void {
  const next = { ...state, ...patch }
  const selected = Math.max(0, Math.min(next.selected, next.keys.length - 1))
  state = { ...next, selected, query: clamp(next.query, Math.min(next.limit, unlimited)) }
  if (frame === 0) frame = requestAnimationFrame(render)
}

const actions: Actions = {
  select: (selected) => update({ selected }),
  point: (query) => update({ query: round(query) }),
  move(i, by) {
    // Normalised keys follow the pointer by their direction: the step is taken before scaling, in proportion.
    const plain = { ...state, head: 'none', gain: [1, 1, 1], bias: [0, 0, 0] } as const
    const before = row(transformKeys(model.raw, { ...plain, scale: false }), i)
    const after = row(transformKeys(model.raw, plain), i)
    const ratio = state.scale && length(after) > 0 ? length(before) / length(after) : 1
    const factor = i === slider ? state.factor : 1
    const key = state.keys[i]
    if (key !== undefined) replaceKey(i, round(add(key, times(by, ratio / factor))))
  },
  remove(i) {
    if (state.keys.length > 1) update({ keys: state.keys.filter((_, j) => j !== i) })
  },
  hold(on) {
    held = on
    if (!on) update({})
  },
}

function round(vector: Vector): Vector {
  const [x, y, z] = vector.map((value) => Number(value.toFixed(3)))
  return [x ?? 0, y ?? 0, z ?? 0]
}

function replaceKey(i: number, key: Vector): void {
  update({ keys: state.keys.map((old, j) => (j === i ? key : old)) })
}

/** The pictures' scale: all keys fit, key 3 also at its longest. */
function viewOf(): View {
  const longest = state.scale ? state.factor : Math.max(1, factors.max)
  const raw = rawKeys({ ...state, factor: longest })
  const keys = transformKeys(raw, state)
  const rows = state.keys.map((_, i) => row(keys, i))
  const flat = Math.max(
    1e-6,
    state.scale && state.head === 'none' ? 1.2 : 0,
    ...rows.map((key) => Math.hypot(...toFrame(key).slice(0, 2))),
  )
  const size = Math.max(1e-6, state.scale && state.head === 'none' ? 1.2 : 0, ...rows.map(length))
  return { plane: (0.86 * discRadius) / flat, space: (0.93 * spaceRadius) / size }
}

function addKey(key: Vector): void {
  if (state.keys.length < mostKeys) update({ keys: [...state.keys, round(key)], selected: state.keys.length })
}

/** Turns the query to the one that gives the selected key most weight under the limit. */
function findQuery(): void {
  const best = model.attainable[state.selected]
  if (best === undefined) return
  const from = state.query
  const to = clamp(row(best.query, 0), Math.min(state.limit, unlimited))
  const verdict = model.verdicts[state.selected]
  const name = `key ${state.selected + 1}`
  const most = percent(best.weight)
  text(
    byId('find-result'),
    verdict === 'unselectable'
      ? `No query selects ${name}. This one gives it the most weight that any can, ${most}.`
      : `This query gives ${name} ${most}, the most that the norm limit allows.`,
  )
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches
  const start = performance.now()
  const advance = (now: number): void => {
    const part = still ? 1 : Math.min(1, (now - start) / turning)
    const eased = part * part * (3 - 2 * part)
    change({ query: part === 1 ? to : add(times(from, 1 - eased), times(to, eased)) })
    if (part < 1) motion = requestAnimationFrame(advance)
  }
  cancelAnimationFrame(motion)
  motion = requestAnimationFrame(advance)
}

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
const drawPlane = createPlane(actions)
const drawSpace = createSpace(actions)
const drawRows = createRows(byId('rows'), actions)
const drawCurve = createCurve(worker)
const drawCertificate = createCertificate()
const drawControls = createControls(() => state, update)
const drawSteps = createSteps(update)
const announce = createLive()
createOwn((keys) => {
  text(byId('preset-note'), 'Your own keys, as they were checked below.')
  update({ ...story, step: -1, factor: 1, keys, selected: 0 })
  byId('plane-title').scrollIntoView({ block: 'center' })
})
let addressTimer = 0
/** The address as it was last read or written. */
let address = ''

function render(): void {
  frame = 0
  model = derive(state)
  if (!held) view = viewOf()
  drawControls(state, model)
  drawPlane(state, model, view)
  drawSpace(state, model, view)
  drawRows(state, model)
  drawCertificate(state, model)
  drawSteps(state)
  drawCurve(state, model)
  byId<HTMLButtonElement>('add').disabled = state.keys.length >= mostKeys
  byId<HTMLButtonElement>('duplicate').disabled = state.keys.length >= mostKeys
  byId<HTMLButtonElement>('remove').disabled = state.keys.length <= 1
  for (const id of ['find', 'duplicate', 'remove']) text(byId(`${id}-key`), `key ${state.selected + 1}`)
  announce(model)
  set(byId('status'), { 'aria-busy': 'true' })
  clearTimeout(addressTimer)
  addressTimer = window.setTimeout(writeAddress, addressRest)
}

function writeAddress(): void {
  // The reader has gone elsewhere, back say, and that is still to be read.
  if (location.hash !== address) return
  const hash = encode(state)
  if (address.replace('#', '') !== hash) {
    history.replaceState(null, '', hash === '' ? location.pathname : `#${hash}`)
    address = location.hash
  }
  set(byId('status'), { 'aria-busy': 'false' })
}

function readAddress(): void {
  address = location.hash
  const problem = byId('address-problem')
  try {
    text(problem, '')
    update(decode(location.hash))
  } catch (error) {
    text(problem, `This link holds no state that the page can show (${error instanceof Error ? error.message : ''}).`)
    update(story)
  }
}

for (const preset of presets) {
  byId(`preset-${preset.id}`).addEventListener('click', () => {
    text(byId('preset-note'), preset.note)
    const keys = preset.id === 'random' ? randomTwelve(Math.random()) : preset.state.keys
    update({ ...preset.state, keys })
  })
}
byId('add').addEventListener('click', () => {
  const angle = 2.4 * state.keys.length
  addKey(fromFrame([2 * Math.cos(angle), 2 * Math.sin(angle), 0]))
})
byId('duplicate').addEventListener('click', () => addKey(row(model.raw, state.selected)))
byId('remove').addEventListener('click', () => actions.remove(state.selected))
byId('find').addEventListener('click', findQuery)
window.addEventListener('hashchange', readAddress)
readAddress()
set(document.documentElement, { 'data-ready': 'true' })
