/** The certificate of the selected key: what it says, whether it holds, and ways to take it elsewhere. */
import { explain, fromJson, toJson, verify } from 'selectability/kernels'
import type { Certificate } from 'selectability/kernels'
import { byId, set, text } from './dom.ts'
import { list, short, tuple } from './format.ts'
import { drawBadge } from './marker.ts'
import type { Model } from './model.ts'
import type { State } from './state.ts'

/** The proof as an equation or an inequality, keys counted from 1 as on the page. */
export function statement(proof: Certificate): string {
  const name = `key ${proof.key + 1}`
  if (proof.verdict === 'selectable') {
    const rival =
      proof.runnerUp < 0 ? 'and has no rival' : `ahead of key ${proof.runnerUp + 1} by ${short(proof.margin)} · |q|`
    return `q = ${tuple(proof.query)} scores ${name} highest, ${rival}.`
  }
  const parts = Array.from(proof.support, (j, at) => ({ j, weight: proof.weights[at] ?? 0 })).sort((a, b) => a.j - b.j)
  const terms = parts.map(({ j, weight }) => `${short(weight)} · key ${j + 1}`)
  const equation = `${name} = ${terms.join(' + ')}`
  if (proof.verdict === 'unselectable') {
    return `${equation}. Whatever the query, ${name} scores this average of ${list(parts.map(({ j }) => j))}: never more than the best of them.`
  }
  return `${equation}, so it never scores more than the best of them. q = ${tuple(proof.query)} puts it level with the best.`
}

/** Shell commands that check the certificate. They quote with ' what never holds one. */
export function command({ keys, n }: Pick<Model, 'keys' | 'n'>, proof: Certificate): string {
  const rows = Array.from({ length: n }, (_, i) => `'${Array.from(keys.subarray(3 * i, 3 * i + 3), String).join(',')}'`)
  const json = JSON.stringify(toJson(proof))
  return `printf '%s\\n' ${rows.join(' ')} > keys.csv\nprintf '%s\\n' '${json}' | npx selectability verify keys.csv -`
}

type Draw = (state: State, model: Model) => void

export function createCertificate(): Draw {
  const title = byId('proof-title')
  const badge = byId('proof-badge')
  const says = byId('proof-statement')
  const sentence = byId('proof-sentence')
  const json = byId('proof-json')
  const result = byId('proof-result')
  let current: { proof: Certificate; model: Model } | null = null
  let shown = ''

  byId('proof-verify').addEventListener('click', () => {
    if (current === null) return
    const { keys, n } = current.model
    const start = performance.now()
    // As a stranger would: from the text, not from the object.
    const outcome = verify(keys, n, 3, fromJson(JSON.parse(json.textContent)))
    const time = performance.now() - start
    set(result, { class: `result ${outcome.valid ? 'good' : 'bad'}` })
    text(
      result,
      outcome.valid
        ? `Valid: checked in exact arithmetic in ${time < 1 ? 'less than a millisecond' : `${time.toFixed(0)} ms`}.`
        : `Not valid: ${outcome.reason}`,
    )
  })
  const copy = async (what: string, value: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(value)
      set(result, { class: 'result good' })
      text(result, `Copied ${what}.`)
    } catch {
      set(result, { class: 'result bad' })
      text(result, 'The browser did not allow copying; select the text below instead.')
    }
  }
  byId('proof-copy-json').addEventListener('click', () => void copy('the certificate as JSON', json.textContent))
  byId('proof-copy-command').addEventListener('click', () => {
    if (current !== null) void copy('two commands for a shell', command(current.model, current.proof))
  })

  return (state, model) => {
    const i = Math.min(state.selected, model.n - 1)
    const proof = model.certificate(i)
    const written = JSON.stringify(toJson(proof))
    current = { proof, model }
    text(title, `Key ${i + 1}`)
    if (shown === `${model.keys.join()} ${written}`) return
    shown = `${model.keys.join()} ${written}`
    drawBadge(badge, proof.verdict)
    text(says, statement(proof))
    text(sentence, explain(model.keys, model.n, 3, i))
    text(json, written)
    text(result, '')
  }
}
