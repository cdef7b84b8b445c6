import type { Node } from 'oxc-parser';
import { type Check, finding, nodesOf, type SourceFile } from './source-files.ts';

const limits = { linesOfFunction: 70, linesOfFile: 250, parameters: 3 };

const isSource = ({ path }: SourceFile): boolean => /^(shared|functions|workflows|infra|local|portal)\//.test(path);

export const filesTellOneStory: Check = (files) =>
  files
    .filter((file) => isSource(file) && file.lines > limits.linesOfFile)
    .map((file) => finding(file, limits.linesOfFile, `${file.lines} lines; ${limits.linesOfFile} are allowed`));

/** How many things a function must be given; undefined for what is no function. */
const parametersOf = (node: Node): number | undefined => {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return node.params.filter((parameter) => parameter.type !== 'AssignmentPattern').length;
    default:
      return undefined;
  }
};

/** A function fits on a screen and takes at most three things. */
export const functionsFitOnAScreen: Check = (files) =>
  files.filter(isSource).flatMap((file) =>
    [...nodesOf(file.program)].flatMap((node) => {
      const parameters = parametersOf(node);
      if (parameters === undefined) return [];
      const start = file.lineAt(node.start);
      const lines = file.lineAt(node.end) - start + 1;
      const tooLong = `a function of ${lines} lines; ${limits.linesOfFunction} are allowed`;
      const tooMany = `a function of ${parameters} parameters; ${limits.parameters} are allowed`;
      return [
        ...(lines > limits.linesOfFunction ? [finding(file, start, tooLong)] : []),
        ...(parameters > limits.parameters ? [finding(file, start, tooMany)] : []),
      ];
    }),
  );
