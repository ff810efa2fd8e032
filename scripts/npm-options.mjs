import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Options of the commands. If one comes before the "--", npm consumes it, and the command never sees it.
 * --only is missing: npm has an option of that name, and does not pass it on in any way.
 */
export const npmOptions = [
	...[
		"against",
		"apply-crds",
		"artifact",
		"base",
		"ca-file",
		"cache-folder",
		"cache-key",
		"chart",
		"chart-version",
		"check-images",
		"clusters",
		"command",
		"context",
		"faults",
	],
	...[
		"fresh",
		"from",
		"from-release",
		"from-values",
		"head",
		"healthy",
		"history",
		"images",
	],
	...[
		"json",
		"k3s-version",
		"keep",
		"kube-version",
		"list",
		"namespace",
		"no-whole",
	],
	...[
		"patience",
		"pin",
		"plan",
		"repo",
		"report",
		"repository",
		"rounds",
		"run",
		"sample",
	],
	...[
		"save",
		"scale",
		"shard",
		"skip-crds",
		"snapshotter",
		"to",
		"to-values",
		"together",
	],
	"values",
	"with",
	// npm reads --plan as this one, too, so it comes last.
	"all",
];

/** The first of them that npm consumed, or undefined. */
export function findConsumed(env) {
	const configured = namesInFiles(env);
	const isSet = (name) =>
		`npm_config_${name.replace(/-/g, "_")}` in env && !configured.has(name);
	return npmOptions.find(
		(option) =>
			isSet(option.replace(/^no-/, "")) ||
			// npm reads it as -p, -l, -a and -n.
			(option === "plan" && ["parseable", "long", "all"].every(isSet)),
	);
}

/** What a person has set for every npm command, such as save=false: npm tells scripts that in the same way. */
function namesInFiles(env) {
	const { npm_config_local_prefix: project } = env;
	const files = [
		env.npm_config_userconfig,
		env.npm_config_globalconfig,
		...(project ? [join(project, ".npmrc")] : []),
	];
	return new Set(
		files.flatMap((file) => {
			try {
				return [
					...readFileSync(file, "utf8").matchAll(/^[ \t]*([\w-]+)/gm),
				].map(([, name]) => name);
			} catch {
				return [];
			}
		}),
	);
}
