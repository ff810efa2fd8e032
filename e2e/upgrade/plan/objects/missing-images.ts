import pLimit from "p-limit";
import type { RegistryRefusal } from "../../../harness/images/registry-refusal.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import type { Side } from "../charts/side.ts";

/** Asks a registry for an image. @returns why it does not have it; undefined if it has */
export type CheckImage = (
	reference: string,
) => Promise<RegistryRefusal | undefined>;

/** Registries are asked side by side, but not all at once: they limit rates. */
const limit = pLimit(4);

/** New images that their registries do not have, or do not give to this person. */
export async function findMissingImages(
	a: Side,
	b: Side,
	check: CheckImage,
): Promise<Reason[]> {
	const fresh = b.images.filter((each) => !a.images.includes(each));
	const reasons = await Promise.all(
		fresh.map((reference) =>
			limit(async () => {
				const refusal = await check(reference);
				if (!refusal) return [];
				const isMissing = ["absent", "login"].includes(refusal.kind);
				return [
					makeReason(
						isMissing ? "image-missing" : "image-unchecked",
						reference,
						isMissing
							? `${refusal.message}.`
							: `Whether ${reference} is there was not found out: ${refusal.message}.`,
					),
				];
			}),
		),
	);
	return reasons.flat();
}
