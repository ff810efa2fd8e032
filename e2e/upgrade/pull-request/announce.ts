import { print } from "../../common/output/terminal.ts";

/** How much a person should mind. */
export type Level = "notice" | "warning" | "error";

/** Where an announcement belongs in the repository. */
export interface AnnouncedPlace {
	readonly file: string;
	readonly line: string;
}

/**
 * Prints a line. In a job of GitHub, Forgejo or Gitea Actions it is a workflow command, which these show with the job and, if
 * it has a place, in the changed file.
 */
export function announce(
	level: Level,
	text: string,
	{
		asCommand,
		place,
	}: {
		readonly asCommand: boolean;
		readonly place?: AnnouncedPlace | undefined;
	},
): void {
	if (!asCommand) {
		print(`${level}: ${text}`);
		return;
	}
	const properties = Object.entries({
		...place,
		title: "kube-prometheus-stack",
	}).map(([name, value]) => `${name}=${escapeProperty(value)}`);
	print(`::${level} ${properties.join(",")}::${escapeData(text)}`);
}

function escapeData(text: string): string {
	return text
		.replaceAll("%", "%25")
		.replaceAll("\r", "%0D")
		.replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
	return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
