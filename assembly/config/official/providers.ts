import { lengthOf, toText } from "../../bytes/slice";
import { ABSENT, Node } from "../../json/document";
import { Problems } from "../problems";
import { Source } from "../source";
import { closest } from "../suggest";
import { Validator } from "../validate";
import { PROVIDER } from "./fields";

/** The provider that serves. */
export class Chosen {
  constructor(
    readonly node: Node,
    /** Where it stands in the configuration. */
    readonly path: string,
  ) {}
}

/**
 * The official plugin's way to say which provider serves: `provider` itself, else the element of `providers` whose
 * `id` is `activeProviderId`. A list belongs to the whole configuration: rules choose from the global one unless they
 * bring their own.
 */
export class Providers {
  constructor(private source: Source) {}

  /** Checks every element of the list that an object has. @param prefix path of the object; empty for the whole */
  check(object: Node, prefix: string, problems: Problems): void {
    const document = this.source.document;
    const list = document.find(object, "providers");
    let index = 0;
    for (let item = document.firstElement(list); item != ABSENT; item = document.nextElement(item)) {
      this.checkOne(item, pathOf(prefix, index++), problems);
    }
  }

  /** Whether an object says which provider serves. */
  isGiven(object: Node): bool {
    return this.isThere(object, PROVIDER) || this.activeId(object).length > 0;
  }

  /**
   * The provider that an object chooses; null where it chooses none, or one that is not there or not right.
   * @param problems those of the object: what is wrong with the chosen element of a list is added
   * @param unknown is told where there is no such element
   */
  choose(object: Node, prefix: string, problems: Problems, unknown: Problems): Chosen | null {
    const document = this.source.document;
    if (this.isThere(object, PROVIDER)) {
      if (problems.of(PROVIDER).length > 0) return null;
      return new Chosen(document.find(object, PROVIDER), join(prefix, PROVIDER));
    }
    const id = this.activeId(object);
    if (id.length == 0) return null;
    const isOwn = this.isThere(object, "providers");
    const list = document.find(isOwn ? object : document.root, "providers");
    const ids: string[] = [];
    let index = 0;
    for (let item = document.firstElement(list); item != ABSENT; item = document.nextElement(item), index++) {
      const found = this.textOf(item, "id");
      if (found != id) {
        if (found.length > 0) ids.push(found);
        continue;
      }
      const own = new Problems();
      const path = pathOf(isOwn ? prefix : "", index);
      this.checkOne(item, path, own);
      problems.addAll(own);
      return own.isEmpty ? new Chosen(item, path) : null;
    }
    unknown.add(join(prefix, "activeProviderId"), 'no provider has the id "' + id + '"' + hint(id, ids));
    problems.addAll(unknown);
    return null;
  }

  private checkOne(item: Node, path: string, problems: Problems): void {
    new Validator(this.source, problems, path).check(item, PROVIDER);
  }

  private activeId(object: Node): string {
    return this.textOf(object, "activeProviderId");
  }

  private isThere(object: Node, name: string): bool {
    const document = this.source.document;
    const node = document.find(object, name);
    return node != ABSENT && !document.isNull(node);
  }

  private textOf(object: Node, name: string): string {
    const text = this.source.text(this.source.document.find(object, name));
    return lengthOf(text) == 0 ? "" : toText(text);
  }
}

function pathOf(prefix: string, index: i32): string {
  return join(prefix, "providers[" + index.toString() + "]");
}

function join(prefix: string, name: string): string {
  return prefix.length == 0 ? name : prefix + "." + name;
}

function hint(id: string, ids: string[]): string {
  const near = closest(id, ids);
  return near.length == 0 ? "" : ' (did you mean "' + near + '"?)';
}
