/** Asks one question at a time; of those that come meanwhile only the newest, as soon as the last one is answered. */
export function newestOnly<Question>(ask: (question: Question) => Promise<void>): (question: Question) => void {
  let next: { readonly question: Question } | null = null;
  let isAsking = false;

  async function work(): Promise<void> {
    isAsking = true;
    while (next !== null) {
      const { question } = next;
      next = null;
      await ask(question);
    }
    isAsking = false;
  }

  return (question) => {
    next = { question };
    if (!isAsking) void work();
  };
}
