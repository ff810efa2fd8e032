import { expect, test } from "vitest";
import { readTemplateFiles } from "./template-files.ts";

const pod = {
	metadata: { uid: "u" },
	spec: { nodeName: "medium" },
} as Parameters<typeof readTemplateFiles>[1];

test("the files of globs are read as Alertmanager's process sees them", async () => {
	const asked: (readonly string[])[] = [];
	const nodes = {
		findProcess: async (node: string) => ({ node, pid: 7 }),
		script: async (_: string, script: string, ...args: string[]) => {
			asked.push(args);
			if (script.startsWith("cat")) return `of ${args[0]}`;
			return args[0]?.includes("none") ? "" : "/a.tmpl\n/b.tmpl\n";
		},
	};
	const globs = ["/etc/config/*.tmpl", "none/*.tmpl"];
	expect(await readTemplateFiles(nodes, pod, globs)).toEqual({
		"000/a.tmpl": "of /a.tmpl",
		"001/b.tmpl": "of /b.tmpl",
	});
	expect(asked.flat()).toEqual([
		"/proc/7/root/etc/config/*.tmpl",
		"/a.tmpl",
		"/b.tmpl",
		"/proc/7/root/etc/alertmanager/config_out/none/*.tmpl",
	]);
	expect(await readTemplateFiles(nodes, pod, [])).toEqual({});
});
