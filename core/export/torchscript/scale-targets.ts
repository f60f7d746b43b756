import type { TargetScaling } from '../../training/plan-targets.ts';
import type { ScriptModule } from './script-module.ts';

/** The same module with its output in units of the targets: output · scale + offset. */
export function scriptInTargetUnits(module: ScriptModule, { scale, offset }: TargetScaling): ScriptModule {
  const tensor = (values: readonly number[]): string =>
    `torch.tensor([${values.map(scriptFloat).join(', ')}], dtype=output.dtype, device=output.device)`;
  const forward = /^def forward\(self, (\w+): Tensor\) -> Tensor:\n/m.exec(module.source);
  if (forward === null) throw new Error('a regression takes a tensor and gives one');
  const [head, input] = forward;
  const source =
    module.source.replace(head, `def standardised(self, ${input!}: Tensor) -> Tensor:\n`) +
    `\ndef forward(self, ${input!}: Tensor) -> Tensor:\n` +
    `    output = self.standardised(${input!})\n` +
    `    return output * ${tensor(scale)} + ${tensor(offset)}\n`;
  return { ...module, source };
}

/** A literal that TorchScript takes for a float. */
function scriptFloat(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
