import { nameOf } from "../../../../clients/kube-objects.ts";
import { SetUpError } from "../../../../common/errors.ts";
import type { Kubectl } from "../kubectl.ts";

/**
 * For tests: records each call as its subcommand and the objects that it is about.
 *
 * @param refused what is said of an object, by its name and the subcommand
 * @param existing what `kubectl get` prints
 */
export function makeRecordingKubectl({
	refused = {},
	existing = "",
}: {
	readonly refused?: Readonly<Record<string, string>>;
	readonly existing?: string;
} = {}) {
	const calls: string[] = [];
	const kubectl: Kubectl = async (args, objects) => {
		if (objects.length === 0) return "";
		const verb = args
			.filter((each) => /^\w|^--server-side/.test(each))
			.join(" ");
		calls.push(`${verb} ${objects.map(nameOf).join(" ")}`);
		const words = objects.flatMap(
			(each) => refused[`${verb} ${nameOf(each)}`] ?? [],
		);
		if (words.length > 0)
			throw new SetUpError(`kubectl ${args[0]} failed: ${words.join("; ")}`);
		return args[0] === "get" ? existing : "";
	};
	return { kubectl, calls };
}
