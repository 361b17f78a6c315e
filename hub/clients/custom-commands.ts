/** Commands that a project has registered in its editor, as one instance has told of them: bounded in size, each alone and all together. */
import { WireError } from "../../protocol/errors.ts";
import type { CustomCommand } from "../../protocol/messages.ts";
import type { Permit } from "../access/permit.ts";
import { Quota, type Shortage } from "../access/quota.ts";
import { BOUNDS } from "../bounds.ts";

/** One of them. Its schema is kept as text: as values it would take many times the room. */
interface Kept extends Omit<CustomCommand, "paramsSchema"> {
  readonly paramsSchema: string;
}

const NONE: ReadonlyMap<string, Kept> = new Map();

/** Room for the commands of all instances, in bytes. */
export class CustomCommandRoom extends Quota {
  constructor() {
    super(BOUNDS.customCommandsTogether.most);
  }
}

/** The commands of one instance. */
export class CustomCommands {
  readonly #room: Quota;
  #byName = NONE;
  #taken = 0;
  #permit: Permit | undefined;

  /** @param room What all instances share. */
  constructor(room: Quota) {
    this.#room = room;
  }

  /** Takes those that there are now, in the place of what was told before. @returns why there is no room for them: then none is known. */
  replace(commands: readonly CustomCommand[], permit: Permit | undefined): WireError | undefined {
    this.clear();
    const kept = commands.map((command) => ({ ...command, paramsSchema: JSON.stringify(command.paramsSchema) }));
    const size = kept.reduce((sum, each) => sum + sizeOf(each), 0);
    if (size > BOUNDS.customCommands.most) return tooMany({ most: BOUNDS.customCommands.most, of: "of one instance" });
    const shortage = this.#room.take(permit, size);
    if (shortage) return tooMany(shortage);
    this.#byName = new Map(kept.map((command) => [command.name, command]));
    this.#taken = size;
    this.#permit = permit;
    return undefined;
  }

  /** Gives their room back. */
  clear(): void {
    this.#room.give(this.#permit, this.#taken);
    this.#taken = 0;
    this.#byName = NONE;
  }

  /** What is known of the command of that name, but for its schema. */
  get(name: string): Pick<CustomCommand, "readOnly"> | undefined {
    return this.#byName.get(name);
  }

  /** All of them. */
  list(): CustomCommand[] {
    return [...this.#byName.values()].map((kept) => ({ ...kept, paramsSchema: JSON.parse(kept.paramsSchema) }));
  }
}

function tooMany({ most, of }: Shortage): WireError {
  return new WireError("TOO_LARGE", `Custom commands may have ${most} characters ${of}, with their schemas.`, {
    limit: most,
    hint: "None of them is known now. Register fewer, or with shorter descriptions and schemas.",
  });
}

function sizeOf({ name, description, paramsSchema }: Kept): number {
  return name.length + description.length + paramsSchema.length;
}
