// The page of an exported network. Everything it needs stands in it, compressed, as text.
const at = (id) => document.getElementById(id);
const details = JSON.parse(at('details').textContent);
const [channels, height, width] = details.shape;
const isDrawn = details.kind === 'classify' && channels === 1;
const pad = at('pad');
const ink = pad.getContext('2d', { willReadFrequently: true });

async function unpacked(id) {
  const bytes = Uint8Array.from(atob(at(id).textContent.trim()), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).arrayBuffer();
}

async function load() {
  const [script, wasm, model] = await Promise.all(['runtime', 'wasm', 'model'].map(unpacked));
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const runtime = await import(url);
  URL.revokeObjectURL(url);
  runtime.env.wasm.wasmBinary = wasm;
  runtime.env.wasm.numThreads = 1;
  const session = await runtime.InferenceSession.create(new Uint8Array(model));
  return { runtime, session };
}

/** One run at a time; while one runs, the newest of those that wait replaces the others. */
function latest(work) {
  let waiting = null;
  let isBusy = false;
  return async (...given) => {
    waiting = given;
    if (isBusy) return;
    isBusy = true;
    while (waiting !== null) {
      const next = waiting;
      waiting = null;
      await work(...next);
    }
    isBusy = false;
  };
}

// Pictures ------------------------------------------------------------------------------------------------------

/** The picture's pixels at the network's size: [channels, height, width] bytes. */
function bytesOf(canvas) {
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const bytes = new Uint8Array(channels * height * width);
  for (let pixel = 0; pixel < height * width; pixel++) {
    const [red, green, blue] = data.subarray(4 * pixel, 4 * pixel + 3);
    if (channels === 1) bytes[pixel] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
    else [red, green, blue].forEach((value, channel) => (bytes[channel * height * width + pixel] = value));
  }
  return bytes;
}

function blank() {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.fillStyle = '#000000';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  return { canvas, context };
}

/** As the training images were read: laid on a colour, and cropped, padded or stretched to the proportions of `onto`. */
function drawPicture(picture, onto) {
  const { fit, background } = details.form;
  onto.fillStyle = background;
  onto.fillRect(0, 0, onto.canvas.width, onto.canvas.height);
  const across = onto.canvas.width / picture.width;
  const down = onto.canvas.height / picture.height;
  const scale = fit === 'contain' ? Math.min(across, down) : Math.max(across, down);
  const wide = Math.round(picture.width * (fit === 'stretch' ? across : scale));
  const high = Math.round(picture.height * (fit === 'stretch' ? down : scale));
  const [left, top] = [Math.floor((onto.canvas.width - wide) / 2), Math.floor((onto.canvas.height - high) / 2)];
  onto.drawImage(picture, left, top, wide, high);
}

function resized(picture) {
  const { canvas, context } = blank();
  drawPicture(picture, context);
  return canvas;
}

/** Brightness of the pad, and how much of it there is. */
function inkOf() {
  const { data } = ink.getImageData(0, 0, pad.width, pad.height);
  const found = { left: pad.width, right: -1, top: pad.height, bottom: -1, mass: 0, x: 0, y: 0 };
  for (let index = 0; index < pad.width * pad.height; index++) {
    const value = data[4 * index];
    if (value < 32) continue;
    const [x, y] = [index % pad.width, Math.floor(index / pad.width)];
    found.left = Math.min(found.left, x);
    found.right = Math.max(found.right, x);
    found.top = Math.min(found.top, y);
    found.bottom = Math.max(found.bottom, y);
    found.mass += value;
    found.x += value * x;
    found.y += value * y;
  }
  return found.mass === 0 ? null : { ...found, x: found.x / found.mass, y: found.y / found.mass };
}

/** As MNIST's digits lie: 20 of 28 pixels large, the centre of mass in the middle (yann.lecun.com/exdb/mnist). */
function centred({ left, right, top, bottom, x, y }) {
  const { canvas, context } = blank();
  const scale = ((20 / 28) * height) / Math.max(right - left + 1, bottom - top + 1);
  const [wide, high] = [pad.width * scale, pad.height * scale];
  context.drawImage(pad, width / 2 - (x + 0.5) * scale, height / 2 - (y + 0.5) * scale, wide, high);
  return canvas;
}

// Telling classes -----------------------------------------------------------------------------------------------

