/** What a service wants changed in requests and answers, whichever language they are in. */
import { Utf8 } from "../bytes/slice";
import { ReasoningMode } from "../chat/reasoning";
import { RequestEdits } from "../formats/edits/edits";

/** A text file that is put behind the system messages of every chat. */
export class ContextFile {
  /** Names of the fields that say where it is, for people. */
  fields: string = "";
  /** Envoy's name of the cluster that has it; empty: the one that the gateway's route leads to. */
  cluster: Utf8 = new ArrayBuffer(0);
  authority: Utf8 = new ArrayBuffer(0);
  /** Path and query. */
  path: Utf8 = new ArrayBuffer(0);
  /** Lower-case name of the header that proves who asks, and its value, which is secret; empty: there is none. */
  keyName: Utf8 = new ArrayBuffer(0);
  key: Utf8 = new ArrayBuffer(0);
  /** Milliseconds that the answer may take. */
  timeoutMs: i32 = 0;
}

/** How requests and answers of chat differ from what client and service say, beyond their languages. */
export class Manners {
  /** Changes of requests in the client's language. */
  edits: RequestEdits = new RequestEdits();
  /** Changes of requests in the service's language; null: none. */
  upstream: RequestEdits | null = null;
  /** Changes of requests for images; null: none. */
  images: RequestEdits | null = null;
  /** null: none. */
  context: ContextFile | null = null;
  reasoning: ReasoningMode = ReasoningMode.Passthrough;
  /** Whether the reasoning of an answer that has nothing else becomes its text. */
  promotesReasoning: bool = false;
  /** Whether streams are asked for usage where the client does not say. */
  asksForUsage: bool = false;
  /** Milliseconds until a stream has to begin; 0: no limit. */
  firstByteMs: i32 = 0;

  /** The same once more, to be changed. The objects that it refers to are shared. */
  copy(): Manners {
    const copy = new Manners();
    memory.copy(changetype<usize>(copy), changetype<usize>(this), offsetof<Manners>());
    return copy;
  }

  /** Whether answers are to be read event by event. */
  get changesAnswers(): bool {
    return this.reasoning != ReasoningMode.Passthrough || this.promotesReasoning;
  }
}
