import type { Layer } from "@deck.gl/core";
import { MultiscaleImageLayer } from "@vivjs/layers";
import type { Pyramid } from "../tiles/source";
import { MapExtension, type MapStyle } from "./mapExtension";

const EXTENSIONS = [new MapExtension()];
const SELECTIONS = [{ c: 0 }];
const LIMITS = [[0, 255]];
const VISIBLE = [true];

export function mapLayer(id: string, pyramid: Pyramid, mapStyle: MapStyle): Layer {
  const props = {
    id,
    loader: pyramid,
    selections: SELECTIONS,
    contrastLimits: LIMITS,
    channelsVisible: VISIBLE,
    mapStyle,
    extensions: EXTENSIONS,
    // Overlapping levels would be blended twice where the overlay is translucent.
    excludeBackground: true,
    refinementStrategy: "no-overlap",
    pickable: false,
  };
  return new MultiscaleImageLayer(props as never) as Layer;
}
