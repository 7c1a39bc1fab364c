'use strict';

/**
 * Shaders in GLSL ES 3.00, made from a plan's operations.
 *
 * A map is one texture of four floats a texel: the tile of a group of four channels has a texel for each
 * cell, and the tiles lie in rows of `columns`. A tile is as wide as the grid that is grown, so a small grid
 * takes the texture's corner. A pass draws all tiles of its output at once; a fragment is one cell's group.
 */

const VERTEX_SHADER = `#version 300 es
void main() {
  // One triangle that covers the view.
  gl_Position = vec4(vec2((gl_VertexID << 1) & 2, gl_VertexID & 2) * 2.0 - 1.0, 0.0, 1.0);
}`;

/** Tiles in a row, so that the texture is about square: 2048 texels hold 64 x 64 cells of 4096 channels. */
function columnsOf(groups) {
  return Math.ceil(Math.sqrt(groups));
}

/** A fragment shader whose `value(group, cell)` is the output. */
function fragmentShader(groups, declarations, body) {
  return `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
uniform int side;
out vec4 result;
${declarations}
vec4 value(int group, ivec2 cell) {
${body}
}
void main() {
  ivec2 place = ivec2(gl_FragCoord.xy);
  ivec2 tile = place / side;
  int group = tile.y * ${columnsOf(groups)} + tile.x;
  result = group < ${groups} ? value(group, place - tile * side) : vec4(0.0);
}`;
}

/** A map that a shader reads: `name(group, cell)`. */
function readsMap(name, groups) {
  const columns = columnsOf(groups);
  return `uniform sampler2D ${name}Map;
vec4 ${name}(int group, ivec2 cell) {
  return texelFetch(${name}Map, ivec2(group % ${columns}, group / ${columns}) * side + cell, 0);
}`;
}

/**
 * The weights' texture has a row for each output group and tap of the kernel, and a column for each input:
 * the four outputs' weights. `weightTexels` fills it.
 */
function convolutionShader({kernel, in: channels, out, activation, add}, addGroups) {
  const groups = groupsOf(channels);
  const rim = kernel >> 1;
  const declarations = [
    readsMap('source', groups),
    add < 0 ? '' : readsMap('added', addGroups),
    'uniform sampler2D weights;\nuniform sampler2D biases;',
    ACTIVATION_FUNCTIONS,
  ].join('\n');
  return fragmentShader(
    groupsOf(out),
    declarations,
    `
  vec4 sum = texelFetch(biases, ivec2(group, 0), 0);
  for (int v = 0; v < ${kernel}; v++) {
    for (int u = 0; u < ${kernel}; u++) {
      ivec2 seen = cell + ivec2(u - ${rim}, v - ${rim});
      // Zero padding.
      if (seen.x < 0 || seen.y < 0 || seen.x >= side || seen.y >= side) {
        continue;
      }
      int row = (group * ${kernel} + v) * ${kernel} + u;
      for (int g = 0; g < ${groups}; g++) {
        vec4 x = source(g, seen);
        sum += x.r * texelFetch(weights, ivec2(4 * g, row), 0)
            + x.g * texelFetch(weights, ivec2(4 * g + 1, row), 0)
            + x.b * texelFetch(weights, ivec2(4 * g + 2, row), 0)
            + x.a * texelFetch(weights, ivec2(4 * g + 3, row), 0);
      }
    }
  }
  sum = ${activated(activation, 'sum')};
  return sum${add < 0 ? '' : ' + added(group, cell)'};`
  );
}

/**
 * The devices' own exp() may be off by many units of the last place, which a decoder that is sensitive to its
 * states makes much of. Here as 2^n p(r) with |r| < ln(2) / 2, ln(2) in two parts.
 */