/** By what the network gives for each class. */
function probabilities(values) {
  const each = [...values];
  if (details.output === 'logarithms') return each.map(Math.exp);
  if (details.output === 'logits') return each.map((value) => 1 / (1 + Math.exp(-value)));
  if (details.output === 'probabilities') return each;
  if (details.output === 'values') return shares(each);
  if (details.output === 'logarithmsOfValues') return shares(each.map(Math.exp));
  const most = Math.max(...each);
  const powers = each.map((value) => Math.exp(value - most));
  const sum = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / sum);
}

/** What each value is above the least, or above 0 where that is below, as a share of all. */
function shares(values) {
  const least = Math.min(0, ...values);
  const parts = values.map((value) => value - least);
  const sum = parts.reduce((all, part) => all + part, 0);
  return sum > 0 ? parts.map((part) => part / sum) : parts.map(() => 1 / parts.length);
}

function showProbabilities(list) {
  const ranked = list.map((probability, index) => ({ probability, name: details.classNames[index] }));
  ranked.sort((a, b) => b.probability - a.probability);
  at('verdict').textContent = ranked[0].name;
  const rows = ranked.slice(0, 10).map(({ probability, name }, index) => {
    const row = document.createElement('li');
    row.className = index === 0 ? 'first' : '';
    const bar = document.createElement('div');
    bar.className = 'bar';
    bar.style.width = `${100 * probability}%`;
    const texts = [name, `${(100 * probability).toFixed(1)} %`].map((text) => {
      const span = document.createElement('span');
      span.textContent = text;
      return span;
    });
    row.append(bar, ...texts);
    return row;
  });
  at('bars').replaceChildren(...rows);
}

function classify({ runtime, session }) {
  const judge = latest(async (picture) => {
    const shown = at('input').getContext('2d');
    shown.drawImage(picture, 0, 0);
    const bytes = new runtime.Tensor('uint8', bytesOf(picture), [1, ...details.shape]);
    const { output } = await session.run({ [details.inputs[0]]: bytes });
    showProbabilities(probabilities(output.data));
  });
  const judgePad = () => {
    const found = inkOf();
    if (found !== null) judge(details.isDigits ? centred(found) : resized(pad));
  };
  const empty = () => {
    ink.fillStyle = '#000000';
    ink.fillRect(0, 0, pad.width, pad.height);
    at('bars').replaceChildren();
    at('input').getContext('2d').clearRect(0, 0, width, height);
    at('verdict').textContent = isDrawn ? 'Draw something' : 'Drop a picture';
  };
  if (isDrawn) drawOn(judgePad);
  at('clear').addEventListener('click', empty);
  receivePictures((bitmap) => {
    empty();
    drawPicture(bitmap, ink);
    if (!details.isDigits) return judge(resized(bitmap));
    invertWherePaperIsWhite();
    judgePad();
  });
  at('hint').textContent = isDrawn
    ? 'Draw with the mouse, a pen or a finger, or drop or paste a picture.'
    : 'Drop or paste a picture, or choose one.';
  empty();
}

/** Digits are bright on dark. */
function invertWherePaperIsWhite() {
  const { data } = ink.getImageData(0, 0, pad.width, pad.height);
  const corners = [0, pad.width - 1, pad.width * (pad.height - 1), pad.width * pad.height - 1];
  if (corners.reduce((sum, index) => sum + data[4 * index], 0) < 4 * 128) return;
  ink.globalCompositeOperation = 'difference';
  ink.fillStyle = '#ffffff';
  ink.fillRect(0, 0, pad.width, pad.height);
  ink.globalCompositeOperation = 'source-over';
}

function drawOn(changed) {
  let last = null;
  /** The pointer that draws; fingers beside it do not. */
  let drawing = null;
  const place = (event) => {
    const box = pad.getBoundingClientRect();
    return [
      ((event.clientX - box.left) * pad.width) / box.width,
      ((event.clientY - box.top) * pad.height) / box.height,
    ];
  };
  const stroke = (event) => {
    const next = place(event);
    ink.strokeStyle = '#ffffff';
    ink.lineWidth = 20;
    ink.lineCap = 'round';
    ink.lineJoin = 'round';
    ink.beginPath();
    ink.moveTo(...(last ?? next));
    ink.lineTo(...next);
    ink.stroke();
    last = next;
    changed();
  };
  pad.addEventListener('pointerdown', (event) => {
    if (drawing !== null || event.button !== 0) return;
    drawing = event.pointerId;
    pad.setPointerCapture(drawing);
    stroke(event);
  });
  pad.addEventListener('pointermove', (event) => {
    if (event.pointerId === drawing) stroke(event);
  });
  const lift = (event) => {
    if (event.pointerId === drawing) last = drawing = null;
  };
  for (const end of ['pointerup', 'pointercancel']) pad.addEventListener(end, lift);
}

