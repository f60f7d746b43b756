/** Whether samples are grey pictures of the ten digits, to be drawn as the authors of MNIST drew theirs. */
export function areDigits(inputShape: readonly number[], classNames: readonly string[]): boolean {
  return inputShape.length === 3 && inputShape[0] === 1 && classNames.join() === '0,1,2,3,4,5,6,7,8,9';
}
