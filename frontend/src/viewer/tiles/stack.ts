import type { Image } from "../../api/types";
import type { Plane, Sizes } from "../planes";
import { type Opened, openImage, type Pyramid, type Selection } from "./source";

/** The planes of an image and, once somebody asks for it, their maximum, which is a store of its own. */
export class Stack {
  readonly sizes: Sizes;
  readonly planes: Pyramid;
  readonly hasMaximum: boolean;
  readonly #projection: string | null;
  #maximum: Promise<Opened> | null = null;

  private constructor(opened: Opened, projection: string | null) {
    this.planes = opened.pyramid;
    this.hasMaximum = projection !== null && opened.sizes.z > 1;
    this.sizes = opened.sizes;
    this.#projection = projection;
  }

  static async open(image: Image): Promise<Stack> {
    if (!image.store) throw new Error("This image has no pixels to show yet.");
    // Another meaning of the file's pages makes other chunks of the same names.
    const version = image.axes ? `?axes=${encodeURIComponent(image.axes)}` : "";
    const projection = image.projection ? image.projection + version : null;
    return new Stack(await openImage(image.store + version), projection);
  }

  async pyramid(plane: Plane): Promise<Pyramid> {
    if (plane.projection === "plane" || !this.#projection) return this.planes;
    this.#maximum ??= openImage(this.#projection);
    try {
      return (await this.#maximum).pyramid;
    } catch (error) {
      this.#maximum = null;
      throw error;
    }
  }

  selection(plane: Plane, c: number): Selection {
    return plane.projection === "max" ? { t: plane.t, c } : { t: plane.t, c, z: plane.z };
  }
}
