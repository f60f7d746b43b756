const names: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'vertical bars',
};

export function delimiterInWords(delimiter: string): string {
  return names[delimiter] ?? `the sign ${delimiter}`;
}
