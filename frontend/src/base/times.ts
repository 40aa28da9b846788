import { setText } from "../ui/dom";
import { moment } from "../ui/format";

/** The server writes times in UTC; people read them in the time of the place where they are. */
export function localTimes(): void {
  for (const element of document.querySelectorAll("time"))
    setText(element, moment(new Date(element.dateTime)));
}
