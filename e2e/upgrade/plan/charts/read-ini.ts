/**
 * Sections and settings of a text such as grafana.ini, as Grafana reads it: a name ends at the first `=` or `:`, and the
 * last setting of a name counts. Quotes stay. Settings before the first section are in one without a name.
 */
export function readIni(text: string): Record<string, Record<string, string>> {
	const sections = new Map<string, Record<string, string>>();
	let section = "";
	for (const line of text.split("\n").map((each) => each.trim())) {
		section = /^\[(.*)\]$/.exec(line)?.[1]?.trim() ?? section;
		const [, name, value] =
			/^([^#;=:[][^=:]*?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
		if (name !== undefined && value !== undefined)
			sections.set(section, { ...sections.get(section), [name]: value });
	}
	return Object.fromEntries(sections);
}
