'use strict';

/** The brush over the cells, by mouse, finger and keyboard. */
class Brush {
  /**
   * @param {HTMLCanvasElement} canvas the cells
   * @param {function({x, y}, {x, y}, number)} stroke called with a stroke's ends, from 0 to 1 across the
   *     grid, and the brush's diameter in parts of it
   * @param {function()} lifted called when a wound is done
   */
  constructor(canvas, stroke, lifted) {
    this.canvas = canvas;
    this.stroke = stroke;
    this.lifted = lifted;
    this.at = {x: 0.5, y: 0.5};
    this.down = false;
    this.ring = byId('brush');
    this.size = byId('size');
    this.size.addEventListener('input', () => this.show(false));
    canvas.addEventListener('pointerdown', (event) => this.begin(event));
    canvas.addEventListener('pointermove', (event) => this.move(event));
    canvas.addEventListener('pointerup', () => this.end());
    canvas.addEventListener('pointercancel', () => this.end());
    canvas.addEventListener('pointerleave', () => this.show(false));
    canvas.addEventListener('keydown', (event) => this.key(event));
    canvas.addEventListener('focus', () => this.show(canvas.matches(':focus-visible')));
    canvas.addEventListener('blur', () => this.show(false));
    this.show(false);
  }

  get diameter() {
    return Number(this.size.value);
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    const within = (value) => Math.min(Math.max(value, 0), 1);
    return {
      x: within((event.clientX - box.left) / box.width),
      y: within((event.clientY - box.top) / box.height),
    };
  }

  begin(event) {
    if (event.button === 0) {
      this.down = true;
      this.canvas.setPointerCapture(event.pointerId);
      this.at = this.place(event);
      this.stroke(this.at, this.at, this.diameter);
      this.show(true);
    }
  }

  move(event) {
    const to = this.place(event);
    if (this.down) {
      this.stroke(this.at, to, this.diameter);
    }
    this.at = to;
    this.show(true);
  }

  end() {
    if (this.down) {
      this.down = false;
      this.lifted();
    }
  }

  key(event) {
    const step = Math.max(1 / this.canvas.width, 1 / 32);
    const moves = {ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step]};
    if (moves[event.key]) {
      const [x, y] = moves[event.key];
      this.at = {x: Math.min(Math.max(this.at.x + x, 0), 1), y: Math.min(Math.max(this.at.y + y, 0), 1)};
    } else if (event.key === ' ' || event.key === 'Enter') {
      this.stroke(this.at, this.at, this.diameter);
      this.lifted();
    } else if (event.key === '+' || event.key === '-') {
      this.size.valueAsNumber += event.key === '+' ? 0.05 : -0.05;
    } else {
      return;
    }
    event.preventDefault();
    this.show(true);
  }

  show(visible) {
    this.ring.hidden = !visible;
    Object.assign(this.ring.style, {
      left: `${100 * this.at.x}%`,
      top: `${100 * this.at.y}%`,
      width: `${100 * this.diameter}%`,
      height: `${100 * this.diameter}%`,
    });
    byId('size-words').textContent = `${Math.round(100 * this.diameter)} %`;
  }
}
