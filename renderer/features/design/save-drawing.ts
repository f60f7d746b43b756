import { drawNetwork } from '../../../core/drawing/draw.ts';
import { drawingSvg } from '../../../core/drawing/svg.ts';
import { saveFile } from '../../app/save-file.ts';
import { isDark } from '../../ui/use-is-dark.ts';
import { useProject } from '../project/project-store.ts';
import { useDesign } from './design-store.ts';
import { svgToPng } from '../../ui/svg-to-png.ts';

/** Saves what the canvas shows, in the colours of the theme. */
export async function saveDrawing(kind: 'svg' | 'png'): Promise<void> {
  const { project, facts } = useProject();
  if (project === null) return;
  const svg = drawingSvg(drawNetwork(project, facts, useDesign().view), isDark() ? 'dark' : 'light');
  saveFile(`${project.name}.${kind}`, kind === 'svg' ? svg : await svgToPng(svg));
}
