import { Utf8, borrow, hash, lengthOf, toOwned, utf8 } from "../bytes/slice";
import { Service } from "../config/model";
import { Operation } from "../formats/api";
import { Journal } from "./journal";
import { Series } from "./series";
import { ServiceBook } from "./service-book";

/** Names of operations as OpenTelemetry has them (`gen_ai.operation.name`), where it has them; the order is that of Operation. */
const OPERATIONS: StaticArray<string> = [
  "chat",
  "text_completion",
  "embeddings",
  "rerank",
  "models",
  "count_tokens",
  "image_generation",
  "image_edit",
  "image_variation",
  "other",
];

/** What stands for a label that has no value. */
const NO_VALUE: string = "none";
const OTHER_MODELS: string = "other";

/** Models beyond the bound, and requests that name none, are told apart from real names by these. */
const OTHER_KEY: u64 = 1;
const NO_KEY: u64 = 2;

/** Odd, so that multiplying by it loses nothing (the 64-bit golden ratio). */
const MIX: u64 = 0x9e3779b97f4a7c15;

/** The traffic of one configuration, as it is counted. All numbers are this worker's. */
@final
export class Traffic {
  private books: Map<u64, ServiceBook> = new Map<u64, ServiceBook>();
  private all: ServiceBook[] = [];
  private series: Map<u64, Series> = new Map<u64, Series>();
  private list: Series[] = [];
  /** Models that are told apart, by the hash of their names. */
  private models: Map<u64, Utf8> = new Map<u64, Utf8>();

  /** The books of a service, by its name: services of the same name have the same metrics. */
  bookOf(service: Service, isMeasured: bool): ServiceBook {
    const key = hash(borrow(service.name)) ^ (isMeasured as u64);
    if (this.books.has(key)) return this.books.get(key);
    const book = new ServiceBook(service, isMeasured, key);
    this.books.set(key, book);
    this.all.push(book);
    return book;
  }

  /** Counts an exchange that is over. */
  add(journal: Journal): void {
    const book = journal.book;
    if (book !== null && journal.losses.byteLength > 0) book.dropped++;
    const model = this.modelKey(journal);
    const service = journal.service;
    const api = journal.call.api;
    let key = (model ^ (book === null ? 0 : book.key)) * MIX;
    key = (key ^ ((changetype<usize>(api.client) as u64) << 8) ^ (api.operation as u64)) * MIX;
    if (!this.series.has(key)) {
      const made = new Series(
        service === null ? utf8(NO_VALUE) : service.name,
        utf8(unchecked(OPERATIONS[api.operation])),
        utf8(api.client.name),
        this.modelName(model),
      );
      this.series.set(key, made);
      this.list.push(made);
    }
    this.series.get(key).add(journal);
  }

  /** Publishes what has changed. */
  publish(): void {
    for (let i = 0; i < this.list.length; i++) unchecked(this.list[i]).publish();
    for (let i = 0; i < this.all.length; i++) unchecked(this.all[i]).publish();
  }

  /** The configuration goes: what is left is published, and its part of gauges is taken back. */
  withdraw(): void {
    this.publish();
    for (let i = 0; i < this.all.length; i++) unchecked(this.all[i]).withdraw();
  }

  /**
   * What tells the model apart. Only a request that was answered well adds a model, so that nobody fills the table with
   * names that are no models; and only up to the bound.
   */
  private modelKey(journal: Journal): u64 {
    const name = journal.modelName;
    if (lengthOf(name) == 0) return NO_KEY;
    const key = hash(name);
    if (this.models.has(key)) return key;
    const isAnswered = journal.status >= 200 && journal.status < 300;
    if (!isAnswered || this.models.size >= journal.observe.models) return OTHER_KEY;
    this.models.set(key, toOwned(name));
    return key;
  }

  private modelName(key: u64): Utf8 {
    if (this.models.has(key)) return this.models.get(key);
    return utf8(key == NO_KEY ? NO_VALUE : OTHER_MODELS);
  }
}
