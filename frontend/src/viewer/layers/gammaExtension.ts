import type { Layer, UpdateParameters } from "@deck.gl/core";
import { VivLayerExtension } from "@vivjs/extensions";

const CHANNEL = "VIV_CHANNEL_INDEX";

// Viv repeats every line with its placeholder once per channel.
const gammaModule = {
  name: "channelGamma",
  uniformTypes: { [`gamma${CHANNEL}`]: "f32" as const },
  fs: `uniform channelGammaUniforms {
  float gamma${CHANNEL};
} channelGamma;

float gamma_of(int channel) {
  if (channel == ${CHANNEL}) return channelGamma.gamma${CHANNEL};
  return 1.0;
}
`,
  inject: {
    "fs:DECKGL_PROCESS_INTENSITY": `
  intensity = apply_contrast_limits(intensity, contrastLimits);
  intensity = pow(clamp(intensity, 0.0, 1.0), 1.0 / gamma_of(channelIndex));
`,
  },
};

interface GammaProps {
  gammas?: number[];
}

/** Adds a gamma per channel to Viv's contrast limits, on the graphics card. */
export class GammaExtension extends VivLayerExtension {
  static override extensionName = "GammaExtension";

  override getVivShaderTemplates() {
    return { modules: [gammaModule] };
  }

  override updateState(
    this: Layer<GammaProps>,
    _params: UpdateParameters<Layer<GammaProps>>,
  ): void {
    const gammas = this.props.gammas ?? [];
    const uniforms = Object.fromEntries(gammas.map((gamma, i) => [`gamma${i}`, gamma]));
    for (const model of this.getModels()) {
      model.shaderInputs.setProps({ channelGamma: uniforms });
    }
  }
}
