'use strict';

/** The short text: what is seen, what the model is, where it comes from, how good it was measured to be. */

function writeLead(element, model) {
  const [first] = model.stages;
  // No line may break within.
  const size = `${model.side}\u00a0×\u00a0${model.side}`;
  const beginning =
    model.stages.length > 1
      ? `${first.side === 2 ? 'Four' : first.side ** 2} cells, all alike, become an image of ${size}`
      : `${size} cells, all alike at first, become an image`;
  element.textContent =
    `${beginning}: every cell follows one rule and sees only its neighbours. ` +
    'Grow one, cut a piece away, and watch what the others do about it.';
}

function writeAbout(element, model) {
  const {about = {}} = model;
  const steps = new Clock(model.stages).planned;
  const stages = model.stages.length;
  const read = model.likelihood.parameters;
  paragraph(
    element,
    'What you see is the decoder of a variational autoencoder (Palm and others, ICLR 2022), which is a ' +
      'cellular automaton. A latent vector z fills every cell of the first grid. In each step a small net, ' +
      'the same for all cells, reads a cell and its eight neighbours and says how the cell changes. The ' +
      `first ${read === 1 ? 'channel of a cell says' : `${read} channels of a cell say`} how its pixel is ` +
      'distributed, p(x | z); the others are its memory.'
  );
  const further = model.stages.at(-1).steps - model.stages[0].steps;
  const lasting =
    'You may let it run on: one that was trained to stay keeps its image, and one that was trained to ' +
    'heal grows back what it lost.';
  const grids =
    `It is read after ${steps} steps on ${stages} grids; between two grids every cell becomes a block of ` +
    '2 × 2. ';
  paragraph(
    element,
    stages === 1
      ? `It is read after ${steps} steps. ${lasting}`
      : further > 0
        ? `${grids}On the last it settles, for ${further} steps more than on the others. ${lasting}`
        : `${grids}What it does with a wound, or beyond its last step, it was not taught.`
  );
  const rows = [
    [
      'Run',
      about.run && (about.step === undefined ? about.run : `${about.run}, step ${grouped(about.step)}`),
    ],
    ['Commit', about.commit],
    ['Data', about.dataset],
    ['Decoder', about.decoder && `${about.decoder}, update rule ${about.rule}`],
    ['Cells', `${model.channels} channels, up to ${model.side} × ${model.side}`],
    ['Parameters', about.parameters && grouped(about.parameters)],
    ['Weights', about.weights === 'average' && 'their moving average over the training'],
    ['Bound', boundWords(about.bound)],
  ];
  const list = element.appendChild(document.createElement('dl'));
  rows
    .filter(([, words]) => words)
    .forEach(([term, words]) => {
      list.appendChild(document.createElement('dt')).textContent = term;
      list.appendChild(document.createElement('dd')).textContent = words;
    });
  (about.notes || []).forEach((note) => paragraph(element, note, 'quiet'));
}

function boundWords(bound) {
  if (!bound) {
    return 'not measured yet: ./vnca evaluate RUN';
  }
  const error =
    bound.standardError === null || bound.standardError === undefined
      ? ''
      : ` ± ${bound.standardError.toFixed(2)}`;
  const bits = Number.isFinite(bound.bitsPerDim) ? `, ${bound.bitsPerDim.toFixed(4)} bits per dimension` : '';
  return (
    `log p(x) ≥ ${bound.nats.toFixed(2)}${error} nats${bits} (${bound.quantity}, n = ${bound.n}, ` +
    `${grouped(bound.images)} images of ${bound.split}, step ${grouped(bound.step)})`
  );
}

function grouped(number) {
  return number.toLocaleString('en');
}

function paragraph(element, words, kind = '') {
  const p = element.appendChild(document.createElement('p'));
  p.textContent = words;
  p.className = kind;
}
