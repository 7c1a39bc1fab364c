'use strict';

/** The loops of the engine in plain JavaScript, on maps of float64, cell by cell. */

/** Cells and outputs whose sums are kept in registers at a time: eight sums, six operands. */
const CELLS = 4;
const OUTPUTS = 2;

/**
 * Weights [pair of outputs][row of the kernel][column and input][output of the pair], and the bias, padded.
 */
function packWeights({kernel, in: channels, out, weight, bias}) {
  const stride = 4 * groupsOf(channels);
  const outStride = 4 * groupsOf(out);
  const taps = kernel * kernel;
  const weights = new Float64Array(taps * stride * outStride);
  for (let tap = 0; tap < taps; tap++) {
    for (let i = 0; i < channels; i++) {
      for (let o = 0; o < out; o++) {
        const pair = Math.floor(o / OUTPUTS);
        weights[((pair * taps + tap) * stride + i) * OUTPUTS + (o % OUTPUTS)] =
          weight[(tap * channels + i) * out + o];
      }
    }
  }
  const biases = new Float64Array(outStride);
  if (bias) {
    biases.set(bias);
  }
  return {weights, bias: biases};
}

/**
 * Sums of products for a run of cells: where all time goes.
 *
 * Where the cells are not a multiple of four, the last sums belong to cells behind the run: the next row
 * writes over them, and behind the last row maps have room for them.
 *
 * @param {Float64Array} x the input
 * @param {number} x0 where the first cell's first number is in it
 * @param {number} rowStride from one row of the kernel to the next
 * @param {number} stride from one cell to the next
 * @param {number} rows of the kernel
 * @param {number} run numbers of a row
 * @param {Float64Array} w weights as packWeights has them
 * @param {number} pairs of outputs
 * @param {Float64Array} out the output
 * @param {number} out0 where the first cell's first output is in it
 * @param {number} outStride from one cell to the next
 * @param {number} cells of the run
 */
function sumProducts(x, x0, rowStride, stride, rows, run, w, pairs, out, out0, outStride, cells) {
  for (let pair = 0; pair < pairs; pair++) {
    for (let cell = 0; cell < cells; cell += CELLS) {
      let a0 = 0;
      let a1 = 0;
      let b0 = 0;
      let b1 = 0;
      let c0 = 0;
      let c1 = 0;
      let d0 = 0;
      let d1 = 0;
      let k = pair * rows * run * OUTPUTS;
      for (let row = 0; row < rows; row++) {
        let p = x0 + row * rowStride + cell * stride;
        const end = p + run;
        for (; p < end; p++) {
          const w0 = w[k];
          const w1 = w[k + 1];
          k += OUTPUTS;
          const a = x[p];
          const b = x[p + stride];
          const c = x[p + 2 * stride];
          const d = x[p + 3 * stride];
          a0 += a * w0;
          a1 += a * w1;
          b0 += b * w0;
          b1 += b * w1;
          c0 += c * w0;
          c1 += c * w1;
          d0 += d * w0;
          d1 += d * w1;
        }
      }
      let o = out0 + cell * outStride + pair * OUTPUTS;
      out[o] = a0;
      out[o + 1] = a1;
      o += outStride;
      out[o] = b0;
      out[o + 1] = b1;
      o += outStride;
      out[o] = c0;
      out[o + 1] = c1;
      o += outStride;
      out[o] = d0;
      out[o + 1] = d1;
    }
  }
}

/** A copy with a rim of zeros. */
function padMap(from, to, side, stride, rim) {
  const width = (side + 2 * rim) * stride;
  to.fill(0, 0, (side + 2 * rim) * width);
  for (let y = 0; y < side; y++) {
    to.set(from.subarray(y * side * stride, (y + 1) * side * stride), (y + rim) * width + rim * stride);
  }
}

/** Bias, activation, and a residual's sum. */
function finish(map, length, bias, activation, add) {
  const stride = bias.length;
  for (let i = 0; i < length; i += stride) {
    for (let c = 0; c < stride; c++) {
      map[i + c] += bias[c];
    }
  }
  if (activation) {
    activate(map, length, activation);
  }
  if (add) {
    for (let i = 0; i < length; i++) {
      map[i] += add[i];
    }
  }
}

