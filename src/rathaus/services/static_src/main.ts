/** What pages of services do beyond their plain HTML. */
import { improveApplication } from "./application";

improveApplication();
