// Set-up of each unit test file. They share a process: the environment, clock and spies of one would be those of the
// next, which loads its modules before any test, and a secret of one would be blanked in the texts of the next.
import { vi } from "vitest";
import { forgetSecrets } from "../../common/secrecy/redact.ts";

vi.unstubAllEnvs();
vi.unstubAllGlobals();
vi.useRealTimers();
vi.restoreAllMocks();
forgetSecrets();
