import { NONE, Slice } from "../../bytes/slice";
import { Message, Part, PartKind, Role, Tool } from "../../chat/request";

/** What the members of an item are. */
export enum Owner {
  /** `$` of a chat request. */
  Chat,
  /** `$` of a request for embeddings. */
  Embeddings,
  /** `$` of a request for a ranking. */
  Rerank,
  Message,
  Part,
  Call,
  Function,
  /** The item is a text and has no members. */
  Text,
}

const NO_MESSAGE: Message = new Message(Role.User);
const NO_PART: Part = new Part(PartKind.Text);
const NO_TOOL: Tool = new Tool();

/** One item of a list of the request. Which fields count depends on what it is. */
@final
export class Item {
  message: Message = NO_MESSAGE;
  /** A part, a call, or the result that a tool's message is about. */
  part: Part = NO_PART;
  tool: Tool = NO_TOOL;
  /** Whether it is a part or a call, not a message. */
  isPart: bool = false;
  /** JSON string body. */
  text: Slice = NONE;

  static ofMessage(message: Message): Item {
    const item = new Item();
    item.message = message;
    return item;
  }

  static ofPart(part: Part): Item {
    const item = new Item();
    item.part = part;
    item.isPart = true;
    return item;
  }

  static ofTool(tool: Tool): Item {
    const item = new Item();
    item.tool = tool;
    return item;
  }

  static ofText(text: Slice): Item {
    const item = new Item();
    item.text = text;
    return item;
  }
}
