import { z } from 'zod';

export const settingsSchema = z.object({
  theme: z.enum(['light', 'dark', 'system']),
  density: z.enum(['comfortable', 'compact']),
  device: z.string(),
  lastProject: z.union([z.object({ file: z.string() }), z.object({ recipe: z.string() })]).nullable(),
  recentProjects: z.array(z.object({ file: z.string(), name: z.string(), opened: z.number() })),
  favouriteModules: z.array(z.string()),
  recentModules: z.array(z.string()),
  drawnInColumns: z.array(z.string()),
  isIntroduced: z.boolean(),
  window: z
    .object({ x: z.number(), y: z.number(), width: z.number(), height: z.number(), isMaximized: z.boolean() })
    .nullable(),
});
