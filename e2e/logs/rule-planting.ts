import type { LokiClient, LokiRule } from "../clients/loki.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";

/** How often the planted rules are evaluated. */
const interval = "2s";

/** A rule group in Loki's ruler, by its API. */
export class RulePlanting {
	readonly #loki: LokiClient;
	readonly #name: string;

	/** @param name of the group, and of its namespace in the ruler */
	constructor(loki: LokiClient, name: string) {
		this.#loki = loki;
		this.#name = name;
	}

	/** Resolves when the ruler has evaluated every rule. */
	async plant(rules: readonly LokiRule[]): Promise<void> {
		const name = this.#name;
		await this.#loki.setRuleGroup(name, { name, interval, rules });
		await eventually(
			`Loki's ruler has evaluated rule group ${name}`,
			budgets.ruleReload,
			async () => {
				const groups = await this.#loki.ruleGroups();
				const group = groups.find((each) => each.name === name);
				if (group?.rules.length !== rules.length)
					return notYet("it has not loaded them");
				const failing = group.rules.find(({ health }) => health !== "ok");
				if (failing)
					return notYet(
						`${failing.name}: health ${failing.health} ${failing.lastError}`,
					);
			},
		);
	}

	/** Deletes the group. */
	withdraw(): Promise<void> {
		return this.#loki.deleteRules(this.#name);
	}
}
