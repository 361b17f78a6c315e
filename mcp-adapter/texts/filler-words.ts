/** Words of a question that say nothing about what is asked for. */
export const FILLERS: ReadonlySet<string> = new Set(
  "a all an and are as at be by can do does for from how i in into is it its make me my of on or that the this to want what when which with".split(
    " ",
  ),
);
