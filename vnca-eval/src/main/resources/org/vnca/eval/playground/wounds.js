'use strict';

/** Which cells a wound takes: masks [side, side], 1 where a cell is hurt. */

/**
 * Cells under a stroke of a round brush, at least the one under each of its points.
 *
 * @param {number} side cells of the grid in a row
 * @param {{x: number, y: number}} from where the stroke begins, from 0 to 1 across the grid
 * @param {{x: number, y: number}} to where it ends
 * @param {number} diameter in parts of the grid's width
 */
function strokeMask(side, from, to, diameter) {
  const mask = new Float32Array(side * side);
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const points = Math.ceil(length * side * 2) + 1;
  const radius = (diameter / 2) * side;
  for (let i = 0; i < points; i++) {
    const share = points === 1 ? 1 : i / (points - 1);
    dab(
      mask,
      side,
      (from.x + share * (to.x - from.x)) * side,
      (from.y + share * (to.y - from.y)) * side,
      radius
    );
  }
  return mask;
}

/** Hurts the cells whose centres are within a radius. */
function dab(mask, side, x, y, radius) {
  const own = (place) => Math.min(Math.max(Math.floor(place), 0), side - 1);
  mask[own(y) * side + own(x)] = 1;
  for (let row = own(y - radius); row <= own(y + radius); row++) {
    for (let column = own(x - radius); column <= own(x + radius); column++) {
      if (Math.hypot(column + 0.5 - x, row + 0.5 - y) <= radius) {
        mask[row * side + column] = 1;
      }
    }
  }
}

function rightHalfMask(side) {
  return Float32Array.from({length: side * side}, (_, cell) => (cell % side >= side / 2 ? 1 : 0));
}

/** Each cell with a probability. */
function randomMask(side, share, number) {
  return uniforms(number, side * side).map((u) => (u < share ? 1 : 0));
}

function wholeMask(side) {
  return new Float32Array(side * side).fill(1);
}
