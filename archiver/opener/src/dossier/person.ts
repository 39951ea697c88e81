/** Names as a list shows them: the name in use, the name of birth behind it where that is another, the given name. */
export function calledName(used: string, birth: string, given: string): string {
  const family = used || birth;
  const born = birth && birth !== family ? ` (${birth})` : "";
  return `${family.toUpperCase()}${born} ${given}`.trim();
}

export const dayMonthYear = (date: string): string => date.split("-").reverse().filter(Boolean).join("/");
