import type { SlackClient } from "../../../clients/slack.ts";
import type { Gap } from "../../../ledger/gaps.ts";
import type { StartedLedger } from "../../../ledger/writer.ts";
import type { ReasonId } from "../../reason-kinds.ts";
import type { Reason } from "../../reasons.ts";
import type { FiringAlert } from "../planted-alert.ts";
import type { Scraped } from "../scraped.ts";
import type { Stack, State } from "../state.ts";

/** What was watched while the stack was upgraded. */
export interface Watched {
	readonly stack: Stack;
	readonly slack: SlackClient;
	/** What the second chart renders, as YAML. */
	readonly installed: string;
	/** What reading the charts announced. */
	readonly announced: readonly Reason[];
	readonly before: State;
	/** What logs said was unknown, refused or forbidden before. */
	readonly refusedBefore: readonly string[];
	readonly after: State;
	/** From before the first change until everything is scraped again, in milliseconds. */
	readonly window: Gap;
	/** Undefined if the stack takes no remote writes. */
	readonly ledger: StartedLedger | undefined;
	readonly scrapedBefore: Scraped;
	/** When Watchdog was seen at Alertmanager's API, in milliseconds. */
	readonly seenAtAlertmanager: readonly number[];
	/** Undefined if no alert reaches the Slack mock. */
	readonly planted: FiringAlert | undefined;
	/** The id of a silence; undefined if the stack has no Alertmanager. */
	readonly silence: string | undefined;
}

/** What a claim found. */
export interface Finding {
	/** What is wrong, a sentence each; empty or absent if the claim holds. */
	readonly flaws?: readonly string[];
	/** The figures. */
	readonly notes?: readonly string[];
	/** Why there was nothing to check. */
	readonly skipped?: string;
}

/** What must hold through an upgrade. */
export interface UpgradeClaim {
	readonly id: string;
	readonly title: string;
	/** The reason if it does not hold. */
	readonly reason: ReasonId;
	check(watched: Watched): Promise<Finding>;
}

/** What an upgrade may cost without a loss. */
export type SideEffect = Pick<UpgradeClaim, "reason" | "check">;
