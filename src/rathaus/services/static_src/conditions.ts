/** The conditions of a form that the browser can decide alone; the server decides all of them again. */

export type Scalar = string | number | boolean;
export type Operand = Scalar | { field: string };
export type Condition =
  | { eq: [string, Operand] }
  | { ne: [string, Operand] }
  | { in: [string, Scalar[]] }
  | { not_in: [string, Scalar[]] }
  | { present: string }
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition };

/** The answers to one question that can be seen; empty is absent. */
export type Answers = (name: string) => string[];

export function holds(condition: Condition, answers: Answers): boolean {
  if ("all" in condition) return condition.all.every((part) => holds(part, answers));
  if ("any" in condition) return condition.any.some((part) => holds(part, answers));
  if ("not" in condition) return !holds(condition.not, answers);
  if ("present" in condition) return answers(condition.present).length > 0;
  if ("in" in condition) return isAmong(condition.in, answers);
  if ("not_in" in condition) return answers(condition.not_in[0]).length > 0 && !isAmong(condition.not_in, answers);
  const [name, operand] = "eq" in condition ? condition.eq : condition.ne;
  const given = answers(name);
  const other = typeof operand === "object" ? answers(operand.field) : [String(operand)];
  if (given.length === 0 || other.length === 0) return false;
  return (given[0] === other[0]) === "eq" in condition;
}

function isAmong([name, values]: [string, Scalar[]], answers: Answers): boolean {
  const wanted = new Set(values.map(String));
  return answers(name).some((answer) => wanted.has(answer));
}
