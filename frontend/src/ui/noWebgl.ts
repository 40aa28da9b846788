import { notice, reloadButton } from "./island";

export function noWebgl(): HTMLElement {
  return notice({
    icon: "gpu-card",
    title: "This browser cannot draw images",
    text: "WebGL 2 is switched off or missing. Use a recent Firefox, Chrome, Edge or Safari, and allow hardware acceleration in its settings.",
    actions: [reloadButton()],
    alert: true,
  });
}
