import type { LokiClient, LokiRule } from "../clients/loki.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";

/** How often the planted rules are evaluated. */
const interval = "2s";

/** A group of rules in Loki's ruler, by its API. */
export class RulePlanting {
	readonly #loki: LokiClient;
	readonly #name: string;

	/** @param name of the group, and of what the ruler calls its namespace */
	constructor(loki: LokiClient, name: string) {
		this.#loki = loki;
		this.#name = name;
	}

	/** Resolves when the ruler has evaluated each of the rules. */
	async plant(rules: readonly LokiRule[]): Promise<void> {
		const name = this.#name;
		await this.#loki.setRuleGroup(name, { name, interval, rules });
		await eventually(
			`Loki's ruler has evaluated rule group ${name}`,
			budgets.ruleReload,
			() => this.#loki.ruleGroups(),
			(groups) => {
				const group = groups.find((each) => each.name === name);
				if (group?.rules.length !== rules.length)
					return "it has not loaded them";
				const ill = group.rules.find(({ health }) => health !== "ok");
				return !ill || `${ill.name}: health ${ill.health} ${ill.lastError}`;
			},
		);
	}

	/** Takes the group away. */
	withdraw(): Promise<void> {
		return this.#loki.deleteRules(this.#name);
	}
}
