import type { SlackClient } from "../../../clients/slack.ts";
import type { StartedLedger } from "../../../ledger/writer.ts";
import type { Reason, ReasonId } from "../../reasons.ts";
import type { Absence } from "../gaps.ts";
import type { Stack, State } from "../state.ts";
import type { Scraped } from "./samples.ts";

/** What was watched while the stack was upgraded. */
export interface Watched {
	readonly stack: Stack;
	readonly slack: SlackClient;
	/** What the second chart renders, as YAML. */
	readonly installed: string;
	/** What reading the charts announced. */
	readonly announced: readonly Reason[];
	readonly before: State;
	/** What logs said before of what is unknown, refused or forbidden. */
	readonly refusedBefore: readonly string[];
	readonly after: State;
	/** From before the first change until everything is scraped again, in milliseconds. */
	readonly window: Absence;
	/** Undefined where the stack takes no remote writes. */
	readonly ledger: StartedLedger | undefined;
	readonly scrapedBefore: Scraped;
	/** When Watchdog was seen at Alertmanager's API, in milliseconds. */
	readonly seenAtAlertmanager: readonly number[];
	/** Undefined where no alert reaches the Slack mock. */
	readonly planted:
		| {
				readonly name: string;
				readonly told: number;
		  }
		| undefined;
}

/** What a claim found. */
export interface Finding {
	/** What is wrong, a sentence each; none where the claim holds. */
	readonly flaws?: readonly string[];
	/** The figures. */
	readonly notes?: readonly string[];
	/** Why nothing could be checked. */
	readonly skipped?: string;
}

/** What must hold through an upgrade. */
export interface UpgradeClaim {
	readonly id: string;
	readonly title: string;
	/** What the verdict says where it does not hold. */
	readonly reason: ReasonId;
	check(watched: Watched): Promise<Finding>;
}

/** What an upgrade may bring about without anything being lost. */
export type SideEffect = Pick<UpgradeClaim, "reason" | "check">;
