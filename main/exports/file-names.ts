import type { ExportNetwork, ExportSubject } from '../../core/export/subject.ts';

/** What the files of a network are called: `model`, of adversarial training `generator` and `discriminator`. */
export function fileStem(network: ExportNetwork, subject: ExportSubject): string {
  if (subject.networks.length === 1) return 'model';
  return network.name === 'main' ? 'generator' : network.name;
}
