import { NONE, Slice, borrow } from "./bytes/slice";
import { Writer } from "./bytes/writer";
import { Failure } from "./chat/failure";
import { Usage } from "./chat/usage";
import { formatOf } from "./config/format-of";
import { Config, Service } from "./config/model";
import { mapModel, selectService, serviceFor } from "./config/models";
import { ApiCall } from "./formats/api";
import { ClientFormat, UpstreamFormat } from "./formats/format";
import { upstreamOf } from "./formats/table";
import { MapType } from "./host/abi";
import { removeHeader, setHeaderNumber } from "./host/headers";
import { Message, REQUEST } from "./host/message";
import { address } from "./lanes/address";
import { affinityOf, consumerOf } from "./lanes/affinity";
import { AnswerLane } from "./lanes/answer";
import { Conversion } from "./lanes/conversion";
import { Failover } from "./lanes/failover";
import { adaptRequest, contextState, watchAnswer } from "./lanes/manners";
import { nativeFormat } from "./lanes/native-format";
import { officialDetails } from "./lanes/official-details";
import * as refusal from "./lanes/refusals";
import { refuse } from "./lanes/refuse";
import { sign } from "./lanes/sign";
import { TapRequest, giveBack } from "./lanes/tap-request";
import { conversionOf } from "./lanes/task-conversion";
import { Journal, UNOBSERVED } from "./observe/journal";
import { Observer } from "./observe/observer";
import { randomShare } from "./upstream/balance/random";
import { Choice, Verdict } from "./upstream/choice";
import { FileState } from "./upstream/context-files";
import { Deployment } from "./upstream/deployment";
import { Evidence } from "./upstream/health";
import { KeyRing } from "./upstream/key-ring";
import { Permit, UNLIMITED } from "./upstream/limits/permit";
import { Pool } from "./upstream/pool";
import { RequestHead } from "./upstream/request-head";

/** Where an exchange stands. One can say it aloud: receiving, sent, answering; refused from anywhere. */
export enum Phase {
  /** The request is coming; nothing has gone upstream. */
  Receiving,
  /** The request waits for Eureka's first answer, or for a place. */
  Waiting,
  /** The request is on its way upstream. */
  Sent,
  /** The upstream is answering. */
  Answering,
  /** An attempt has failed, and what it still says is held back: others are made (`lanes/failover.ts`). */
  Retrying,
  /** We have answered ourselves; what the host still reports about this stream is our own answer. */
  Refused,
  /** No rule applies: everything passes. */
  Bystander,
}

const NO_CONFIG: Config = new Config();
const NO_CHOICE: Choice = new Choice();

/** A path that is being written. */
const rest: Writer = new Writer();

/**
 * What an exchange knows, and its way upstream: a service and an instance are chosen, the request is made theirs and
 * signed. The host's callbacks are in exchange.ts.
 */
export class SendingExchange {
  readonly usage: Usage = new Usage();
  protected phase: Phase = Phase.Receiving;
  protected config: Config = NO_CONFIG;
  protected call: ApiCall = new ApiCall();
  protected client: ClientFormat = this.call.api.client;
  protected head: RequestHead = new RequestHead();
  /** Whether the request's headers are held, so that they may depend on the body. */
  protected isHeld: bool = false;
  /** Whether the request has a body at all. */
  protected hasBody: bool = false;
  /** The JSON body or form while it comes; null where there is none, and when it is through. */
  protected body: TapRequest | null = null;
  protected service: Service | null = null;
  protected format: UpstreamFormat = upstreamOf(0);
  /** The instance to send to; valid until the callback that chose it ends. */
  protected choice: Choice = NO_CHOICE;
  /** Who is told what became of it; null where the cluster's own load balancing chooses. */
  protected pool: Pool | null = null;
  protected instance: u64 = 0;
  /** Where the service has several keys: who is told what became of the one that was taken. */
  protected ring: KeyRing | null = null;
  protected key: i32 = 0;
  /** Whether the request was refused because of its key, and another one is free. */
  protected hasOtherKey: bool = false;
  /** What the answer said of the instance so far. */
  protected evidence: Evidence = Evidence.None;
  /** Whether the upstream's answer came to its end. */
  protected isComplete: bool = false;
  /** Set in the convert lane: what turns the answer back. */
  protected conversion: Conversion | null = null;
  protected answer: AnswerLane | null = null;
  protected journal: Journal = UNOBSERVED;
  protected permit: Permit = UNLIMITED;
  /** What further attempts need; null where there is to be but one. */
  protected failover: Failover | null = null;
  /** Where the request is written: what the host holds, or a callout in the making. */
  protected out: Message = REQUEST;

