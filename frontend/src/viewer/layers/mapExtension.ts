import type { Layer, UpdateParameters } from "@deck.gl/core";
import { VivLayerExtension } from "@vivjs/extensions";
import { HEAT, type Rgb } from "../colours";

export type MapMode = "mask" | "outline" | "heat";

const MODES: Record<MapMode, number> = { mask: 0, outline: 1, heat: 2 };

function vec3(colour: Rgb): string {
  return `vec3(${colour.map((part) => (part / 255).toFixed(4)).join(", ")})`;
}

const mapModule = {
  name: "mapOverlay",
  uniformTypes: {
    colour: "vec4<f32>" as const,
    threshold: "f32" as const,
    mode: "f32" as const,
  },
  fs: `uniform mapOverlayUniforms {
  vec4 colour;
  float threshold;
  float mode;
} mapOverlay;

const vec3 HEAT[${HEAT.length}] = vec3[${HEAT.length}](${HEAT.map(vec3).join(", ")});

vec3 heat_colour(float value) {
  float place = clamp(value, 0.0, 1.0) * float(${HEAT.length - 1});
  int low = min(int(place), ${HEAT.length - 2});
  return mix(HEAT[low], HEAT[low + 1], place - float(low));
}

float in_mask(float value) {
  return step(mapOverlay.threshold - 0.00001, value / 255.0);
}

vec4 map_colour(float value, float neighbours) {
  float alpha = mapOverlay.colour.a;
  float inside = in_mask(value);
  if (mapOverlay.mode > 1.5) {
    return vec4(heat_colour(value / 255.0), alpha * smoothstep(0.0, 0.35, value / 255.0));
  }
  float edge = inside * (1.0 - step(7.5, neighbours));
  if (mapOverlay.mode > 0.5) return vec4(mapOverlay.colour.rgb, edge * clamp(alpha * 2.0, 0.2, 1.0));
  return vec4(mapOverlay.colour.rgb, alpha * inside);
}
`,
  inject: {
    // The channel's texture is declared after the modules, so it can only be read in main. Neighbours are looked at for
    // outlines alone: without a graphics card every look costs.
    "fs:#main-end": `
  float here = float(texture(channel0, vTexCoord).r);
  vec2 pixel = fwidth(vTexCoord) * 2.0;
  float neighbours = 8.0;
  if (mapOverlay.mode > 0.5 && mapOverlay.mode < 1.5 && in_mask(here) > 0.5) {
    neighbours = 0.0;
    for (int dy = -1; dy <= 1; dy++) {
      for (int dx = -1; dx <= 1; dx++) {
        if (dx == 0 && dy == 0) continue;
        vec2 beside = vTexCoord + vec2(float(dx), float(dy)) * pixel;
        neighbours += in_mask(float(texture(channel0, beside).r));
      }
    }
  }
  fragColor = map_colour(here, neighbours);
`,
  },
};

export interface MapStyle {
  mode: MapMode;
  /** 0..1, as the structure's threshold */
  threshold: number;
  colour: Rgb;
  /** 0..1 */
  opacity: number;
}

interface MapProps {
  mapStyle?: MapStyle;
}

/** Paints a map (uint8, 0..255 for 0..1) as mask, outline or heat map; a moved threshold only sets a uniform. */
export class MapExtension extends VivLayerExtension {
  static override extensionName = "MapExtension";

  override getVivShaderTemplates() {
    return { modules: [mapModule] };
  }

  override updateState(this: Layer<MapProps>, _params: UpdateParameters<Layer<MapProps>>): void {
    const style = this.props.mapStyle;
    if (!style) return;
    const colour = [...style.colour.map((part) => part / 255), style.opacity];
    const uniforms = { colour, threshold: style.threshold, mode: MODES[style.mode] };
    for (const model of this.getModels()) model.shaderInputs.setProps({ mapOverlay: uniforms });
  }
}
