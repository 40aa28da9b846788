import { type Place, placeOf } from "../answers/place";
import { request } from "../api/client";
import type { Answer } from "../api/types";
import type { Disputed, Remark } from "./types";

export interface DisputedPage {
  patches: Disputed[];
  cursor: number | null;
  total: number;
}

/** What the requests of one screen have in common. */
export class ReviewApi {
  readonly #base: string;

  constructor(dataset: number) {
    this.#base = `/api/datasets/${dataset}/`;
  }

  disputed(structure: number, decided: boolean, cursor: number): Promise<DisputedPage> {
    const query = `structure=${structure}&decided=${decided ? 1 : 0}&cursor=${cursor}`;
    return request(`${this.#base}disagreements/?${query}`);
  }

  decide(structure: number, place: Place, value: Answer): Promise<unknown> {
    const body = { structure, decisions: [{ ...placeOf(place), value }] };
    return request(`${this.#base}decisions/`, { method: "PUT", body });
  }

  undecide(structure: number, place: Place): Promise<unknown> {
    const body = { structure, patches: [placeOf(place)] };
    return request(`${this.#base}decisions/`, { method: "DELETE", body });
  }

  remarks(): Promise<Remark[]> {
    return request(`${this.#base}remarks/`);
  }

  remark(structure: number, place: Place, text: string, to: number | null): Promise<Remark> {
    const body = { structure, ...placeOf(place), text, sent_to: to };
    return request(`${this.#base}remarks/`, { method: "POST", body });
  }
}