const ACTIVATION_FUNCTIONS = `
vec4 exponential(vec4 x) {
  vec4 within = clamp(x, -87.0, 88.0);
  vec4 n = round(within * 1.44269504);
  vec4 r = (within - n * 0.693359375) + n * 2.12194440e-4;
  vec4 p = 1.0 / 120.0 + r * (1.0 / 720.0 + r / 5040.0);
  p = 1.0 + r * (1.0 + r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * p))));
  return p * intBitsToFloat((ivec4(n) + 127) << 23);
}
vec4 elu(vec4 x) {
  // Near zero exp(x) - 1 would lose what it is about.
  vec4 near = x * (1.0 + x * (0.5 + x * (1.0 / 6.0 + x / 24.0)));
  vec4 below = mix(exponential(x) - 1.0, near, greaterThan(x, vec4(-0.01)));
  // What is not below zero is kept: no number, too.
  return mix(x, below, lessThan(x, vec4(0.0)));
}
vec4 relu(vec4 x) {
  return mix(x, vec4(0.0), lessThan(x, vec4(0.0)));
}
vec4 sigmoid(vec4 x) {
  return 1.0 / (1.0 + exponential(-x));
}`;

function activated(activation, x) {
  switch (activation) {
    case null:
      return x;
    case 'tanh':
      // Of small values without the difference of near equals.
      return `mix(2.0 * sigmoid(2.0 * ${x}) - 1.0, tanh(${x}), lessThan(abs(${x}), vec4(0.1)))`;
    default:
      return `${activation}(${x})`;
  }
}

function activationShader({activation}, groups) {
  return fragmentShader(
    groups,
    `${readsMap('source', groups)}\n${ACTIVATION_FUNCTIONS}`,
    `
  vec4 x = source(group, cell);
  return ${activated(activation, 'x')};`
  );
}

function affineShader({scale, shift}, groups) {
  return fragmentShader(
    groups,
    readsMap('source', groups),
    `
  return ${literal(scale)} * source(group, cell) + ${literal(shift)};`
  );
}

function combineShader({operation}, groups) {
  const sign = {sum: '+', difference: '-', product: '*'}[operation];
  return fragmentShader(
    groups,
    `${readsMap('source', groups)}\n${readsMap('other', groups)}`,
    `
  return source(group, cell) ${sign} other(group, cell);`
  );
}

/** @param {number[]} channels of each map */
function joinShader({pieces}, channels, groups) {
  const read = [...new Set(pieces.map((piece) => piece.map).filter((map) => map >= 0))];
  let start = 0;
  const cases = pieces.map((piece) => {
    start += piece.count;
    const place = `channel + ${piece.first + piece.count - start}`;
    const found = piece.map < 0 ? '0.0' : `map${piece.map}((${place}) >> 2, cell)[(${place}) & 3]`;
    return `  if (channel < ${start}) {\n    return ${found};\n  }`;
  });
  const maps = read.map((map) => readsMap(`map${map}`, groupsOf(channels[map])));
  return fragmentShader(
    groups,
    `${maps.join('\n')}
float one(int channel, ivec2 cell) {
${cases.join('\n')}
  return 0.0;
}`,
    `
  int first = 4 * group;
  return vec4(one(first, cell), one(first + 1, cell), one(first + 2, cell), one(first + 3, cell));`
  );
}

/** The same generator as in numbers.js. */
const HASH_FUNCTION = `
uvec4 pcg4d(uvec4 v) {
  v = v * 1664525u + 1013904223u;
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v.w += v.y * v.z;
  v ^= v >> 16u;
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v.w += v.y * v.z;
  return v;
}
vec4 unit(uvec4 bits) {
  return vec4(bits >> 8u) / 16777216.0;
}
vec4 normals(uvec4 bits) {
  vec4 u = unit(bits);
  vec2 radius = sqrt(-2.0 * log(1.0 - u.xz));
  vec2 angle = ${2 * Math.PI} * u.yw;
  return radius.xxyy * vec4(cos(angle.x), sin(angle.x), cos(angle.y), sin(angle.y));
}
uint numberOf(ivec2 cell) {
  return uint(cell.y * side + cell.x);
}`;

/** Channels of a group below a count, as factors. */
const CHANNELS_BELOW = `
vec4 below(int group, int count) {
  return vec4(lessThan(ivec4(4 * group) + ivec4(0, 1, 2, 3), ivec4(count)));
}`;