  constructor(
    /** Context id of the stream. */
    readonly id: i32,
    readonly deployment: Deployment,
    protected observer: Observer,
  ) {}

  // ---- it is routed and sent --------------------------------------------------------------------------------

  /** The model that the path or, once it is complete, the body names. */
  protected modelOf(body: TapRequest | null): Slice {
    if (this.call.model != NONE) return this.call.model;
    return body === null ? NONE : borrow(body.model);
  }

  /** Chooses the service and its instance. False: the request waits, or was refused. */
  protected route(model: Slice): bool {
    const failover = this.failover;
    const share = this.config.hasWeights ? randomShare() : 0;
    const index = failover === null ? selectService(this.config, model, share) : failover.first(model);
    if (index < 0) return this.refuse(refusal.unknownModel(model));
    const service = unchecked(this.config.services[index]);
    if (!this.hasContext(service)) return false;
    const affinity = affinityOf(service.balance, this.isHeld ? this.body : null);
    this.permit = this.deployment.limits.permitFor(this.permit, this.id);
    const consumer = consumerOf(service, this.call.api);
    const choice = this.deployment.choose(service, this.config, affinity, this.permit, consumer);
    if (choice.verdict == Verdict.NotYet) return this.wait();
    if (choice.verdict != Verdict.Chosen) {
      const isLimited = choice.verdict == Verdict.Limited;
      if (failover !== null && failover.passOver(index, model)) return this.route(model);
      return this.giveUp(
        isLimited ? refusal.limited(this.permit, service) : refusal.notChosen(service, choice),
      );
    }
    if (failover !== null) failover.start(index, choice, this.id, consumer);
    this.target(service, choice, model);
    this.observer.ask(this.journal, service);
    return true;
  }

  /**
   * From now on the request is one to this service, as it is called for the model, and to its instance.
   * @param model the client's name of it; NONE where the request names none
   */
  protected target(service: Service, choice: Choice, model: Slice): void {
    const called = serviceFor(service, model);
    this.service = called;
    this.format = formatOf(called);
    this.choice = choice;
    this.pool = choice.pool;
    this.instance = choice.instance;
    this.ring = choice.ring;
    this.key = choice.key;
    this.evidence = Evidence.None;
    this.conversion = null;
  }

  /** Whether the text is there that the service puts into every chat. False: the request waits, or was refused. */
  protected hasContext(service: Service): bool {
    const state = contextState(service, this.call, this.deployment);
    if (state == FileState.Coming) return this.wait();
    return state == FileState.Known || this.refuse(refusal.noContext(service));
  }

  /** Makes the request its target's, and signs it where the service wants that. False: it was refused. */
  protected send(body: TapRequest | null): bool {
    if (!this.render(body)) return false;
    const service = this.service;
    const isWhole = this.isHeld || !this.hasBody;
    const failure = service === null ? refusal.hostRefused() : sign(this.out, service, isWhole);
    return failure === null || this.refuse(failure);
  }

  /** What the service wants changed in the request, whichever lane it takes. False: it was refused. */
  protected adapt(body: TapRequest, service: Service, isTapped: bool): bool {
    if (service.manners === null) return true;
    const out = this.out;
    const head = this.isHeld && out.isHeld ? this.head : null;
    const failure = adaptRequest(out, body, service, this.call, this.deployment, head, isTapped);
    return failure === null || this.refuse(failure);
  }

