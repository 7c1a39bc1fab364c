'use strict';

/** The controls of where a growth starts: samples, test images, walks between them, single dimensions. */

const DIMENSIONS_AT_FIRST = 8;

/** Values beyond this are rare under the prior: one in 16,000. */
const DIMENSION_REACH = 4;

/** By how many images an arrow moves on the sheet, which has eight in a row. */
const ARROWS = new Map([
  ['ArrowLeft', -1],
  ['ArrowRight', 1],
  ['ArrowUp', -8],
  ['ArrowDown', 8],
]);

class Starts {
  /**
   * @param {object} model
   * @param {function(object, boolean)} changed called with the new start, and whether to show it full-grown
   *     at once, as while a slider is dragged
   */
  constructor(model, changed) {
    this.model = model;
    this.changed = changed;
    this.start = {source: {kind: 'sample', number: 1}, moved: new Map()};
    this.shownDimensions = 0;
    this.walkEnd = 'from';
    this.walk = {from: 0, to: model.examples ? Math.min(1, model.examples.count - 1) : 0};
    this.buildSample();
    this.buildDimensions();
  }

  /** Draws the test images, once their sheets are decoded. */
  async load() {
    const {examples} = this.model;
    if (!examples) {
      return;
    }
    [this.originals, this.reconstructions] = await Promise.all(
      [examples.originals, examples.reconstructions].map(decodeImage)
    );
    const rows = Math.ceil(examples.count / examples.columns);
    this.tile = {
      columns: examples.columns,
      width: this.originals.naturalWidth / examples.columns,
      height: this.originals.naturalHeight / rows,
    };
    this.buildExamples();
  }

  /** Takes a start from the address. */
  set(start) {
    this.start = start;
    this.show();
  }

  choose(source, atOnce = false) {
    this.start = {source, moved: new Map()};
    this.show();
    this.changed(this.start, atOnce);
  }

  buildSample() {
    const number = byId('number');
    number.addEventListener('change', () => {
      const typed = Math.floor(Math.min(Math.max(Number(number.value) || 0, 0), LARGEST_SAMPLE));
      this.choose({kind: 'sample', number: typed});
    });
    byId('new').addEventListener('click', () => {
      // Short enough to be read out to somebody.
      this.choose({kind: 'sample', number: Math.floor(Math.random() * 1e6)});
    });
  }

