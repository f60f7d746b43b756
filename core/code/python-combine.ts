/** Operations on several tensors as modules: PyTorch has functions for them. */
export const combineHelpers: Readonly<Record<string, string>> = {
  Cat: alongClass('Cat', 'Lays its inputs one after another along a dimension.', 'cat'),
  Stack: alongClass('Stack', 'Lays its inputs side by side along a new dimension.', 'stack'),
  Add: operationClass('Add', 'Adds its inputs.', '+'),
  Mul: operationClass('Mul', 'Multiplies its inputs element by element.', '*'),
  MatMul: operationClass('MatMul', 'Multiplies its inputs as matrices, from the first to the last.', '@'),
};

function alongClass(name: string, help: string, operation: string): string {
  return `class ${name}(nn.Module):
    """${help}"""

    def __init__(self, dim=1, inputs=2):
        super().__init__()
        self.dim = dim
        self.inputs = inputs

    def forward(self, *inputs):
        return torch.${operation}(inputs, self.dim)

    def extra_repr(self):
        return f"dim={self.dim}, inputs={self.inputs}"
`;
}

function operationClass(name: string, help: string, operator: string): string {
  return `class ${name}(nn.Module):
    """${help}"""

    def __init__(self, inputs=2):
        super().__init__()
        self.inputs = inputs

    def forward(self, x, *others):
        for other in others:
            x = x ${operator} other
        return x

    def extra_repr(self):
        return f"inputs={self.inputs}"
`;
}
