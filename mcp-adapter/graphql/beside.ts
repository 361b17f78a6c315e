/** What is shown beside the data of a GraphQL response: pictures, what the engine complained about, who answered. */
import type { Answer } from "../../hub-client/pending-request.ts";
import { type Complaint, engineErrorLines, type Reported } from "../texts/engine-errors.ts";
import { type Picture, withoutPicture } from "../texts/pictures.ts";

export class Beside {
  readonly images: Picture[] = [];
  readonly #complaints: Complaint[] = [];
  readonly #instances = new Set<string>();

  /** The result of an answer, without what is shown beside it. */
  take({ engineErrors = [], ...given }: Reported<Answer>): unknown {
    const { answer, images } = withoutPicture(given);
    this.images.push(...images);
    this.#complaints.push(...engineErrors);
    if (answer.instance) this.#instances.add(answer.instance.name);
    return answer.result;
  }

  /** The `extensions` of the response; undefined when there is nothing to tell. */
  get extensions(): Record<string, unknown> | undefined {
    if (this.#instances.size === 0) return undefined;
    const engineErrors = engineErrorLines(this.#complaints);
    return { instances: [...this.#instances], ...(engineErrors.length > 0 && { engineErrors }) };
  }
}
