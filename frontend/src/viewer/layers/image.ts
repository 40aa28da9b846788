import type { Layer } from "@deck.gl/core";
import { ColorPaletteExtension } from "@vivjs/extensions";
import { MultiscaleImageLayer } from "@vivjs/layers";
import type { ChannelView } from "../channels";
import type { Pyramid, Selection } from "../tiles/source";
import { GammaExtension } from "./gammaExtension";

// Made once: a new extension object would make deck.gl compile the shaders again.
const EXTENSIONS = [new ColorPaletteExtension(), new GammaExtension()];

export interface ImageLayerOptions {
  pyramid: Pyramid;
  channels: ChannelView[];
  /** Kept by the caller: a new array makes Viv fetch every tile again. */
  selections: Selection[];
}

/** The image itself: the true pixel values, coloured and stretched on the graphics card. */
export function imageLayer({ pyramid, channels, selections }: ImageLayerOptions): Layer {
  const shown = selections.flatMap(({ c }) => channels[c] ?? []);
  const props = {
    id: "image",
    loader: pyramid,
    selections,
    colors: shown.map((channel) => channel.colour),
    contrastLimits: shown.map((channel) => [channel.low, channel.high]),
    channelsVisible: shown.map((channel) => channel.visible),
    gammas: shown.map((channel) => channel.gamma),
    extensions: EXTENSIONS,
    // Under the tiles of a small image, its lowest level would be the same picture drawn twice.
    excludeBackground: pyramid.length === 1,
    pickable: false,
  };
  return new MultiscaleImageLayer(props as never) as Layer;
}
