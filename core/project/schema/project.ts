import { z } from 'zod';
import type { Project } from '../project.ts';
import { dataSettings } from './data.ts';
import { blocks, networkNode } from './network.ts';
import { recipe } from './recipe.ts';
import { fraction, strict } from './strict.ts';

export const projectSchema: z.ZodType<Project> = strict({
  format: z.literal('torchwright-project'),
  version: z.literal(1),
  name: z.string().min(1),
  description: z.string().exactOptional(),
  reference: strict({ accuracy: fraction.exactOptional(), reported: z.string().exactOptional() }).exactOptional(),
  networks: strict({ main: networkNode, discriminator: networkNode.exactOptional() }),
  blocks: blocks.exactOptional(),
  data: dataSettings,
  recipe,
})
  .refine(({ networks, recipe: { kind } }) => kind === 'supervised' || networks.discriminator !== undefined, {
    path: ['networks', 'discriminator'],
    error: 'is missing: adversarial training has two networks',
  })
  .refine(({ networks, recipe: { kind } }) => kind === 'adversarial' || networks.discriminator === undefined, {
    path: ['networks', 'discriminator'],
    error: 'belongs to adversarial training; this recipe is supervised',
  });
