import { escapeXml } from '../escape-xml.ts';
import type { Box, DrawnLine, DrawnMark, DrawnModule, Drawing, DropPoint } from './drawing.ts';
import { svgColours, svgFamilies } from './svg-colours.ts';
import type { SvgColours } from './svg-colours.ts';
import { sizes, textWidth } from './sizes.ts';
import { counted } from '../format.ts';

/** A picture that stands alone: no typeface, style sheet or script from elsewhere. */
export function drawingSvg(drawing: Drawing, theme: 'light' | 'dark'): string {
  const { width, height, modules, marks, lines, drops } = drawing;
  const colours = svgColours[theme];
  const families = svgFamilies[theme];
  const frames = modules.filter(({ kind }) => kind === 'frame');
  const cards = modules.filter(({ kind }) => kind !== 'frame');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif" font-size="12">`,
    `<title>${escapeXml(titleOf(drawing))}</title>`,
    `<rect width="${width}" height="${height}" fill="${colours.background}"/>`,
    ...frames.map((frame) => faded(frame, frameSvg(frame, colours))),
    ...lines.map((line) => lineSvg(line, colours)),
    ...drops.map((drop) => slotSvg(drop, colours)),
    ...cards.map((card) => faded(card, cardSvg(card, colours, families[card.family] ?? colours['line-strong']))),
    ...marks.map((mark) => markSvg(mark, colours)),
    '</svg>',
    '',
  ].join('\n');
}

function titleOf({ modules, marks }: Drawing): string {
  const shapes = marks.filter(({ kind, label }) => (kind === 'input' || kind === 'output') && label !== '');
  const count = counted(modules.length, 'module');
  return [`A network drawn with ${count}`, ...shapes.map(({ kind, label }) => `${kind} ${label}`)].join(', ');
}

function faded({ isUnused }: DrawnModule, svg: string): string {
  return isUnused ? `<g opacity="0.45">${svg}</g>` : svg;
}

function frameSvg(frame: DrawnModule, colours: SvgColours): string {
  const { x, y, width, headerHeight } = frame;
  const fill = frame.depth % 2 === 0 ? colours.sunken : colours.background;
  const edge = frame.isFaulty ? `${colours.bad}" stroke-width="2` : colours['line-strong'];
  if (headerHeight < sizes.header) {
    return `<rect ${boxOf(frame)} rx="8" fill="none" stroke="${edge}" stroke-opacity="0.45" stroke-dasharray="2 4"/>`;
  }
  const room = width - 30 - textWidth(frame.parameters);
  return [
    `<rect ${boxOf(frame)} rx="8" fill="${fill}" stroke="${edge}"/>`,
    `<line x1="${x}" y1="${y + headerHeight}" x2="${x + width}" y2="${y + headerHeight}" stroke="${colours.line}"/>`,
    titleSvg(frame, x + 10, y + 18, room, colours),
    endText(frame.parameters, x + width - 10, y + 18, colours),
  ].join('');
}

function cardSvg(card: DrawnModule, colours: SvgColours, family: string): string {
  const { x, y, width, height } = card;
  const edge = card.isFaulty ? `${colours.bad}" stroke-width="2` : colours['line-strong'];
  const face = `rx="6" fill="${colours.surface}" stroke="${edge}"`;
  const behind = { x: x + 4, y: y + 4, width, height };
  return [
    card.kind === 'closed' ? `<rect ${boxOf(behind)} ${face}/>` : '',
    `<rect ${boxOf(card)} ${face}/>`,
    `<rect x="${x + 5}" y="${y + 7}" width="4" height="${height - 14}" rx="2" fill="${family}"/>`,
    titleSvg(card, x + 16, y + 19, width - 24, colours),
    `<text x="${x + 16}" y="${y + 36}" font-size="11" fill="${colours['text-quiet']}">${escapeXml(card.isUnused ? 'not used here' : card.shape)}</text>`,
    endText(card.parameters, x + width - 8, y + 36, colours),
  ].join('');
}

