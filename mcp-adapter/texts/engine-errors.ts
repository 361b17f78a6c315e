/** What the engine complained about while a command ran: told once each, apart from what the command itself answers. */
import { z } from "zod";

/** Complaints that a model is shown, and the length of each, in characters. */
const SHOWN = 5;
const LENGTH = 240;

const complaintSchema = z.looseObject({
  level: z.string(),
  message: z.string(),
  file: z.string().optional(),
  line: z.number().optional(),
});
const reportSchema = z.looseObject({
  engineErrors: z.array(complaintSchema),
  engineErrorsLeftOut: z.number().optional(),
});

/** One kind of complaint and how often it came. */
export interface Complaint extends z.infer<typeof complaintSchema> {
  readonly count: number;
}

/** An answer apart from the complaints in its result. */
export type Reported<A> = A & { readonly engineErrors?: readonly Complaint[] };

/** Takes the complaints out of an answer's result. */
export function apartFromEngineErrors<A extends { readonly result: unknown }>(answer: A): Reported<A> {
  const complaints = complaintsIn(answer.result);
  if (complaints.length === 0) return answer;
  const { engineErrors: _, engineErrorsLeftOut: __, ...result } = reportSchema.parse(answer.result);
  return { ...answer, result, engineErrors: complaints };
}

/** The complaints of a result or of an error's data; those that differ in nothing but numbers are one. */
export function complaintsIn(report: unknown): Complaint[] {
  const kinds = new Map<string, Complaint>();
  for (const complaint of reportSchema.safeParse(report).data?.engineErrors ?? []) {
    const kind = kindOf(complaint);
    kinds.set(kind, { ...(kinds.get(kind) ?? complaint), count: (kinds.get(kind)?.count ?? 0) + 1 });
  }
  return [...kinds.values()];
}

/** The same for complaints that differ in nothing but numbers. */
export function kindOf({ level, message, file, line }: z.infer<typeof complaintSchema>): string {
  return `${level} ${file} ${line} ${message.replace(/\d+/g, "0")}`;
}

/** True for an error of a script that `text` tells already: a command that answers with parse errors has made the engine say them, too. */
export function isToldIn(text: string, { message }: Complaint): boolean {
  const [, error] = /^Parse Error: (.+)$/.exec(message) ?? [];
  return error !== undefined && text.includes(error);
}

/** Lines about complaints; none when there are none. */
export function engineErrorLines(complaints: readonly Complaint[]): string[] {
  if (complaints.length === 0) return [];
  const lines = complaints.slice(0, SHOWN).map(({ level, message, file, line, count }) => {
    const times = count === 1 ? "" : ` (${count} times)`;
    const at = file === undefined ? "" : ` (${file}${line === undefined ? "" : `:${line}`})`;
    const short = message.length > LENGTH ? `${message.slice(0, LENGTH)}…` : message;
    return `- ${level}: ${short.replaceAll(/\s+/g, " ")}${at}${times}`;
  });
  const more = complaints.length - lines.length;
  return ["Reported by the engine meanwhile:", ...lines, ...(more > 0 ? [`- and ${more} more; see the log`] : [])];
}
