/** The fields of a schedule, with the names that some may have instead of numbers. */
const fields = [
	{ name: "minute", least: 0, most: 59, words: "" },
	{ name: "hour", least: 0, most: 23, words: "" },
	{ name: "day of the month", least: 1, most: 31, words: "" },
	{
		name: "month",
		least: 1,
		most: 12,
		words: "jan feb mar apr may jun jul aug sep oct nov dec",
	},
	{
		name: "day of the week",
		least: 0,
		most: 6,
		words: "sun mon tue wed thu fri sat",
	},
] as const;
type Field = (typeof fields)[number];

/** Why Kubernetes cannot read the schedule of a CronJob; undefined if it can. */
export function scheduleError(schedule: string): string | undefined {
	if (/^(CRON_)?TZ=/.test(schedule))
		return "a time zone belongs into spec.timeZone";
	if (schedule.startsWith("@"))
		return /^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every (\d+(\.\d+)?(ns|us|ms|s|m|h))+)$/.test(
			schedule,
		)
			? undefined
			: "there is no such word for a schedule";
	const parts = schedule.trim().split(/\s+/);
	if (parts.length !== fields.length)
		return `it must have ${fields.length} fields, such as 0 3 * * *`;
	const wrong = fields.find((field, i) => !isRead(field, parts[i] ?? ""));
	return wrong && `its ${wrong.name} cannot be read`;
}

/** e.g. `*`, `5`, `1-5`, `0-59/10`, `mon-fri`, `1,15` */
function isRead(field: Field, text: string): boolean {
	return text.split(",").every((part) => {
		const [range = "", step, ...rest] = part.split("/");
		if (rest.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step)))
			return false;
		if (range === "*" || range === "?") return true;
		const [first, last = first, ...more] = range
			.split("-")
			.map((each) => numberIn(field, each));
		return (
			more.length === 0 &&
			first !== undefined &&
			last !== undefined &&
			first >= field.least &&
			last <= field.most &&
			first <= last
		);
	});
}

function numberIn({ words, least }: Field, text: string): number | undefined {
	if (/^\d+$/.test(text)) return Number(text);
	const place = words.split(" ").indexOf(text.toLowerCase());
	return words && place >= 0 ? place + least : undefined;
}
