/** What a method of a TorchScript module is made of. */
export interface Method {
  readonly inputs: readonly string[];
  /** Several are a tuple. */
  readonly outputs: number;
  readonly lines: readonly string[];
  /** What it returns. */
  readonly value: string;
  /** It keeps what it returns. */
  readonly isTraced: boolean;
}

export function method(name: string, { inputs, outputs, lines, value, isTraced }: Method): string {
  const given = inputs.map((input) => `, ${input}: Tensor`).join('');
  const all =
    isTraced && outputs === 1
      ? [...lines, `made = ${value}`, 'self.made.append(made)', 'return made']
      : [...lines, `return ${value}`];
  const gives = outputs === 1 ? 'Tensor' : `Tuple[${Array.from({ length: outputs }, () => 'Tensor').join(', ')}]`;
  return `def ${name}(self${given}) -> ${gives}:\n${all.map((line) => `    ${line}\n`).join('')}`;
}
