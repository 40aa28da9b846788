import "./empties.css";
import { type Island, start } from "../ui/island";
import { type Props, Screen } from "./screen";

async function run({ root, props }: Island<Props>): Promise<void> {
  const screen = new Screen(props);
  root.replaceChildren(screen.element);
  await screen.open();
}

start<Props>("empties", run);
