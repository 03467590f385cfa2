/** Slider, switches and everything under “more”. */
import { byId, set, text } from './dom.ts'
import { short } from './format.ts'
import type { Model } from './model.ts'
import { factors, slider } from './state.ts'
import type { Head, State } from './state.ts'
import type { Vector } from './vector.ts'

type Draw = (state: State, model: Model) => void
type Update = (patch: Partial<State>) => void

/** The slider for R runs over exponents of two; its last stop is no limit. */
const exponents = { min: -2, max: 6, step: 0.05 } as const

export function createControls(current: () => State, update: Update): Draw {
  const factor = byId<HTMLInputElement>('factor')
  const limit = byId<HTMLInputElement>('limit')
  const project = byId<HTMLInputElement>('project')
  const scale = byId<HTMLInputElement>('scale')
  const divide = byId<HTMLInputElement>('divide')
  const head = byId<HTMLSelectElement>('head')
  const eps = byId<HTMLInputElement>('eps')
  const affine = ['gain', 'bias'].map((name) => [0, 1, 2].map((c) => byId<HTMLInputElement>(`${name}-${c}`)))
  const [gain = [], bias = []] = affine
  const coordinates = [0, 1, 2].map((c) => byId<HTMLInputElement>(`coordinate-${c}`))
  set(factor, factors)
  set(limit, { min: exponents.min, max: exponents.max + exponents.step, step: exponents.step })

  const on = (input: HTMLElement, event: string, patch: () => Partial<State>): void =>
    input.addEventListener(event, () => update(patch()))
  on(factor, 'input', () => ({ factor: factor.valueAsNumber }))
  on(limit, 'input', () => {
    const exponent = limit.valueAsNumber
    return { limit: exponent > exponents.max + exponents.step / 2 ? Infinity : Number((2 ** exponent).toPrecision(4)) }
  })
  on(project, 'change', () => ({ project: project.checked }))
  on(scale, 'change', () => ({ scale: scale.checked }))
  on(divide, 'change', () => ({ divide: divide.checked }))
  on(head, 'change', () => ({ head: head.value as Head }))
  on(eps, 'change', () => ({ eps: Number(eps.value) }))
  const numbers = (inputs: readonly HTMLInputElement[], read: (values: Vector) => Partial<State>): void => {
    for (const input of inputs) {
      input.addEventListener('input', () => {
        const [x = NaN, y = NaN, z = NaN] = inputs.map(({ valueAsNumber }) => valueAsNumber)
        const usable = [x, y, z].every((value) => Math.abs(value) <= 1e6)
        // A number being typed, or one beyond the picture, is left alone and marked by the browser.
        if (usable) update(read([x, y, z]))
      })
    }
  }
  numbers(gain, (values) => ({ gain: values }))
  numbers(bias, (values) => ({ bias: values }))
  numbers(coordinates, (values) => ({
    keys: current().keys.map((key, i) => (i === current().selected ? values : key)),
  }))

  const fill = (inputs: readonly HTMLInputElement[], values: readonly number[]): void =>
    inputs.forEach((input, c) => {
      if (document.activeElement !== input && input.valueAsNumber !== values[c]) input.value = String(values[c])
    })
  const drawMark = createMark()

  return (state, model) => {
    const usable = model.n > slider
    factor.disabled = !usable
    if (factor.valueAsNumber !== state.factor) factor.value = String(state.factor)
    text(byId('factor-value'), `× ${state.factor.toFixed(2)}`)
    const exponent = state.limit === Infinity ? exponents.max + exponents.step : Math.log2(state.limit)
    if (Math.abs(limit.valueAsNumber - exponent) > exponents.step) limit.value = String(exponent)
    text(byId('limit-value'), state.limit === Infinity ? 'no limit' : short(state.limit))
    project.checked = state.project
    scale.checked = state.scale
    divide.checked = state.divide
    head.value = state.head
    eps.value = String(state.eps)
    fill(gain, state.gain)
    fill(bias, state.bias)
    fill(coordinates, state.keys[state.selected] ?? [])
    text(byId('coordinate-name'), `Key ${state.selected + 1}${state.selected === slider ? ', before its factor' : ''}`)
    drawMark(state, model)
  }
}

/** The mark on the slider: from where to where the neighbour is not selectable. */
function createMark(): Draw {
  const band = byId<SVGRectElement>('factor-band')
  const tick = byId<SVGLineElement>('factor-tick')
  const note = byId('factor-note')
  const across = (value: number): number =>
    (100 * (Math.min(factors.max, Math.max(factors.min, value)) - factors.min)) / (factors.max - factors.min)
  return ({ scale, selected }, { critical, neighbour, n }) => {
    const name = `Key ${neighbour + 1}`
    if (critical === null) {
      set(band, { width: 0 })
      set(tick, { class: 'off' })
      text(note, noteWithout(scale, n, name))
      return
    }
    const from = across(critical.low)
    const to = across(critical.high)
    set(band, { x: from, width: Math.max(0, to - from) })
    const seen = critical.low >= factors.min && critical.low <= factors.max
    set(tick, { class: seen ? '' : 'off', x1: from, x2: from, 'data-factor': critical.low })
    const upTo = critical.high === Infinity ? 'on' : `to × ${short(critical.high, 4)}`
    const pronoun = selected === slider ? 'its neighbour, key 2,' : name.toLowerCase()
    text(note, `From × ${short(critical.low, 4)} ${upTo}, ${pronoun} is not selectable.`)
  }
}

function noteWithout(scale: boolean, n: number, name: string): string {
  if (n <= slider) return 'There is no key 3.'
  if (scale) return 'With scaling, the length of key 3 no longer counts.'
  return `${name} is selectable however long key 3 is.`
}
