// A small host for SCIMMY (https://github.com/scimmyjs), to compare with: everything in memory,
// the library's own filter, PATCH and schema checks, names unique as RFC 7643 wants them.
//
// Usage: node scimmy.mjs PORT TOKEN

import { randomUUID } from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const [port, token] = process.argv.slice(2);
if (!port || !token) {
  console.error("usage: node scimmy.mjs PORT TOKEN");
  process.exit(2);
}

/** Resources of one type by id, with the names that are taken. */
class Shelf {
  #byId = new Map();
  #idByName = new Map();
  #nameOf;

  constructor(nameOf) {
    this.#nameOf = nameOf;
  }

  save(id, data) {
    const before = this.#byId.get(id);
    if (id && !before) throw new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);
    const name = this.#nameOf(data).toLowerCase();
    const holder = this.#idByName.get(name);
    if (holder && holder !== id) {
      throw new SCIMMY.Types.Error(409, "uniqueness", "The name is taken");
    }
    const now = new Date();
    const resource = { ...JSON.parse(JSON.stringify(data)), id: id ?? randomUUID() };
    resource.meta = { created: before?.meta.created ?? now, lastModified: now };
    if (before) this.#idByName.delete(this.#nameOf(before).toLowerCase());
    this.#idByName.set(name, resource.id);
    this.#byId.set(resource.id, resource);
    return resource;
  }

  find({ id, filter }) {
    if (id) {
      const found = this.#byId.get(id);
      if (!found) throw new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);
      return found;
    }
    const all = [...this.#byId.values()];
    return filter ? filter.match(all) : all;
  }

  remove(id) {
    const gone = this.find({ id });
    this.#idByName.delete(this.#nameOf(gone).toLowerCase());
    this.#byId.delete(id);
  }
}

function declare(Resource, nameOf, extensions = []) {
  const shelf = new Shelf(nameOf);
  SCIMMY.Resources.declare(Resource, {
    extensions,
    ingress: (resource, data) => shelf.save(resource.id, data),
    egress: (resource) => shelf.find(resource),
    degress: (resource) => shelf.remove(resource.id),
  });
}

declare(SCIMMY.Resources.User, (user) => user.userName, [
  { schema: SCIMMY.Schemas.EnterpriseUser, required: false },
]);
declare(SCIMMY.Resources.Group, (group) => group.displayName);

const app = express();
app.use(
  "/scim/v2",
  new SCIMMYRouters({
    type: "bearer",
    handler: (request) => {
      if (request.header("Authorization") !== `Bearer ${token}`) throw new Error("unknown token");
      return "benchmark";
    },
  }),
);
app.listen(Number(port), "127.0.0.1", () => console.log(`ready on ${port}`));
