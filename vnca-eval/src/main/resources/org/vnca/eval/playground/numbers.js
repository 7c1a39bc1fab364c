'use strict';

/**
 * Random numbers that are the same on every machine, and numbers out of text.
 *
 * Two generators, for two needs. A sample's latent vector comes from a stream, SplitMix64 (Steele, Lea and
 * Flood 2014), because it is drawn once, in order. What a step draws (which cells take part, noise) comes
 * from a hash of (key, step, cell, channel), because both engines must draw the same for any cell in any
 * order, and a shader has 32-bit integers only: pcg4d (Jarzynski and Olano 2020).
 */

const SPLITMIX_STEP = 0x9e3779b97f4a7c15n;
const TWO_PI = 2 * Math.PI;

/** Which purpose a hashed number serves; a channel group's own number stays below these. */
const HASH_STREAM = Object.freeze({mask: 0x80000000, wound: 0x40000000, stepNoise: 0});

/** The stream of SplitMix64 that starts at a number. */
class SplitMix64 {
  /** @param {number} seed an integer from 0 to 2^53 - 1 */
  constructor(seed) {
    this.state = BigInt(seed);
  }

  /** The next 53 random bits as a number in [0, 1). */
  uniform() {
    this.state = BigInt.asUintN(64, this.state + SPLITMIX_STEP);
    let z = this.state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    z ^= z >> 31n;
    return Number(z >> 11n) / 2 ** 53;
  }
}

/**
 * A latent vector from the prior, N(0, 1) in each dimension, by its number: pairs of the stream's numbers
 * through Box and Muller's transform.
 */
function priorSample(number, size) {
  const stream = new SplitMix64(number);
  const z = new Float32Array(size);
  for (let i = 0; i < size; i += 2) {
    // 1 - u is above 0, so that its logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - stream.uniform()));
    const angle = TWO_PI * stream.uniform();
    z[i] = radius * Math.cos(angle);
    if (i + 1 < size) {
      z[i + 1] = radius * Math.sin(angle);
    }
  }
  return z;
}

/** Uniform numbers in [0, 1), as many as an array has. */
function uniforms(number, count) {
  const stream = new SplitMix64(number);
  return Float32Array.from({length: count}, () =>
    Math.fround(Math.floor(stream.uniform() * 2 ** 24) / 2 ** 24)
  );
}

/** Four hashed 32-bit integers of four; written into `out`. The shader in webgl-shaders.js is the same. */
function pcg4d(x, y, z, w, out) {
  let a = (Math.imul(x, 1664525) + 1013904223) | 0;
  let b = (Math.imul(y, 1664525) + 1013904223) | 0;
  let c = (Math.imul(z, 1664525) + 1013904223) | 0;
  let d = (Math.imul(w, 1664525) + 1013904223) | 0;
  for (let round = 0; round < 2; round++) {
    if (round === 1) {
      a ^= a >>> 16;
      b ^= b >>> 16;
      c ^= c >>> 16;
      d ^= d >>> 16;
    }
    a = (a + Math.imul(b, d)) | 0;
    b = (b + Math.imul(c, a)) | 0;
    c = (c + Math.imul(a, b)) | 0;
    d = (d + Math.imul(b, c)) | 0;
  }
  out[0] = a;
  out[1] = b;
  out[2] = c;
  out[3] = d;
}

/** A hashed integer as a number in [0, 1): its upper 24 bits, which a float32 holds exactly. */
function unit(bits) {
  return (bits >>> 8) / 16777216;
}

/** The four normal numbers of four hashed integers; written into `out`. */
function normals(bits, out) {
  for (let i = 0; i < 4; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - unit(bits[i])));
    const angle = TWO_PI * unit(bits[i + 1]);
    out[i] = radius * Math.cos(angle);
    out[i + 1] = radius * Math.sin(angle);
  }
}

/** Bytes of a base64 text. */
function bytesOfBase64(text) {
  const raw = atob(text.trim());
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) {
    bytes[i] = raw.charCodeAt(i);
  }
  return bytes;
}

/** Little-endian float32 numbers of bytes, whatever order the machine has. */
function float32Of(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(bytes.byteLength >> 2);
  for (let i = 0; i < values.length; i++) {
    values[i] = view.getFloat32(4 * i, true);
  }
  return values;
}

/** Little-endian IEEE binary16 numbers of bytes, subnormal ones included. */
function float16Of(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(bytes.byteLength >> 1);
  for (let i = 0; i < values.length; i++) {
    const half = view.getUint16(2 * i, true);
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 31) {
      values[i] = fraction === 0 ? sign * Infinity : NaN;
    } else if (exponent === 0) {
      values[i] = sign * fraction * 2 ** -24;
    } else {
      values[i] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
    }
  }
  return values;
}
