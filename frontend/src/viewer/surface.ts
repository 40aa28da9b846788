import { Deck, type Layer, type LayersList, OrthographicView } from "@deck.gl/core";
import type { View } from "./view";

const VIEW_ID = "image";

/** The canvas that deck.gl draws on: layers as seen from one place. */
export class Surface {
  readonly #deck: Deck<OrthographicView>;
  #gl: WebGL2RenderingContext | null = null;

  constructor(canvas: HTMLCanvasElement, view: View, layers: LayersList, drawn: () => void) {
    this.#deck = new Deck<OrthographicView>({
      canvas,
      views: new OrthographicView({ id: VIEW_ID, controller: false }),
      viewState: viewState(view),
      layers,
      controller: false,
      // All edges here lie along pixels; smoothing them would cost a browser without a graphics card dearly.
      deviceProps: { type: "webgl", webgl: { antialias: false } },
      onDeviceInitialized: (device) => {
        this.#gl = (device as unknown as { gl: WebGL2RenderingContext }).gl;
      },
      onAfterRender: drawn,
      onError: (error) => console.error(error),
    });
  }

  draw(view: View, layers: LayersList): void {
    this.#deck.setProps({ viewState: viewState(view), layers });
  }

  /** Whether all layers have what they draw. */
  get loaded(): boolean {
    const layers = this.#deck.props.layers.flat() as (Layer | null)[];
    return layers.every((layer) => !layer || layer.isLoaded);
  }

  /** The colour (r, g, b, a; 0..255) at a place of the canvas, in px of a page on which it is `width` wide. */
  colourAt(left: number, top: number, width: number): [number, number, number, number] {
    const gl = this.#gl;
    if (!gl) throw new Error("The graphics context is not ready.");
    this.#deck.redraw("probe");
    const scale = gl.drawingBufferWidth / width;
    const data = new Uint8Array(4);
    const bottom = gl.drawingBufferHeight - 1 - Math.floor(top * scale);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.readPixels(Math.floor(left * scale), bottom, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, data);
    return [data[0] ?? 0, data[1] ?? 0, data[2] ?? 0, data[3] ?? 0];
  }

  destroy(): void {
    this.#deck.finalize();
  }
}

function viewState({ x, y, zoom }: View): { target: [number, number, number]; zoom: number } {
  return { target: [x, y, 0], zoom };
}
