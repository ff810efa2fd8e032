import { listAt } from "../../../common/parsing/yaml-map.ts";
import { textAt } from "../charts/fields.ts";
import { readIni } from "../charts/read-ini.ts";
import type { ScrapedTarget } from "../targets/target.ts";

/** What an exporter is started with. */
export function startedWith({ pods }: ScrapedTarget): string[] {
	return (
		(pods?.containers ?? [])
			// An init container that goes on beside the exporter is another program, even of the same image.
			.filter((each) => textAt(each, "restartPolicy") === "")
			.flatMap((each) =>
				withJoinedFlags(
					[...listAt(each, "command"), ...listAt(each, "args")].map(String),
				),
			)
	);
}

/** Flags with their values, which may be arguments of their own: `--resources`, `pods` is `--resources=pods`. */
function withJoinedFlags(args: readonly string[]): string[] {
	return args.flatMap((each, i) => {
		const [before, next] = [args[i - 1], args[i + 1]];
		const isFlag = (arg: string | undefined) => /^--?[^=]+$/.test(arg ?? "");
		if (isFlag(each))
			return next !== undefined && !next.startsWith("-")
				? [`${each}=${next}`]
				: [each];
		return isFlag(before) && !each.startsWith("-") ? [] : [each];
	});
}

/** Whether Grafana is told to have no metrics, in its file or its environment. */
export function isOffInGrafana({ pods }: ScrapedTarget): boolean {
	const written = (pods?.files ?? [])
		.filter((text) => text.includes("[metrics]"))
		.map((text) => readIni(text).metrics?.enabled);
	const variables = (pods?.containers ?? []).flatMap((each) =>
		listAt(each, "env")
			.filter((own) => textAt(own, "name") === "GF_METRICS_ENABLED")
			.map((own) => textAt(own, "value")),
	);
	const value = variables[0] ?? written.find((each) => each !== undefined);
	return /^(false|0|no|off)$/i.test(value ?? "");
}
