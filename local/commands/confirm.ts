import { createInterface } from 'node:readline/promises';

/** Whether whoever sits at the terminal types this word. Without a terminal nobody does. */
export const confirm = async (question: string, word: string): Promise<boolean> => {
  if (!process.stdin.isTTY) {
    console.log(`${question} Nobody can be asked here: run it with --yes.`);
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${question} Type ${word} to go on: `);
  terminal.close();
  return answer.trim() === word;
};