/** The next states: z + m u + noise. `given` says whether mask or noise are handed in. */
function applyShader({probabilities, noise}, groups) {
  const drawn = probabilities.map(
    (probability, i) => `
    m *= unit(pcg4d(uvec4(numberOf(cell), ${HASH_STREAM.mask + i}u, step, key))).x < ${literal(probability)}
        ? 1.0 : 0.0;`
  );
  const mask =
    probabilities.length === 0
      ? ''
      : `
  if (maskGiven) {
    m = texelFetch(givenMask, cell, 0).r;
  } else {${drawn.join('')}
  }`;
  const noisy =
    noise === null
      ? ''
      : `
  vec4 drawn = noiseGiven ? givenNoise(group, cell)
      : normals(pcg4d(uvec4(numberOf(cell), uint(${HASH_STREAM.stepNoise} + group), step, key)));
  next += ${literal(noise.deviation)} * drawn * below(group, ${noise.channels});`;
  return fragmentShader(
    groups,
    `
${readsMap('states', groups)}
${readsMap('update', groups)}
${readsMap('givenNoise', noise === null ? 1 : groupsOf(noise.channels))}
uniform sampler2D givenMask;
uniform bool maskGiven;
uniform bool noiseGiven;
uniform uint step;
uniform uint key;
${HASH_FUNCTION}
${CHANNELS_BELOW}`,
    `
  float m = 1.0;${mask}
  vec4 next = m == 0.0 ? states(group, cell) : states(group, cell) + m * update(group, cell);${noisy}
  return next;`
  );
}

function livingShader({channel, threshold}, groups) {
  return fragmentShader(
    groups,
    `
${readsMap('before', groups)}
${readsMap('after', groups)}`,
    `
  float most = -3e38;
  float still = -3e38;
  for (int v = max(cell.y - 1, 0); v <= min(cell.y + 1, side - 1); v++) {
    for (int u = max(cell.x - 1, 0); u <= min(cell.x + 1, side - 1); u++) {
      most = max(most, before(${channel >> 2}, ivec2(u, v))[${channel & 3}]);
      still = max(still, after(${channel >> 2}, ivec2(u, v))[${channel & 3}]);
    }
  }
  float lives = most > ${literal(threshold)} && still > ${literal(threshold)} ? 1.0 : 0.0;
  return lives * after(group, cell);`
  );
}

/** Here `side` is that of the larger grid; the map's tiles are half as wide. */
function doublingShader(groups) {
  const columns = columnsOf(groups);
  return fragmentShader(
    groups,
    'uniform sampler2D statesMap;',
    `
  return texelFetch(statesMap, ivec2(group % ${columns}, group / ${columns}) * (side / 2) + cell / 2, 0);`
  );
}

function woundShader(channels, groups) {
  return fragmentShader(
    groups,
    `
${readsMap('states', groups)}
uniform sampler2D givenMask;
uniform float deviation;
uniform uint key;
${HASH_FUNCTION}
${CHANNELS_BELOW}`,
    `
  vec4 z = states(group, cell);
  if (texelFetch(givenMask, cell, 0).r == 0.0) {
    return z;
  }
  if (deviation == 0.0) {
    return vec4(0.0);
  }
  vec4 drawn = normals(pcg4d(uvec4(numberOf(cell), uint(${HASH_STREAM.wound} + group), 0u, key)));
  return z + deviation * drawn * below(group, ${channels});`
  );
}

/** For each cell the sum of its states' magnitudes, or -1 where one is no number. */
function magnitudeShader(groups) {
  return fragmentShader(
    1,
    readsMap('states', groups),
    `
  float sum = 0.0;
  bool numbers = true;
  for (int g = 0; g < ${groups}; g++) {
    vec4 z = states(g, cell);
    // By the bits: a compiler may take isnan() for false.
    numbers = numbers && all(notEqual(floatBitsToUint(z) & 0x7f800000u, uvec4(0x7f800000u)));
    sum += dot(abs(z), vec4(1.0));
  }
  return vec4(numbers ? sum : -1.0, 0.0, 0.0, 0.0);`
  );
}

/** A number as GLSL writes floats. */
function literal(value) {
  if (!Number.isFinite(value)) {
    return value > 0
      ? 'uintBitsToFloat(0x7f800000u)'
      : value < 0
        ? 'uintBitsToFloat(0xff800000u)'
        : 'uintBitsToFloat(0x7fc00000u)';
  }
  const text = Math.fround(value).toString();
  return `(${/[.e]/.test(text) ? text : `${text}.0`})`;
}
