/** Checks Kubernetes resources as an API server would: types, values, and no members that it does not know. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020";
import { parse, parseAllDocuments } from "yaml";

export interface Resource {
  apiVersion: string;
  kind: string;
  metadata?: { name?: string; namespace?: string };
  spec?: Record<string, unknown>;
  [member: string]: unknown;
}

const FIXTURE = fileURLToPath(new URL("../fixtures/kubernetes/resources.yaml", import.meta.url));
/** Higress's own CustomResourceDefinitions, which are not part of this repository; used where they are at hand. */
export const HIGRESS_DEFINITIONS =
  process.env.HIGRESS_CRDS ??
  fileURLToPath(new URL("../../../shared/reference/higress-crds.yaml", import.meta.url));

const ajv = new Ajv2020({ allErrors: true, strict: false, formats: { int64: true, int32: true } });
ajv.addSchema(parse(readFileSync(FIXTURE, "utf8")), "resources");
const definitions = readDefinitions();

/** Whether resources are also held against Higress's own definitions. */
export const hasDefinitions = definitions.size > 0;

/** What is wrong with a resource; empty: nothing. */
export function resourceProblems(resource: Resource): string[] {
  const known = ajv.getSchema(`resources#/$defs/${resource.kind}`);
  if (known === undefined) return [`no schema for the kind ${resource.kind}`];
  return [known as ValidateFunction, definitions.get(resource.kind)].flatMap((validate) =>
    validate === undefined || validate(resource)
      ? []
      : (validate.errors ?? []).map(
          (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
        ),
  );
}

function readDefinitions(): Map<string, ValidateFunction> {
  const found = new Map<string, ValidateFunction>();
  if (!existsSync(HIGRESS_DEFINITIONS)) return found;
  for (const document of parseAllDocuments(readFileSync(HIGRESS_DEFINITIONS, "utf8"))) {
    const definition = document.toJS();
    if (definition?.kind !== "CustomResourceDefinition") continue;
    const { openAPIV3Schema } = definition.spec.versions[0].schema;
    const { properties } = openAPIV3Schema;
    const whole = { properties: { apiVersion: {}, kind: {}, metadata: {}, ...properties }, type: "object" };
    found.set(definition.spec.names.kind, ajv.compile(closed(whole) as object));
  }
  return found;
}

/** As with `--validate=strict`: members that a schema does not list are refused, unless it says otherwise. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const members = Object.entries(schema).map(([name, value]): [string, unknown] => [
    name,
    name === "properties"
      ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, closed(member)]))
      : closed(value),
  ]);
  const made = Object.fromEntries(members);
  const isOpen = made["x-kubernetes-preserve-unknown-fields"] === true || "additionalProperties" in made;
  if (made.properties !== undefined && !isOpen) made.additionalProperties = false;
  if (made.nullable === true) made.type = [made.type, "null"];
  return made;
}
