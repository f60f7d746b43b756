/** A module that keeps its arguments, `name` or `name=default`, and prints them. */
export function functionClass(
  name: string,
  help: string,
  given: readonly string[],
  forward: readonly string[],
  made: readonly string[] = [],
): string {
  const names = given.map((argument) => argument.split('=')[0]!);
  const shown = names.map((argument) => `${argument}={self.${argument}}`).join(', ');
  const kept = names.map((argument) => `self.${argument} = ${argument}`);
  return `class ${name}(nn.Module):
    """${help}"""

    def __init__(self, ${given.join(', ')}):
        super().__init__()
${[...kept, ...made].map((line) => `        ${line}\n`).join('')}
    def forward(self, x):
${forward.map((line) => `        ${line}\n`).join('')}
    def extra_repr(self):
        return f"${shown}"
`;
}
