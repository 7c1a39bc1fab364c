'use strict';

/** Images and maps of channels as pixels. */

/**
 * From the lowest value to the highest; zero is in the middle, and dark, as what is empty should not shine.
 */
const CHANNEL_COLOURS = [
  [120, 210, 255],
  [38, 110, 190],
  [20, 24, 38],
  [190, 80, 40],
  [255, 200, 110],
];

/** Draws an image [side, side, 1 or 3 (or more: the first three)] of values from 0 to 1. */
function paintImage(canvas, values, side) {
  const channels = values.length / (side * side);
  paint(canvas, side, (cell, pixel) => {
    for (let c = 0; c < 3; c++) {
      pixel[c] = 255 * values[cell * channels + (channels < 3 ? 0 : c)];
    }
  });
}

/** Draws a channel [side, side] in colours from -range to range. */
function paintChannel(canvas, values, side, range) {
  paint(canvas, side, (cell, pixel) => {
    const colour = channelColour(values[cell] / range);
    pixel.set(colour);
  });
}

/** The colour of a value from -1 to 1. */
function channelColour(value) {
  const last = CHANNEL_COLOURS.length - 1;
  const place = ((Math.min(Math.max(value, -1), 1) + 1) / 2) * last;
  const below = Math.min(Math.floor(place), last - 1) || 0;
  return [0, 1, 2].map((c) => {
    const from = CHANNEL_COLOURS[below][c];
    return from + (place - below) * (CHANNEL_COLOURS[below + 1][c] - from);
  });
}

/** A CSS gradient of the same colours. */
function channelGradient() {
  const colours = CHANNEL_COLOURS.map((colour) => `rgb(${colour.join(', ')})`);
  return `linear-gradient(to right, ${colours.join(', ')})`;
}

function paint(canvas, side, colour) {
  if (canvas.width !== side) {
    canvas.width = side;
    canvas.height = side;
  }
  const context = canvas.getContext('2d');
  const image = context.createImageData(side, side);
  const pixel = new Uint8ClampedArray(3);
  for (let cell = 0; cell < side * side; cell++) {
    colour(cell, pixel);
    image.data.set(pixel, 4 * cell);
    image.data[4 * cell + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** Draws one image of a sheet. */
function paintTile(canvas, sheet, {columns, width, height}, index) {
  canvas.width = width;
  canvas.height = height;
  canvas
    .getContext('2d')
    .drawImage(
      sheet,
      (index % columns) * width,
      Math.floor(index / columns) * height,
      width,
      height,
      0,
      0,
      width,
      height
    );
}
