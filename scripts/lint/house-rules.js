/**
 * Lint rules of this house that no plugin has. They are JavaScript because ESLint loads them itself.
 */

/** An `as` tells the compiler to believe us, so a comment beside it or above it says how we know. */
const asCarriesAComment = {
  meta: {
    type: "suggestion",
    schema: [],
    messages: { silent: "An `as` carries a comment, on its line or the line above, that says how we know." },
  },
  create(context) {
    const commentLines = new Set();
    for (const comment of context.sourceCode.getAllComments()) {
      for (let line = comment.loc.start.line; line <= comment.loc.end.line; line++) commentLines.add(line);
    }
    const check = (node) => {
      const isConst = node.typeAnnotation.type === "TSTypeReference" && node.typeAnnotation.typeName.name === "const";
      if (isConst) return;
      const statement = enclosingStatement(node);
      const nearby = [node.loc.start.line - 1, node.loc.start.line, node.loc.end.line, statement.loc.start.line - 1];
      if (!nearby.some((line) => commentLines.has(line))) context.report({ node, messageId: "silent" });
    };
    return { TSAsExpression: check, TSTypeAssertion: check };
  },
};

const enclosingStatement = (node) => {
  let current = node;
  while (!/Statement$|Declaration$|^PropertyDefinition$/.test(current.type) && current.parent) current = current.parent;
  return current;
};

/** Data is plain objects with functions beside them. What must be a class says why on a disabling line. */
const noClassForData = {
  meta: {
    type: "suggestion",
    schema: [],
    messages: { plain: "Write plain data and functions instead of a class." },
  },
  create(context) {
    const report = (node) => context.report({ node, messageId: "plain" });
    return { ClassDeclaration: report, ClassExpression: report };
  },
};

export const houseRules = {
  "as-carries-a-comment": asCarriesAComment,
  "no-class-for-data": noClassForData,
};