function receivePictures(use) {
  const read = async (file) => {
    if (file === undefined) return;
    try {
      use(await createImageBitmap(file));
    } catch {
      at('verdict').textContent = 'That file is no picture that this browser can read.';
      // What was told of another picture.
      at('bars').replaceChildren();
      const input = at('input');
      input.getContext('2d').clearRect(0, 0, input.width, input.height);
    }
  };
  at('file').addEventListener('change', ({ target }) => read(target.files[0]));
  document.addEventListener('paste', ({ clipboardData }) => read(clipboardData.files[0]));
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    document.body.classList.add('over');
  });
  document.addEventListener('dragleave', () => document.body.classList.remove('over'));
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    document.body.classList.remove('over');
    read(event.dataTransfer.files[0]);
  });
}

// Making pictures -----------------------------------------------------------------------------------------------

/** Numbers below 1, the same from the same seed (mulberry32). */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal numbers (Box and Muller 1958). */
function noiseOf(seed, count) {
  const random = randomNumbers(seed);
  return Float32Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  );
}

/** Along the arc, where noise is as long as the network knows it (White 2016, arXiv 1609.04468). */
function between(one, other, part) {
  const length = (noise) => Math.hypot(...noise);
  const cosine = one.reduce((sum, value, at) => sum + value * other[at], 0) / (length(one) * length(other));
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  const [own, next] =
    Math.sin(angle) < 1e-6
      ? [1 - part, part]
      : [Math.sin((1 - part) * angle), Math.sin(part * angle)].map((weight) => weight / Math.sin(angle));
  return one.map((value, at) => own * value + next * other[at]);
}

function generate({ runtime, session }) {
  const small = blank();
  const make = latest(async () => {
    const count = details.noise.reduce((product, size) => product * size, 1);
    const seed = Number(at('seed').value) >>> 0;
    const noise = between(noiseOf(seed, count), noiseOf(seed + 1, count), Number(at('walk').value));
    const feeds = { [details.inputs[0]]: new runtime.Tensor('float32', noise, [1, ...details.noise]) };
    if (details.inputs.length > 1) {
      feeds[details.inputs[1]] = new runtime.Tensor('float32', Float32Array.of(Number(at('class').value)), [1]);
    }
    const { output } = await session.run(feeds);
    const picture = small.context.createImageData(width, height);
    for (let pixel = 0; pixel < height * width; pixel++) {
      for (let colour = 0; colour < 3; colour++) {
        const channel = Math.min(colour, channels - 1);
        const value = output.data[channel * height * width + pixel];
        picture.data[4 * pixel + colour] = (value - details.offset[channel]) / details.scale[channel];
      }
      picture.data[4 * pixel + 3] = 255;
    }
    small.context.putImageData(picture, 0, 0);
    ink.imageSmoothingEnabled = false;
    ink.drawImage(small.canvas, 0, 0, pad.width, pad.height);
    at('verdict').textContent = 'Made of noise';
    pad.setAttribute('aria-label', `Picture of seed ${seed}`);
  });
  at('class').replaceChildren(...details.classNames.map((name, index) => new Option(name, index)));
  at('class').addEventListener('change', make);
  for (const id of ['seed', 'walk']) at(id).addEventListener('input', make);
  at('again').addEventListener('click', () => {
    at('seed').value = (Number(at('seed').value) + 1) >>> 0;
    at('walk').value = 0;
    make();
  });
  pad.setAttribute('role', 'img');
  pad.removeAttribute('tabindex');
  make();
}

for (const id of ['again', 'wanted', 'seeding', 'walking']) at(id).hidden = details.kind === 'classify';
for (const id of ['clear', 'choose', 'seen']) at(id).hidden = details.kind !== 'classify';
if (details.kind === 'generate') at('wanted').hidden = details.inputs.length < 2;
if (!isDrawn) pad.style.cursor = 'default';
at('input').width = width;
at('input').height = height;
try {
  const loaded = await load();
  if (details.kind === 'generate') generate(loaded);
  else classify(loaded);
} catch (error) {
  at('verdict').textContent = `The network cannot run in this browser: ${error.message}`;
}
