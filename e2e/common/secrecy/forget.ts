// Set-up of each unit test file: they run in one process, which would blank a secret of one in the texts of the next.
import { forgetSecrets } from "./redact.ts";

forgetSecrets();
