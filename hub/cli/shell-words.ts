/** Commands as a person types them into the shell of a platform. */

/** One word of a command. */
export function word(text: string, platform: NodeJS.Platform): string {
  if (/^[\w@%+=:,./-]+$/.test(text) || (platform === "win32" && /^[\w:.\\-]+$/.test(text))) return text;
  return platform === "win32" ? `"${text}"` : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The command that removes files, those that are gone by then, too. */
export function removal(paths: readonly string[], platform: NodeJS.Platform): string {
  const words = paths.map((path) => word(path, platform)).join(" ");
  return platform === "win32" ? `del ${words}` : `rm -f ${words}`;
}