function activate(map, length, activation) {
  switch (activation) {
    case 'elu':
      for (let i = 0; i < length; i++) {
        map[i] = map[i] < 0 ? Math.expm1(map[i]) : map[i];
      }
      break;
    case 'relu':
      for (let i = 0; i < length; i++) {
        map[i] = map[i] < 0 ? 0 : map[i];
      }
      break;
    case 'sigmoid':
      for (let i = 0; i < length; i++) {
        map[i] = sigmoid(map[i]);
      }
      break;
    default:
      for (let i = 0; i < length; i++) {
        map[i] = Math.tanh(map[i]);
      }
  }
}

function scaleAndShift(from, to, length, scale, shift) {
  for (let i = 0; i < length; i++) {
    to[i] = scale * from[i] + shift;
  }
}

function combineMaps(operation, one, other, to, length) {
  switch (operation) {
    case 'sum':
      for (let i = 0; i < length; i++) {
        to[i] = one[i] + other[i];
      }
      break;
    case 'difference':
      for (let i = 0; i < length; i++) {
        to[i] = one[i] - other[i];
      }
      break;
    default:
      for (let i = 0; i < length; i++) {
        to[i] = one[i] * other[i];
      }
  }
}

function joinPieces(pieces, channels, map, to, cells, groups) {
  to.fill(0, 0, cells * 4 * groups);
  let start = 0;
  pieces.forEach((piece) => {
    if (piece.map >= 0) {
      const from = map(piece.map);
      const stride = 4 * groupsOf(channels[piece.map]);
      for (let cell = 0; cell < cells; cell++) {
        for (let c = 0; c < piece.count; c++) {
          to[cell * 4 * groups + start + c] = from[cell * stride + piece.first + c];
        }
      }
    }
    start += piece.count;
  });
}

/** Every cell becomes a 2 x 2 block of itself. */
function doubleCells(from, to, side, stride) {
  for (let y = 0; y < 2 * side; y++) {
    for (let x = 0; x < 2 * side; x++) {
      const source = ((y >> 1) * side + (x >> 1)) * stride;
      to.set(from.subarray(source, source + stride), (y * 2 * side + x) * stride);
    }
  }
}

/** Which cells take part in a step: 1 or 0. */
function drawMask(probabilities, key, step, cells) {
  const mask = new Float32Array(cells);
  const bits = new Int32Array(4);
  for (let cell = 0; cell < cells; cell++) {
    mask[cell] = probabilities.every((probability, i) => {
      pcg4d(cell, HASH_STREAM.mask + i, step, key, bits);
      return unit(bits[0]) < Math.fround(probability);
    })
      ? 1
      : 0;
  }
  return mask;
}

function addNoise(map, cells, stride, {deviation, channels}, given, key, step) {
  const bits = new Int32Array(4);
  const drawn = new Float64Array(4);
  for (let cell = 0; cell < cells; cell++) {
    for (let c = 0; c < channels; c++) {
      if (!given && c % 4 === 0) {
        pcg4d(cell, HASH_STREAM.stepNoise + (c >> 2), step, key, bits);
        normals(bits, drawn);
      }
      map[cell * stride + c] += deviation * (given ? given[cell * channels + c] : drawn[c % 4]);
    }
  }
}

/**
 * Empties the cells that have no grown cell among themselves and their neighbours, before or after a step.
 */
function keepAlive(before, after, side, stride, {channel, threshold}) {
  const alive = aliveCells(before, side, stride, channel, threshold);
  const still = aliveCells(after, side, stride, channel, threshold);
  for (let cell = 0; cell < side * side; cell++) {
    if (!(alive[cell] && still[cell])) {
      for (let c = 0; c < stride; c++) {
        // A product, as the model has it: what is no number stays none.
        after[cell * stride + c] *= 0;
      }
    }
  }
}

function aliveCells(map, side, stride, channel, threshold) {
  const alive = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let most = -Infinity;
      for (let v = Math.max(0, y - 1); v <= Math.min(side - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(side - 1, x + 1); u++) {
          most = Math.max(most, Math.fround(map[(v * side + u) * stride + channel]));
        }
      }
      alive[y * side + x] = most > threshold ? 1 : 0;
    }
  }
  return alive;
}
