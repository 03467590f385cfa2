/** What the module exports: every kernel for float32 and for float64. All addresses are bytes, all sizes numbers. */
import { attend, clearState, finish, scoresSize, stateSize } from './attention'
import { normalise32, project32 } from './layernorm32'
import { normalise64, project64 } from './layernorm64'
import { packColumns, packRows } from './pack'
import { dot, gather, multiplyVector, product, rowNorms } from './product'
import { exceeds, size } from './size'
import { exponentials, limitRows, maskRows, softmax } from './softmax'

export { blockRows } from './block'
export { corralCount, corralPart, corralPitch, corralSize, openCorral } from './corral'
export { decide } from './decide'
export { comparePairs } from './pairs'
export { quantise } from './quantise'
export { gatherKeys, screen, strongest } from './screen'
export { compareSmall, openSmall, searchSmall } from './small'
export { addKnown, knownCount, openWalk, scratchSize, truncateKnown, walk } from './walk'
export { normalise32, normalise64, project32, project64 }

/** The first address that the module does not use itself. */
export function base(): usize {
  return __heap_base
}

export function packRows32(to: usize, x: usize, rows: i32, stride: i32, depth: i32, width: i32): void {
  packRows<f32>(to, x, rows, stride, depth, width)
}

export function packRows64(to: usize, x: usize, rows: i32, stride: i32, depth: i32, width: i32): void {
  packRows<f64>(to, x, rows, stride, depth, width)
}

export function packColumns32(to: usize, x: usize, depth: i32, stride: i32, columns: i32, width: i32): void {
  packColumns<f32>(to, x, depth, stride, columns, width)
}

export function packColumns64(to: usize, x: usize, depth: i32, stride: i32, columns: i32, width: i32): void {
  packColumns<f64>(to, x, depth, stride, columns, width)
}

export function product32(
  a: usize,
  b: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  c: usize,
  stride: usize,
  ones: usize,
): void {
  product<f32>(a, b, rows, columns, depth, c, stride, ones)
}

export function product64(
  a: usize,
  b: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  c: usize,
  stride: usize,
  ones: usize,
): void {
  product<f64>(a, b, rows, columns, depth, c, stride, ones)
}

export function gather32(c: usize, rows: i32, columns: i32, stride: usize, factor: f32, to: usize): void {
  gather<f32>(c, rows, columns, stride, factor, to)
}

export function gather64(c: usize, rows: i32, columns: i32, stride: usize, factor: f64, to: usize): void {
  gather<f64>(c, rows, columns, stride, factor, to)
}

export function dot32(x: usize, y: usize, d: i32): f32 {
  return dot<f32>(x, y, d)
}

export function dot64(x: usize, y: usize, d: i32): f64 {
  return dot<f64>(x, y, d)
}

export function multiplyVector32(a: usize, x: usize, rows: i32, d: i32, out: usize): void {
  multiplyVector<f32>(a, x, rows, d, out)
}

export function multiplyVector64(a: usize, x: usize, rows: i32, d: i32, out: usize): void {
  multiplyVector<f64>(a, x, rows, d, out)
}

export function rowNorms32(x: usize, rows: i32, d: i32, out: usize): bool {
  return rowNorms<f32>(x, rows, d, out)
}

export function rowNorms64(x: usize, rows: i32, d: i32, out: usize): bool {
  return rowNorms<f64>(x, rows, d, out)
}

export function size32(x: usize, count: i32): i32 {
  return size<f32>(x, count)
}

export function size64(x: usize, count: i32): i32 {
  return size<f64>(x, count)
}

export function exceeds32(x: usize, count: i32): bool {
  return exceeds<f32>(x, count)
}

export function exceeds64(x: usize, count: i32): bool {
  return exceeds<f64>(x, count)
}

export function exponentials32(s: usize, n: i32, max: f32): f32 {
  return exponentials<f32>(s, n, max)
}

export function exponentials64(s: usize, n: i32, max: f64): f64 {
  return exponentials<f64>(s, n, max)
}

export function softmax32(s: usize, rows: i32, n: i32): void {
  softmax<f32>(s, rows, n)
}

export function softmax64(s: usize, rows: i32, n: i32): void {
  softmax<f64>(s, rows, n)
}

export function maskRows32(s: usize, rows: i32, n: i32, mask: usize, stride: i32, isBoolean: bool): void {
  maskRows<f32>(s, rows, n, mask, stride, isBoolean)
}

export function maskRows64(s: usize, rows: i32, n: i32, mask: usize, stride: i32, isBoolean: bool): void {
  maskRows<f64>(s, rows, n, mask, stride, isBoolean)
}

export function limitRows32(s: usize, rows: i32, n: i32, seen: i32): void {
  limitRows<f32>(s, rows, n, seen)
}

export function limitRows64(s: usize, rows: i32, n: i32, seen: i32): void {
  limitRows<f64>(s, rows, n, seen)
}

export function stateSize32(columns: i32): i32 {
  return stateSize<f32>(columns)
}

export function stateSize64(columns: i32): i32 {
  return stateSize<f64>(columns)
}

export function clearState32(state: usize, panels: i32, columns: i32): void {
  clearState<f32>(state, panels, columns)
}

export function clearState64(state: usize, panels: i32, columns: i32): void {
  clearState<f64>(state, panels, columns)
}

export function attend32(
  q: usize,
  k: usize,
  v: usize,
  rows: i32,
  n: i32,
  d: i32,
  columns: i32,
  scale: f32,
  seen: i32,
  causal: i32,
  mask: usize,
  maskStride: i32,
  isBoolean: bool,
  scores: usize,
  state: usize,
): void {
  attend<f32>(q, k, v, rows, n, d, columns, scale, seen, causal, mask, maskStride, isBoolean, scores, state)
}

export function attend64(
  q: usize,
  k: usize,
  v: usize,
  rows: i32,
  n: i32,
  d: i32,
  columns: i32,
  scale: f64,
  seen: i32,
  causal: i32,
  mask: usize,
  maskStride: i32,
  isBoolean: bool,
  scores: usize,
  state: usize,
): void {
  attend<f64>(q, k, v, rows, n, d, columns, scale, seen, causal, mask, maskStride, isBoolean, scores, state)
}

export function finish32(state: usize, rows: i32, columns: i32, dv: i32, to: usize): void {
  finish<f32>(state, rows, columns, dv, to)
}

export function finish64(state: usize, rows: i32, columns: i32, dv: i32, to: usize): void {
  finish<f64>(state, rows, columns, dv, to)
}

export function scoresSize32(): i32 {
  return scoresSize<f32>()
}

export function scoresSize64(): i32 {
  return scoresSize<f64>()
}
