import { functionClass } from './python-function-class.ts';

/** What is done to images that PyTorch has only as functions, or not at all. */
export const imageHelpers: Readonly<Record<string, string>> = {
  Interpolate: functionClass(
    'Interpolate',
    'Makes images larger or smaller.',
    [
      'scale_factor=None',
      'size=None',
      'mode="nearest"',
      'align_corners=False',
      'recompute_scale_factor=False',
      'antialias=False',
    ],
    [
      '# PyTorch wants no word about corners where there are none.',
      'aligned, anew = self.align_corners or None, self.recompute_scale_factor or None',
      'return nn.functional.interpolate(',
      '    x, self.size, self.scale_factor, self.mode, aligned, anew, self.antialias',
      ')',
    ],
  ),
  RandomCrop: functionClass(
    'RandomCrop',
    'While training cuts a random window out of each padded image, otherwise the one in the middle.',
    ['size', 'padding=0', 'mode="constant"', 'value=0.0'],
    [
      'high, wide = self.size if isinstance(self.size, tuple) else (self.size, self.size)',
      'sides = self.padding if isinstance(self.padding, tuple) else (self.padding,) * 4',
      'padded = nn.functional.pad(x, sides, self.mode, self.value if self.mode == "constant" else None)',
      'down, right = padded.shape[2] - high, padded.shape[3] - wide',
      'if self.training:',
      '    tops = torch.randint(down + 1, (x.shape[0],)).tolist()',
      '    lefts = torch.randint(right + 1, (x.shape[0],)).tolist()',
      'else:',
      '    tops = [min(max(sides[2] + (x.shape[2] - high) // 2, 0), down)] * x.shape[0]',
      '    lefts = [min(max(sides[0] + (x.shape[3] - wide) // 2, 0), right)] * x.shape[0]',
      'return torch.stack(',
      '    [image[:, top : top + high, left : left + wide] for image, top, left in zip(padded, tops, lefts)]',
      ')',
    ],
  ),
  RandomFlip: functionClass(
    'RandomFlip',
    'While training mirrors random samples.',
    ['p=0.5', 'dim=-1'],
    [
      'if not self.training:',
      '    return x',
      'chosen = torch.rand(x.shape[0], *[1] * (x.dim() - 1), device=x.device) < self.p',
      'return torch.where(chosen, x.flip(self.dim), x)',
    ],
  ),
  Cutout: functionClass(
    'Cutout',
    'While training sets a square at a random place of each image to zero.',
    ['size'],
    [
      'if not self.training:',
      '    return x',
      'inside = []',
      'for count in x.shape[2:]:',
      '    starts = torch.randint(count, (x.shape[0], 1), device=x.device) - self.size // 2',
      '    places = torch.arange(count, device=x.device)',
      '    inside.append((places >= starts) & (places < starts + self.size))',
      'return x.masked_fill(inside[0][:, None, :, None] & inside[1][:, None, None, :], 0)',
    ],
  ),
  ZScore: functionClass(
    'ZScore',
    'Takes the mean away and divides by the standard deviation, channel by channel.',
    ['mean', 'std'],
    [
      'mean, std = (x.new_tensor(each).view(-1, *[1] * (x.dim() - 2)) for each in (self.mean, self.std))',
      'return (x - mean) / std',
    ],
  ),
  Pad: functionClass(
    'Pad',
    'Adds elements at the ends of the last dimensions.',
    ['pad', 'mode="constant"', 'value=0.0'],
    ['return nn.functional.pad(x, self.pad, self.mode, self.value if self.mode == "constant" else None)'],
  ),
  IndexSelect: functionClass(
    'IndexSelect',
    'Takes several places along a dimension.',
    ['dim', 'index'],
    ['return x.index_select(self.dim, torch.tensor(self.index, device=x.device))'],
  ),
  Expand: functionClass(
    'Expand',
    'Repeats what has size 1 along a dimension.',
    ['size'],
    [
      'new = [1] * (len(self.size) - x.dim() + 1)',
      'return x.reshape(x.shape[0], *new, *x.shape[1:]).expand(-1, *self.size)',
    ],
  ),
};
