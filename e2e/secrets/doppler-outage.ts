import type { DopplerClient, DopplerOutage } from "../clients/doppler.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";
import { type Fault, makeFault } from "../common/fault.ts";

const symptoms = {
	refused: "refuses connections",
	unavailable: "answers 503",
	"rate-limited": "answers 429",
} as const satisfies Record<DopplerOutage, string>;

/** Doppler is away, in one of three ways. A second outage may begin during the first; ending either brings Doppler back. */
export function makeDopplerOutage(
	doppler: DopplerClient,
	how: DopplerOutage,
): Fault {
	return makeFault(
		`Doppler ${symptoms[how]}`,
		() => doppler.goAway(how),
		// It retries, because later claims would blame an outage that continues on the stack.
		() =>
			eventually("Doppler is back", budgets.podRestart, () =>
				doppler.comeBack(),
			),
	);
}
