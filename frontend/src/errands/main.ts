import { type Island, start } from "../ui/island";
import { followErrand, getErrand, isActive } from "./api";
import { ErrandBar } from "./bar";

interface ErrandProps {
  errand: number;
}

/** Shows an errand on a page that the server draws anew when it is over. */
async function run({ root, props }: Island<ErrandProps>): Promise<void> {
  const bar = new ErrandBar();
  root.replaceChildren(bar.element);
  const first = await getErrand(props.errand);
  const last = await followErrand(first, (errand) => bar.show(errand));
  if (isActive(first) || last.state === "done") location.reload();
}

start<ErrandProps>("errand", run);