function titleSvg(module: DrawnModule, x: number, y: number, room: number, colours: SvgColours): string {
  const { name, type, isFrozen } = module;
  const details = [module.details, isFrozen ? 'frozen' : ''].filter((text) => text !== '').join(', ');
  const title = shortened(name === undefined ? type : `${name} ${type}`, room, 'bold');
  const rest = shortened(details, room - textWidth(title, 'bold') - 6);
  const after = rest === '' ? '' : ` <tspan fill="${colours['text-quiet']}">${escapeXml(rest)}</tspan>`;
  return `<text x="${x}" y="${y}" fill="${colours.text}"><tspan font-weight="600">${escapeXml(title)}</tspan>${after}</text>`;
}

function endText(text: string, x: number, y: number, colours: SvgColours): string {
  if (text === '') return '';
  return `<text x="${x}" y="${y}" font-size="11" text-anchor="end" fill="${colours['text-quiet']}">${escapeXml(text)}</text>`;
}

function lineSvg({ kind, points, hasArrow }: DrawnLine, colours: SvgColours): string {
  const stroke = kind === 'shortcut' ? colours.accent : colours['line-strong'];
  const path = `<polyline points="${points.map((point) => point.join(',')).join(' ')}" fill="none" stroke="${stroke}" stroke-width="1.5" stroke-linejoin="round"/>`;
  return hasArrow ? `${path}<path d="${arrowPath(points)}" fill="${stroke}"/>` : path;
}

/** A triangle whose tip is the end of the line. */
function arrowPath(points: DrawnLine['points']): string {
  const [fromX, fromY] = points.at(-2)!;
  const [x, y] = points.at(-1)!;
  const [alongX, alongY] = [Math.sign(x - fromX) * 6, Math.sign(y - fromY) * 6];
  const [sideX, sideY] = [alongY / 2, alongX / 2];
  return `M${x} ${y}L${x - alongX + sideX} ${y - alongY + sideY}L${x - alongX - sideX} ${y - alongY - sideY}Z`;
}

/** An empty sequence is seen as one; a shortcut without modules says what it is. */
function slotSvg(drop: DropPoint, colours: SvgColours): string {
  if (drop.kind !== 'empty' || /\.(before|after)$/.test(drop.address)) return '';
  const isIdentity = drop.address.endsWith('.shortcut');
  const border = isIdentity ? '' : ` stroke="${colours['line-strong']}" stroke-dasharray="4 4"`;
  const fill = isIdentity ? colours.background : colours.surface;
  return `<rect ${boxOf(drop)} rx="6" fill="${fill}"${border}/>${middleText(isIdentity ? 'identity' : 'empty', drop, colours['text-quiet'])}`;
}

function markSvg(mark: DrawnMark, colours: SvgColours): string {
  const isEnd = mark.kind === 'input' || mark.kind === 'output';
  const label = isEnd ? `${mark.kind} ${mark.label}`.trim() : mark.label;
  const rounding = mark.height / 2;
  return `<rect ${boxOf(mark)} rx="${rounding}" fill="${colours.surface}" stroke="${colours['line-strong']}"/>${middleText(label, mark, colours.text)}`;
}

function middleText(text: string, { x, y, width, height }: Box, fill: string): string {
  return `<text x="${x + width / 2}" y="${y + height / 2 + 4}" text-anchor="middle" fill="${fill}">${escapeXml(text)}</text>`;
}

function boxOf({ x, y, width, height }: Box): string {
  return `x="${x}" y="${y}" width="${width}" height="${height}"`;
}

function shortened(text: string, room: number, weight: 'regular' | 'bold' = 'regular'): string {
  if (textWidth(text, weight) <= room) return text;
  const length = Math.max(0, Math.floor((text.length * room) / textWidth(text, weight)) - 1);
  return length === 0 ? '' : `${text.slice(0, length).trimEnd()}…`;
}
