import type { Addition } from "./addition.ts";
import { leaveOutStorageClasses } from "./foreign-storage.ts";
import { openLoginForm } from "./login-form.ts";
import { shareNodes } from "./shared-nodes.ts";
import { mountByOneNode } from "./single-writer.ts";
import { trustSlackMock } from "./slack-trust.ts";
import { watchSmallNamespace } from "./watched-namespace.ts";

/** What the test adds to values, in these layers, and why. @param layers contents of values files, in their order */
export function makeAdditions(layers: readonly string[]): Addition[] {
	return [
		trustSlackMock,
		openLoginForm,
		mountByOneNode,
		leaveOutStorageClasses,
		shareNodes,
		watchSmallNamespace,
	].flatMap((make) => make(layers) ?? []);
}
