import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { z } from "zod";
import {
	flagOption,
	listOption,
	textOption,
	textOptionOr,
} from "../../common/command-options.ts";
import { BadInputError } from "../../common/errors.ts";
import { checkChartOptions } from "../chart/locate.ts";
import { readValuesFile, sayForms } from "../chart/read-values-file.ts";
import type { ValuesFile } from "../chart/values-file.ts";
import { readAuthorities, readWayOut } from "../docker/way-out.ts";

/** What a person asks for of the stack, checked. */
export interface SetUpOptions {
	readonly chart: string;
	readonly chartVersion: string | undefined;
	/** The person's values files, in their order. */
	readonly values: readonly ValuesFile[];
	readonly images: string;
	readonly k3sVersion: string | undefined;
	/** containerd's in the nodes; k3s' default if undefined. */
	readonly snapshotter: string | undefined;
	/** Make a new cluster even if a kept one fits. */
	readonly fresh: boolean;
}

/** The source of images. */
export const imagesOption = textOptionOr(
	"--images <source>",
	"auto, pull, pull:<mirror>, archive:<file> or build",
	"auto",
);

const snapshotters = ["overlayfs", "native", "fuse-overlayfs"];

/** containerd's snapshotter in the nodes. */
export const snapshotterOption = textOption(
	"--snapshotter <name>",
	"how containerd in the nodes stores images: overlayfs (default), native or fuse-overlayfs; for engines on file systems without overlayfs",
);

export const caFileOption = textOption(
	"--ca-file <file>",
	"certificate authorities, in PEM, that Helm, Go and apt trust beside the system's",
);

/** The options of commands that install the stack. */
export const setUpOptions = {
	chart: textOptionOr(
		"--chart <ref>",
		"auto, upstream, embedded, a folder, a .tgz, oci://<reference> or a chart repository's URL",
		"auto",
	),
	chartVersion: textOption(
		"--chart-version <v>",
		"version of a published chart",
	),
	values: listOption(
		"--values <file>",
		"values file, HelmRelease, Application or the like, layered over the homelab's values, the last one wins",
	),
	images: imagesOption,
	caFile: caFileOption,
	k3sVersion: textOption(
		"--k3s-version <v>",
		"e.g. v1.34.1+k3s1; only for images that are pulled",
	),
	snapshotter: snapshotterOption,
};

/** For commands that use a kept cluster if one fits. */
export const freshOption = flagOption(
	"--fresh",
	"make a new cluster even if a kept one fits",
);

/** The values of `setUpOptions`, and of `freshOption` for commands that have it. */
export type RawSetUpOptions = z.output<z.ZodObject<typeof setUpOptions>> & {
	readonly fresh?: boolean;
};

/** Checks everything that can be checked before anything is started. @throws BadInputError */
export async function readSetUpOptions(
	raw: RawSetUpOptions,
): Promise<SetUpOptions> {
	checkImagesOption(raw.images);
	checkK3sVersion(raw.k3sVersion);
	checkSnapshotterOption(raw.snapshotter);
	await trustCaFile(raw.caFile);
	// A range is a version, too.
	if (raw.chartVersion && !/^[\s<>=~^v]*[\d*x]/.test(raw.chartVersion))
		throw new BadInputError(
			`--chart-version ${raw.chartVersion}: a version of the chart looks like 77.14.0`,
		);
	await checkChartOptions({ chart: raw.chart, version: raw.chartVersion });
	const values = await Promise.all(
		raw.values.map((name) => readValuesFile(name)),
	);
	sayForms("--values", values);
	return {
		chart: raw.chart,
		chartVersion: raw.chartVersion,
		values,
		images: raw.images,
		k3sVersion: raw.k3sVersion,
		snapshotter: raw.snapshotter,
		fresh: raw.fresh ?? true,
	};
}

/**
 * Trusts the authorities of --ca-file, if it was given.
 *
 * @throws BadInputError if that or a variable names a file that has none: Helm, Go and apt would fail much later
 */
export async function trustCaFile(file: string | undefined): Promise<void> {
	if (file) {
		await readAuthorities("--ca-file", file);
		process.env.O11Y_E2E_CA_FILE = resolve(file);
	}
	await readWayOut();
}

/** @throws BadInputError if --images has no known form, or its archive is not there */
export function checkImagesOption(images: string): void {
	if (!/^(auto|build|pull(:\S+)?|archive:.+)$/.test(images)) {
		throw new BadInputError(
			`--images ${images}: must be auto, pull, pull:<mirror>, archive:<file> or build`,
		);
	}
	const mirror = /^pull:(.+)$/.exec(images)?.[1];
	const fault = mirror && findMirrorFault(mirror);
	// What was typed may have a password in it.
	if (fault) throw new BadInputError(`--images pull:<mirror>: ${fault}`);
	const file = /^archive:(.+)$/.exec(images)?.[1];
	if (file && !existsSync(file))
		throw new BadInputError(`--images ${images}: there is no such file`);
}

/** As in the name of an image (github.com/distribution/reference): host, port and path in lower case. */
const mirrorForm =
	/^(\[[0-9a-f:]+\]|[A-Za-z0-9.-]+)(:\d+)?(\/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*$/;

/** Why a mirror cannot be the beginning of an image's name; undefined if it can. */
function findMirrorFault(mirror: string): string | undefined {
	if (mirror.includes("://"))
		return "the mirror is written as in an image's name, without https://";
	if (mirror.includes("@"))
		return "the mirror is written without a login: docker login stores that";
	if (mirror.endsWith("/")) return "the mirror is written without / at its end";
	const [host = ""] = mirror.split("/");
	if (!/[.:]|^localhost$/i.test(host))
		return `Docker takes ${host} for a part of docker.io: a registry's host has a dot or a port, as in ${host}:5000`;
	return mirrorForm.test(mirror)
		? undefined
		: "a mirror looks like registry.example.org:5000/path";
}

/** The oldest minor version of Kubernetes 1 that nodes can have: before it, k3s lacks flags that they get. */
const oldestMinor = 25;

/** @throws BadInputError if --k3s-version names none that nodes can have */
export function checkK3sVersion(version: string | undefined): void {
	if (version === undefined) return;
	const minor = /^v1\.(\d+)\.\d+[+-]k3s\d+$/.exec(version)?.[1];
	if (!minor)
		throw new BadInputError(
			`--k3s-version ${version}: a version of k3s looks like v1.34.1+k3s1`,
		);
	if (Number(minor) < oldestMinor)
		throw new BadInputError(
			`--k3s-version ${version}: it must be v1.${oldestMinor} or newer`,
		);
}

/** @throws BadInputError if --snapshotter names none that k3s has */
export function checkSnapshotterOption(name: string | undefined): void {
	if (name !== undefined && !snapshotters.includes(name))
		throw new BadInputError(
			`--snapshotter ${name}: must be overlayfs, native or fuse-overlayfs`,
		);
}
