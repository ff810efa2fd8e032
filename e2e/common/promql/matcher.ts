import { GoRegex } from "../go-regex.ts";

/** Whether a label's value, empty if there is no such label, meets a condition, as Prometheus, Loki and Alertmanager judge it. */
export function matches(
	{
		operator,
		value,
	}: {
		/** `=`, `!=`, `=~` or `!~`. */
		readonly operator: string;
		readonly value: string;
	},
	labelValue: string,
): boolean {
	const same = operator.endsWith("~")
		? GoRegex.whole(value).test(labelValue)
		: labelValue === value;
	return operator.startsWith("!") ? !same : same;
}
