import { getStructures } from "../api/endpoints";
import { type Island, start } from "../ui/island";
import { Screen } from "./screen";

interface ExistingProps {
  dataset: number;
  project: number;
  manager: boolean;
}

async function run({ root, props }: Island<ExistingProps>): Promise<void> {
  const screen = new Screen(props, await getStructures(props.project));
  root.replaceChildren(screen.element);
  await screen.open();
}

start<ExistingProps>("existing", run);
