import type { DopplerClient, DopplerOutage } from "../clients/doppler.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";
import { type Fault, makeFault } from "../common/fault.ts";

const symptoms = {
	refused: "refuses connections",
	unavailable: "answers 503",
	"rate-limited": "answers 429",
} as const satisfies Record<DopplerOutage, string>;

/** Doppler is away, in one of its ways. One may begin while another goes on; the end of either brings Doppler back. */
export function makeDopplerOutage(
	doppler: DopplerClient,
	how: DopplerOutage,
): Fault {
	return makeFault(
		`Doppler ${symptoms[how]}`,
		() => doppler.goAway(how),
		// Insistent: an outage that goes on would be blamed on the stack by the claims that follow.
		() =>
			eventually("Doppler is back", budgets.podRestart, () =>
				doppler.comeBack(),
			),
	);
}