  /**
   * Makes the request its target's: in the tap lane by small edits, in the convert lane by writing it anew.
   * @param body the complete body of a request whose headers are held; null where headers go first.
   * @returns false where the request was refused.
   */
  protected render(body: TapRequest | null): bool {
    const service = this.service;
    if (service === null) return this.refuse(refusal.hostRefused());
    const native = nativeFormat(service, this.call.api);
    if (native !== null) {
      if (!service.has(this.call.api.bit)) return this.refuse(refusal.noSuchApi(service, this.call.api));
      this.format = native;
      if (!this.address(service, this.restFor(service), body)) return false;
      this.phase = Phase.Sent;
      if (body !== null) return this.edit(body);
      // What comes later may be edited, and its length change: the host then sends it in chunks.
      if (this.body !== null) removeHeader(MapType.RequestHeaders, "content-length");
      return true;
    }
    if (body === null)
      return this.refuse(
        this.body === null ? refusal.wrongFormat(service, this.call.api) : refusal.cannotHold(),
      );
    return this.convert(body, service);
  }

  /** Makes the head of the request that of its target. @param rest path as the service's language has it */
  protected address(service: Service, rest: Slice, body: TapRequest | null): bool {
    const isToCome = body === null && this.body !== null;
    const steering = this.config.steering;
    const call = this.call;
    const failure = address(this.out, this.head, service, this.choice, rest, call, body, isToCome, steering);
    if (failure !== null) return this.refuse(failure);
    const failover = this.failover;
    if (failover === null) return true;
    return (
      failover.askRouter(this.out, this.choice, this.call.api.operation) || this.refuse(refusal.hostRefused())
    );
  }

  /** The tap lane: the client's path behind the base path; where it names the model, with the service's name of it. */
  protected restFor(service: Service): Slice {
    const model = this.call.model;
    if (model == NONE) return this.call.rest;
    rest.reset();
    this.call.writeRest(mapModel(service, model), rest);
    return rest.view();
  }

  /** The tap lane: gives the body the model name that the service knows, where it lies. */
  protected edit(body: TapRequest): bool {
    const service = this.service;
    if (service === null) return this.refuse(refusal.hostRefused());
    if (!this.adapt(body, service, true)) return false;
    this.conversion = watchAnswer(this.out, body, service, this.call, this.format, this.id);
    if (this.call.model == NONE && !service.isOriginal) {
      const model = borrow(body.model);
      const mapped = mapModel(service, model);
      if (mapped != model) body.rename(mapped);
    }
    if (!body.apply(this.out)) return this.refuse(refusal.hostRefused());
    if (this.isHeld && this.head.length >= 0 && body.growth != 0 && this.out.isHeld) {
      setHeaderNumber(MapType.RequestHeaders, "content-length", this.head.length + body.growth);
    }
    this.closeBody();
    return true;
  }

  /** The convert lane: the body is written anew in the service's format. */
  protected convert(body: TapRequest, service: Service): bool {
    if (!this.adapt(body, service, false)) return false;
    const conversion = conversionOf(this.call, service);
    if (conversion === null) return this.refuse(refusal.wrongFormat(service, this.call.api));
    conversion.token = borrow(this.choice.credential);
    const text = body.toJson(this.out);
    const unread = body.refusal;
    const failure =
      unread === null ? conversion.convertRequest(text, service, this.modelOf(body), this.id) : unread;
    if (failure !== null) return this.refuse(failure);
    if (!this.address(service, borrow(conversion.path), body)) return false;
    if (!conversion.replaceRequest(this.out)) return this.refuse(refusal.hostRefused());
    this.journal.losses = conversion.lost;
    this.conversion = conversion;
    this.phase = Phase.Sent;
    this.closeBody();
    return true;
  }

  /** Eureka has not answered, or there is no place yet: the request is kept until then, or its time is over (`onNews`). */
  protected wait(): bool {
    this.phase = Phase.Waiting;
    this.deployment.wait(this.id);
    return false;
  }

  // ---- ways out ---------------------------------------------------------------------------------------------

  /** Nobody can be asked. Always false, as `refuse`. */
  protected giveUp(failure: Failure): bool {
    return this.refuse(failure);
  }

  /** Answers the client with a failure. Always false, for `return this.refuse(...)`. */
  protected refuse(failure: Failure): bool {
    const failover = this.failover;
    if (failover !== null && failover.isTrying) return false;
    this.phase = Phase.Refused;
    this.journal.refuse(failure);
    const details = officialDetails(this.config, this.service, this.body !== null, failure);
    this.closeBody();
    refuse(this.client, failure, details);
    return false;
  }

  protected closeBody(): void {
    const body = this.body;
    if (body !== null) giveBack(body);
    this.body = null;
  }
}
