import type { ExportFormat } from '../../core/export/subject.ts';
import type { Exporter } from './exporter.ts';

/** What writes each format. */
export const exporters: Readonly<Partial<Record<ExportFormat, Exporter>>> = {};
