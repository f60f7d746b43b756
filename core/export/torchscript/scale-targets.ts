import type { TargetMapping } from '../../training/plan-targets.ts';
import type { ScriptModule } from './script-module.ts';

/** The same module with its output in units of the targets: output · scale + offset, or the output's exponential. */
export function scriptInTargetUnits(module: ScriptModule, mapping: TargetMapping): ScriptModule {
  const tensor = (values: readonly number[]): string =>
    `torch.tensor([${values.map(scriptFloat).join(', ')}], dtype=output.dtype, device=output.device)`;
  const forward = /^def forward\(self, (\w+): Tensor\) -> Tensor:\n/m.exec(module.source);
  if (forward === null) throw new Error('a regression takes a tensor and gives one');
  const [head, input] = forward;
  const [learnt, targets] =
    mapping === 'exponential'
      ? ['logarithms', 'torch.exp(output)']
      : ['standardised', `output * ${tensor(mapping.scale)} + ${tensor(mapping.offset)}`];
  const source =
    module.source.replace(head, `def ${learnt}(self, ${input!}: Tensor) -> Tensor:\n`) +
    `\ndef forward(self, ${input!}: Tensor) -> Tensor:\n` +
    `    output = self.${learnt}(${input!})\n` +
    `    return ${targets}\n`;
  return { ...module, source };
}

/** A literal that TorchScript takes for a float. */
function scriptFloat(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
