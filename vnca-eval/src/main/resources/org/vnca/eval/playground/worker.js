'use strict';

/**
 * A pair in a worker, so that the page stays quick while JavaScript computes. The worker is made of the
 * page's own scripts: a page that is opened from the disk may load no file.
 */

/** What a worker runs, by the names of the page's scripts. */
const WORKER_FILES = [
  'numbers.js',
  'plan.js',
  'likelihood.js',
  'clock.js',
  'model.js',
  'js-engine.js',
  'pair.js',
  'worker.js',
];

/** What is asked of a pair from outside. */
const PAIR_METHODS = [
  'kind',
  'plant',
  'advance',
  'wound',
  'look',
  'states',
  'twinStates',
  'mean',
  'position',
  'save',
  'load',
];

/** A pair that lives in a worker. */
class RemotePair {
  constructor(model) {
    const sources = WORKER_FILES.map(
      (file) => document.querySelector(`script[data-file="${file}"]`).textContent
    );
    const start = `\n${serveAsWorker.name}(self);\n`;
    const blob = new Blob([...sources, start], {type: 'text/javascript'});
    this.url = URL.createObjectURL(blob);
    this.worker = new Worker(this.url);
    this.waiting = new Map();
    this.count = 0;
    this.worker.onmessage = ({data}) => this.answer(data);
    this.worker.onerror = (event) =>
      this.fail(new Error(`the worker stopped: ${event.message || 'it may not start'}`));
    PAIR_METHODS.forEach((method) => {
      this[method] = (...args) => this.ask(method, args);
    });
    this.ask('open', [model.source]);
  }

  ask(method, args) {
    this.count += 1;
    const id = this.count;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, {resolve, reject});
      this.worker.postMessage({id, method, args});
    });
  }

  answer({id, value, error}) {
    const {resolve, reject} = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) {
      reject(new Error(error));
    } else {
      resolve(value);
    }
  }

  fail(error) {
    this.waiting.forEach(({reject}) => reject(error));
    this.waiting.clear();
  }

  async dispose() {
    this.worker.terminate();
    URL.revokeObjectURL(this.url);
  }
}

/** The worker's side: it answers in the order in which it is asked. */
function serveAsWorker(scope) {
  let pair = null;
  let queue = Promise.resolve();
  const answer = async ({id, method, args}) => {
    try {
      if (method === 'open') {
        pair = new Pair(new JsEngine(readModel(args[0].json, args[0].base64)));
        scope.postMessage({id, value: null});
      } else {
        scope.postMessage({id, value: await pair[method](...args)});
      }
    } catch (error) {
      scope.postMessage({id, error: error.message});
    }
  };
  scope.onmessage = ({data}) => {
    queue = queue.then(() => answer(data));
  };
}
