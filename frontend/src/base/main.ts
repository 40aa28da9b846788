import "bootstrap/js/dist/alert";
import "bootstrap/js/dist/collapse";
import "bootstrap/js/dist/dropdown";
import "bootstrap/js/dist/modal";
import { localTimes } from "./times";
import { tellZone } from "./zone";
import "../../styles/main.scss";

localTimes();
tellZone();
