/** Words of a question that say nothing about what is asked for. */
export const FILLERS: ReadonlySet<string> = new Set(
  "a all an and any are as at be been by can could did do does for from give had has have how i in into is it its just let make me my need no of on only or our please should since so some than that the their then there these they this to use using want was we were what when where which who why will with would you your".split(
    " ",
  ),
);
