/** What a setting of the recipe does, by the end of its path, where no declaration of the catalogue says it. */
const helps: readonly (readonly [ending: RegExp, help: string])[] = [
  [
    /^recipe\.(discriminatorO|o)ptimizer$/,
    'The optimizer updates the weights from the gradients. Adam needs the least tuning.',
  ],
  [/^recipe\.loss$/, 'The training minimises the loss. Use CrossEntropy for classes and MSE for numbers.'],
  [/[sS]chedule(\.shape)?$/, 'The schedule changes the learning rate over the training. The drawing below shows it.'],
  [/\.shape$/, 'The shape sets how the learning rate changes during this phase.'],
  [/\.factor$/, 'Factor by which the learning rate is multiplied.'],
  [/\.patience$/, 'Number of epochs without improvement before the training ends.'],
  [/\.metric$|\.mode$/, 'The test metric that must improve.'],
  [/phases\[\d+\]\.epochs$/, 'Length of this phase in epochs.'],
  [/warmup\.(steps|epochs|fraction)$/, 'Length of the rise to the first learning rate of the schedule.'],
  [/\.weightDecay$/, 'Pulls every weight towards zero at each step. Often 1e-4 to 1e-2, default 0 (AdamW 0.01).'],
  [/\.learningRateFactor$/, 'Learning rate of these parameters, as a multiple of the schedule’s.'],
  [/^recipe\.clip$/, 'Limits the gradients before each step. Use it if the loss jumps, as with recurrent networks.'],
  [/^recipe\.clip\.kind$/, 'Whether the joint norm of all gradients or each value is limited.'],
  [/^recipe\.clip\.at$/, 'The limit. A norm is often limited to 1.'],
  [
    /^recipe\.precision$/,
    'Number format of matrix products and convolutions. Automatic measures which is faster on this machine.',
  ],
  [/^recipe\.averaging$/, 'Keeps an average of the weights, which often generalises better than the last weights.'],
  [/^recipe\.averaging\.decay$/, 'Fraction of the average that is kept at each step, often 0.999.'],
  [/^recipe\.averaging\./, 'An option of the averaged weights.'],
  [/^recipe\.earlyStopping$/, 'Ends the training when the test metric stops improving.'],
  [/^recipe\.seed$/, 'Random seed for weights, data order and dropout. The same seed gives the same run.'],
];

export function settingHelp(at: string): string | undefined {
  return helps.find(([ending]) => ending.test(at))?.[1];
}
