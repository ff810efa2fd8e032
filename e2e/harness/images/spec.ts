import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import { SetUpError } from "../../common/errors.ts";
import { projectPath } from "../../common/paths.ts";
import { type ImageReference, parseImageReference } from "./reference.ts";

const debian = z.strictObject({
	suite: z.string(),
	packages: z.array(z.string()),
	closure: z.boolean().default(false),
});

const goModule = z.strictObject({
	module: z.string(),
	version: z.string(),
	sum: z.string().startsWith("h1:"),
	/** The package to build. Instead of it, `main` names a file of ours that imports the module. */
	package: z.string().optional(),
	main: z.string().optional(),
	to: z.string(),
	/** Set if C is compiled: the Debian packages with its headers and libraries, if it needs any. */
	cgo: debian.partial({ closure: true }).optional(),
	tags: z.array(z.string()).default([]),
	ldflags: z.array(z.string()).default([]),
	/** A list of stack/go-versions.yaml. */
	versions: z.string().optional(),
	replace: z.record(z.string(), z.string()).default({}),
	noSumDb: z.string().optional(),
	/** Files of the module that are replaced, each with the file in stack/images/ that replaces it. */
	instead: z.record(z.string(), z.string()).optional(),
	/** Folders of the module that are copied into the image, each with its path there. */
	also: z.record(z.string(), z.string()).default({}),
});

const go = goModule.extend({
	/** A program that generates a part of the source. It runs in a copy of the module, which is then built. */
	generate: z
		.strictObject({
			with: goModule.omit({ to: true, also: true }),
			args: z.array(z.string()),
		})
		.optional(),
});

/** Folders of a published Go module, each with its path in the image. Any system can make it: without Go, without Debian. */
const goFiles = goModule
	.pick({ module: true, version: true, sum: true })
	.extend({ folders: z.record(z.string(), z.string()) });

const build = z
	.strictObject({
		version: z.string().optional(),
		/** What it takes on two idle cores, beside another build. Less than half a minute without it. */
		minutes: z.number().positive().default(0.1),
		go: z.array(go).default([]),
		goFiles: goFiles.optional(),
		debian: debian.optional(),
		npm: z.strictObject({ file: z.string(), to: z.string() }).optional(),
		files: z.record(z.string(), z.string()).default({}),
		links: z.record(z.string(), z.string()).default({}),
		config: z.strictObject({
			entrypoint: z.array(z.string()).optional(),
			cmd: z.array(z.string()).optional(),
			env: z.record(z.string(), z.string()).default({}),
			volumes: z.array(z.string()).default([]),
			user: z.string().optional(),
		}),
	})
	.refine(
		({ go, goFiles, debian, npm, files, links }) =>
			!goFiles ||
			([go, files, links].every((each) => Object.keys(each).length === 0) &&
				!debian &&
				!npm),
		"goFiles must be all that an image has",
	);

const component = z.strictObject({
	name: z.string(),
	upstream: z.string().optional(),
	standsFor: z.array(z.string()).default([]),
	/** Of an operator: the component that has its CRDs in /crds, for a chart that has none. */
	crds: z.string().optional(),
	build,
});

/** A program of a published Go module. */
export type GoProgram = Omit<z.infer<typeof go>, "to" | "also">;
/** Versions of Go modules that several programs have in common. */
export type GoVersions = Readonly<Record<string, string>>;
/** Which published Go module. */
export type GoModule = Pick<GoProgram, "module" | "version" | "sum">;
/** Folders of a published Go module. */
export type GoFiles = z.infer<typeof goFiles>;
export type DebianSource = z.infer<typeof debian>;
/** One entry of stack/images.yaml. */
export type Component = z.infer<typeof component>;

/** Reads stack/images.yaml. */
export async function readComponents(): Promise<Component[]> {
	const text = await readFile(projectPath("stack", "images.yaml"), "utf8");
	const document = z
		.strictObject({ components: z.array(component) })
		.parse(parse(text, { merge: true }));
	return document.components;
}

/**
 * Reads a list of stack/go-versions.yaml, and the checksums of stack/go-versions.sum, as go.sum has them: those of what it
 * brings along, too.
 *
 * @throws SetUpError if it does not exist
 */
export async function readGoVersions(
	name: string,
): Promise<{ versions: GoVersions; sums: string }> {
	const text = await readFile(projectPath("stack", "go-versions.yaml"), "utf8");
	const lists = z
		.record(z.string(), z.record(z.string(), z.string()))
		.parse(parse(text));
	const list = lists[name];
	if (!list) throw new SetUpError(`stack/go-versions.yaml has no list ${name}`);
	const sums = await readFile(projectPath("stack", "go-versions.sum"), "utf8");
	return { versions: list, sums };
}

/**
 * Finds the component that stands in for a reference. One for certain versions comes before one for all versions, and the
 * same registry before a mirror of one's own, which may keep the repositories of another registry below a path.
 */
export function componentFor(
	components: readonly Component[],
	{
		repository,
		path,
		tag,
	}: Pick<ImageReference, "repository" | "path" | "tag">,
): Component | undefined {
	return (
		findStandIn(components, tag, (each) => each === repository) ??
		findStandIn(components, tag, (each) => {
			const original = parseImageReference(each).path;
			return path === original || path.endsWith(`/${original}`);
		})
	);
}

function findStandIn(
	components: readonly Component[],
	tag: string,
	matches: (repository: string) => boolean,
): Component | undefined {
	const find = (isVersion: (versions: string | undefined) => boolean) =>
		components.find(({ standsFor }) =>
			standsFor.some((each) => {
				const [repository = "", versions] = each.split(":");
				return isVersion(versions) && matches(repository);
			}),
		);
	return (
		find((versions) => versions !== undefined && tag.startsWith(versions)) ??
		find((versions) => versions === undefined)
	);
}

/** Finds a component of stack/images.yaml. @throws SetUpError if it does not exist */
export function componentNamed(
	components: readonly Component[],
	name: string,
): Component {
	const component = components.find((c) => c.name === name);
	if (!component)
		throw new SetUpError(`stack/images.yaml has no component ${name}`);
	return component;
}
