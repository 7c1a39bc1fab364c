'use strict';

/**
 * A rule's tree of layers as a list of operations on maps, which both engines carry out.
 *
 * A value on the way is a list of pieces: consecutive channels of maps, or zeros. So slices and
 * concatenations cost nothing until something reads them as one map (the operation `join`), and what a slice
 * takes back out of a concatenation is the map that went in. Bias, activation and a residual's sum are done
 * where a convolution writes its output, since a pass over a map costs as much as a small convolution.
 *
 * Operations (`to` is the map that each writes):
 * - convolution: from, kernel, in, out, weight (values, HWIO), bias (values or null), activation (or null),
 *   add (a map, or -1)
 * - activation: from, activation
 * - affine: from, scale, shift
 * - combine: operation (sum, difference, product), from, other
 * - join: pieces [{map, first, count}], map -1 for zeros
 */

const ACTIVATIONS = ['elu', 'relu', 'sigmoid', 'tanh'];
const COMBINATIONS = ['sum', 'difference', 'product'];

class Plan {
  /**
   * @param {object} net the tree
   * @param {number} channels of a cell
   * @param {function(string): {shape: number[], values: Float32Array}} tensor finds weights by name
   */
  constructor(net, channels, tensor) {
    this.tensor = tensor;
    this.operations = [];
    /** Channels of each map; the first map is the cells' states. */
    this.maps = [channels];
    const update = this.whole(this.layer(net, {pieces: [{map: 0, first: 0, count: channels}], fresh: false}));
    if (update.count !== channels) {
      throw new Error(`the update net makes ${update.count} channels of cells that have ${channels}`);
    }
    /** The map of the update. */
    this.update = update.map;
    this.assignSlots();
  }

  /**
   * The value of a layer; only a fresh value's map may be changed by what follows, as nothing else reads it.
   */
  layer(layer, input) {
    const shared = {pieces: input.pieces, fresh: false};
    const part = (index, value) => this.layer(layer.parts[index], value);
    switch (layer.kind) {
      case 'sequence':
        return layer.parts.reduce((value, each) => this.layer(each, value), input);
      case 'identity':
        return input;
      case 'convolution':
        return this.convolution(layer, input);
      case 'fixed-convolution':
        return this.fixedConvolution(layer, input);
      case 'bias':
        return this.bias(layer, input);
      case 'residual':
        return this.residual(shared, part(0, shared));
      case 'gate':
        return this.affine(part(0, input), 1 / (1 + Math.exp(-this.tensor(layer.weight).values[0])), 0);
      case 'affine':
        return this.affine(input, layer.scale, layer.shift);
      case 'concatenate':
        return {pieces: layer.parts.flatMap((each) => this.layer(each, shared).pieces), fresh: false};
      case 'slice':
        return {pieces: slicePieces(input.pieces, layer.first, layer.count), fresh: false};
      case 'zero-channels':
        return {pieces: [...input.pieces, {map: -1, first: 0, count: layer.zeros}], fresh: false};
      default:
        break;
    }
    if (ACTIVATIONS.includes(layer.kind)) {
      return this.activation(layer.kind, input);
    }
    if (COMBINATIONS.includes(layer.kind)) {
      return this.combine(layer.kind, part(0, shared), part(1, shared));
    }
    throw new Error(
      `this page does not know the layer "${layer.kind}"; write it anew with the program that made it`
    );
  }

  convolution(layer, input) {
    const {shape, values} = this.tensor(layer.weight);
    const source = this.whole(input);
    const expected = [layer.kernel, layer.kernel, source.count, layer.out];
    if (shape.join() !== expected.join()) {
      throw new Error(`${layer.weight} should be of shape [${expected}], but is of [${shape}]`);
    }
    return this.emitConvolution(source.map, layer.kernel, source.count, layer.out, values);
  }

  /** As a convolution whose weights are mostly zeros: such perceptions are of few channels. */
  fixedConvolution(layer, input) {
    const source = this.whole(input);
    const kernel = layer.filters[0].length;
    const count = layer.filters.length;
    const out = source.count * count;
    const values = new Float32Array(kernel * kernel * source.count * out);
    layer.filters.forEach((filter, k) =>
      filter.flat().forEach((weight, place) => {
        for (let c = 0; c < source.count; c++) {
          values[(place * source.count + c) * out + c * count + k] = weight;
        }
      })
    );
    return this.emitConvolution(source.map, kernel, source.count, out, values);
  }

  emitConvolution(from, kernel, channels, out, weight) {
    return this.emit(
      {kind: 'convolution', from, kernel, in: channels, out, weight, bias: null, activation: null, add: -1},
      out
    );
  }

