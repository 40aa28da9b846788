import { keysDialog } from "../ui/keysDialog";
import { KEY_HELP } from "./keys";

export function helpDialog(): HTMLDialogElement {
  return keysDialog("Keys on the label screen", KEY_HELP);
}