  buildExamples() {
    const {examples} = this.model;
    byId('examples-part').hidden = false;
    this.thumbs = Array.from({length: examples.count}, (_, i) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'thumb';
      button.setAttribute('aria-label', this.nameOf(i));
      button.addEventListener('click', () => this.choose({kind: 'example', index: i}));
      paintTile(button.appendChild(document.createElement('canvas')), this.originals, this.tile, i);
      return byId('sheet').appendChild(button);
    });
    byId('sheet').addEventListener('keydown', (event) => {
      const next = this.thumbs[this.thumbs.indexOf(event.target) + ARROWS.get(event.key)];
      if (next) {
        event.preventDefault();
        this.letTabReach(next);
        next.focus();
      }
    });
    this.letTabReach(this.thumbs[0]);
    const walk = byId('walk');
    walk.addEventListener('input', () =>
      this.choose({kind: 'walk', ...this.walk, share: Number(walk.value)}, true)
    );
    for (const end of ['from', 'to']) {
      byId(`walk-${end}`).addEventListener('click', () => {
        const {source} = this.start;
        this.walk[end] = source.kind === 'example' ? source.index : (this.walk[end] + 1) % examples.count;
        this.choose({kind: 'walk', ...this.walk, share: Number(walk.value)}, true);
      });
    }
    this.walk.to = this.unlike(0);
    this.show();
  }

  /** Tab stops once on the sheet, and then goes past it. */
  letTabReach(reached) {
    this.thumbs.forEach((thumb) => {
      thumb.tabIndex = thumb === reached ? 0 : -1;
    });
  }

  /** An image of another label, if there is one. */
  unlike(index) {
    const {labels, count} = this.model.examples;
    const other = labels ? labels.findIndex((label) => label !== labels[index]) : -1;
    return other < 0 ? Math.min(index + 1, count - 1) : other;
  }

  nameOf(index) {
    const {labels, numbers, split} = this.model.examples;
    const label = labels ? `, label ${labels[index]}` : '';
    return `image ${numbers[index]} of ${split}${label}`;
  }

  buildDimensions() {
    const {dimensions, channels} = this.model;
    this.order = dimensions || Array.from({length: channels}, (_, index) => ({index}));
    byId('dimensions-words').textContent = dimensions
      ? 'Those that the encoder uses most come first. The picture is shown full-grown; Restart shows it grow.'
      : 'In their order: which are used is not known without the dataset. The picture is shown full-grown; ' +
        'Restart shows it grow.';
    byId('more').addEventListener('click', () => this.showDimensions(2 * this.shownDimensions));
    byId('unmove').addEventListener('click', () => this.choose(this.start.source, true));
    this.showDimensions(DIMENSIONS_AT_FIRST);
  }

  showDimensions(count) {
    this.shownDimensions = Math.min(count, this.order.length);
    byId('more').hidden = this.shownDimensions === this.order.length;
    const rows = this.order
      .slice(0, this.shownDimensions)
      .map(({index, variance}) => this.dimensionRow(index, variance));
    byId('dimensions').replaceChildren(...rows);
    this.show();
  }

  dimensionRow(index, variance) {
    const row = document.createElement('label');
    row.dataset.dimension = index;
    const name = row.appendChild(document.createElement('span'));
    name.textContent = `z ${index}`;
    if (variance !== undefined) {
      row.title = `The variance of its mean over images is ${variance.toPrecision(3)} (the prior's is 1).`;
    }
    const slider = row.appendChild(document.createElement('input'));
    Object.assign(slider, {type: 'range', min: -DIMENSION_REACH, max: DIMENSION_REACH, step: 0.01});
    row.appendChild(document.createElement('output'));
    slider.addEventListener('input', () => {
      const moved = new Map(this.start.moved).set(index, Number(slider.value));
      this.start = {source: this.start.source, moved};
      this.show();
      this.changed(this.start, true);
    });
    return row;
  }

  /** Brings all controls to the start. */
  show() {
    const {source, moved} = this.start;
    byId('number').value = source.kind === 'sample' ? source.number : '';
    const z = latentOf(this.start, this.model);
    for (const row of byId('dimensions').children) {
      const index = Number(row.dataset.dimension);
      row.querySelector('input').value = z[index];
      row.querySelector('output').textContent = z[index].toFixed(2).replace('-', '−');
      row.classList.toggle('moved', moved.has(index));
    }
    byId('unmove').disabled = moved.size === 0;
    if (this.thumbs) {
      this.showExamples(source);
    }
  }

  showExamples(source) {
    this.thumbs.forEach((thumb, i) =>
      thumb.setAttribute('aria-pressed', String(source.kind === 'example' && source.index === i))
    );
    if (source.kind === 'example') {
      this.letTabReach(this.thumbs[source.index]);
    }
    if (source.kind === 'walk') {
      this.walk = {from: source.from, to: source.to};
      byId('walk').value = source.share;
    }
    this.showChosen(source.kind === 'example' ? source.index : null);
    for (const end of ['from', 'to']) {
      const button = byId(`walk-${end}`);
      paintTile(button.querySelector('canvas'), this.originals, this.tile, this.walk[end]);
      button.setAttribute(
        'aria-label',
        `${end === 'from' ? 'Start' : 'End'} of the walk: ${this.nameOf(this.walk[end])}; ` +
          'press to put the chosen image here'
      );
    }
    byId('walk-words').textContent =
      'Drag to go from one to the other: z goes along a straight line. For another end, choose an image ' +
      'above and press the end.';
  }

  /** The chosen image beside its reconstruction; nothing where something else is grown. */
  showChosen(index) {
    for (const [id, sheet] of [
      ['original', this.originals],
      ['reconstruction', this.reconstructions],
    ]) {
      const canvas = byId(id);
      canvas.classList.toggle('empty', index === null);
      if (index === null) {
        canvas.width = 1;
      } else {
        paintTile(canvas, sheet, this.tile, index);
      }
    }
    byId('example-words').textContent =
      index === null
        ? 'Choose an image below: the encoder gives its z, and the cells grow from that.'
        : `${capital(this.nameOf(index))}. The encoder gave z, and the decoder's mean is the reconstruction.`;
  }
}

function capital(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** An image that is ready to be drawn. */
async function decodeImage(source) {
  const image = new Image();
  image.src = source;
  await image.decode();
  return image;
}