  bias(layer, input) {
    const {values} = this.tensor(layer.bias);
    const written = this.lastConvolution(input);
    if (written && written.bias === null && written.activation === null && written.add < 0) {
      written.bias = values;
      return input;
    }
    const source = this.whole(input);
    const eye = new Float32Array(source.count * source.count);
    for (let c = 0; c < source.count; c++) {
      eye[c * source.count + c] = 1;
    }
    const value = this.emitConvolution(source.map, 1, source.count, source.count, eye);
    this.operations.at(-1).bias = values;
    return value;
  }

  activation(activation, input) {
    const written = this.lastConvolution(input);
    if (written && written.activation === null && written.add < 0) {
      written.activation = activation;
      return input;
    }
    const source = this.whole(input);
    return this.emit({kind: 'activation', from: source.map, activation}, source.count);
  }

  affine(input, scale, shift) {
    const source = this.whole(input);
    return this.emit({kind: 'affine', from: source.map, scale, shift}, source.count);
  }

  residual(input, branch) {
    const written = this.lastConvolution(branch);
    const source = this.whole(input);
    // A join that whole() just wrote comes after the convolution, which then could not read it.
    if (written && written.add < 0 && written === this.operations.at(-1)) {
      written.add = source.map;
      return branch;
    }
    return this.combine(
      'sum',
      {pieces: [{map: source.map, first: 0, count: source.count}], fresh: false},
      branch
    );
  }

  combine(operation, one, other) {
    const first = this.whole(one);
    const second = this.whole(other);
    if (first.count !== second.count) {
      throw new Error(`a ${operation} of maps of ${first.count} and ${second.count} channels`);
    }
    return this.emit({kind: 'combine', operation, from: first.map, other: second.map}, first.count);
  }

  /** The convolution that wrote a value, if nothing else can have read it. */
  lastConvolution(value) {
    const last = this.operations.at(-1);
    return value.fresh && last && last.kind === 'convolution' && last.to === value.pieces[0].map
      ? last
      : null;
  }

  /** A value as one map. */
  whole(value) {
    const [piece] = value.pieces;
    if (
      value.pieces.length === 1 &&
      piece.map >= 0 &&
      piece.first === 0 &&
      piece.count === this.maps[piece.map]
    ) {
      return piece;
    }
    const count = value.pieces.reduce((sum, each) => sum + each.count, 0);
    return this.emit({kind: 'join', pieces: value.pieces}, count).pieces[0];
  }

  emit(operation, channels) {
    const map = this.maps.push(channels) - 1;
    this.operations.push({...operation, to: map});
    return {pieces: [{map, first: 0, count: channels}], fresh: true};
  }

  /** Maps whose values are not needed at the same time share memory: `slots` lists channel groups of four. */
  assignSlots() {
    const lastRead = new Array(this.maps.length).fill(-1);
    this.operations.forEach((operation, i) =>
      readBy(operation).forEach((map) => {
        lastRead[map] = i;
      })
    );
    lastRead[this.update] = this.operations.length;
    this.slots = [];
    this.slotOf = new Array(this.maps.length).fill(-1);
    const free = [];
    this.operations.forEach((operation, i) => {
      const groups = groupsOf(this.maps[operation.to]);
      const reusable = free.findIndex((slot) => this.slots[slot] === groups);
      this.slotOf[operation.to] = reusable < 0 ? this.slots.push(groups) - 1 : free.splice(reusable, 1)[0];
      new Set(readBy(operation)).forEach((map) => {
        if (map > 0 && lastRead[map] === i) {
          free.push(this.slotOf[map]);
        }
      });
    });
  }

  /** Floating-point operations for one cell and step, products and sums of the convolutions. */
  flopsPerCell() {
    return this.operations
      .filter((operation) => operation.kind === 'convolution')
      .reduce((sum, each) => sum + 2 * each.kernel * each.kernel * each.in * each.out, 0);
  }
}

/** How many groups of four hold some channels. */
function groupsOf(channels) {
  return (channels + 3) >> 2;
}

/** The maps that an operation reads. */
function readBy(operation) {
  switch (operation.kind) {
    case 'convolution':
      return operation.add < 0 ? [operation.from] : [operation.from, operation.add];
    case 'combine':
      return [operation.from, operation.other];
    case 'join':
      return operation.pieces.filter((piece) => piece.map >= 0).map((piece) => piece.map);
    default:
      return [operation.from];
  }
}

/** Some consecutive channels of pieces. */
function slicePieces(pieces, first, count) {
  const taken = [];
  let start = 0;
  for (const piece of pieces) {
    const from = Math.max(first, start);
    const to = Math.min(first + count, start + piece.count);
    if (from < to) {
      taken.push({map: piece.map, first: piece.first + from - start, count: to - from});
    }
    start += piece.count;
  }
  return taken;
}
