import { whatBecameOf } from "../planted-silence.ts";
import { announces } from "./announced.ts";
import type { UpgradeClaim } from "./claim.ts";

export const silencesAreKept: UpgradeClaim = {
	id: "silences-are-kept",
	title: "a silence is still in force",
	reason: "silence-lost",
	check: async ({ stack, silence, announced }) => {
		if (!silence) return { skipped: "the stack has no Alertmanager" };
		const lost = await whatBecameOf(stack.alertmanager, silence);
		if (!lost) return {};
		return announces(announced, "alertmanager-state-lost")
			? { notes: [`${lost}, as reading the charts announced`] }
			: { flaws: [lost] };
	},
};
