import Synchronization

/// What holds while a piece of code runs: whether operations are recorded, how errors end, which
/// generator draws. It follows the task, so `await` cannot leak it.
final class Mode: Sendable {
    let isGradEnabled: Bool
    let isInference: Bool
    let errors: ErrorScope?
    let generator: Generator?
    /// The innermost `vmap` around this code.
    let vmap: VmapLevel?
    /// In a backward pass that is not recorded itself: the level of `vmap` that it runs in. What
    /// lies outside that level is recorded all the same. 0 elsewhere.
    let recordedDepth: Int
    /// What is recorded and checked beside the work; nil where nothing is.
    let debug: Debugging?
    /// What takes the place of saved tensors.
    let savedHooks: SavedHooks?
    /// The backward pass whose hooks and derivatives run here.
    let pass: PassScope?
    /// Who wants to know of new nodes, and who copies saved tensors before a write.
    let watchers: Watchers
    /// The innermost transform whose function this code belongs to: what was born before that
    /// call is not its own. 0 outside of all.
    let transform: Int
    /// What stands in the place of a module's tensors.
    let exchange: Exchange?
    /// The half-width type that products compute in; nil outside `autocast`.
    let autocast: DType?
    /// True where the door may take other operands than it is given.
    let changesOperands: Bool
    /// True where the door has more to do than to compute and to record.
    let isWatched: Bool

    init(
        isGradEnabled: Bool = true, isInference: Bool = false, errors: ErrorScope? = nil,
        generator: Generator? = nil, vmap: VmapLevel? = nil, recordedDepth: Int = 0,
        debug: Debugging? = nil, savedHooks: SavedHooks? = nil, transform: Int = 0,
        exchange: Exchange? = nil, autocast: DType? = nil, pass: PassScope? = nil,
        watchers: Watchers = Watchers()
    ) {
        self.isGradEnabled = isGradEnabled
        self.isInference = isInference
        self.errors = errors
        self.generator = generator
        self.vmap = vmap
        self.recordedDepth = recordedDepth
        self.debug = debug
        self.savedHooks = savedHooks
        self.transform = transform
        self.exchange = exchange
        self.autocast = autocast
        changesOperands = exchange != nil || autocast != nil
        self.pass = pass
        self.watchers = watchers
        isWatched =
            debug != nil || savedHooks?.isActive == true || exchange != nil || !watchers.isEmpty
    }

    static let plain = Mode(
        debug: Debugging.ofEnvironment, watchers: Watchers(observer: Watchers.observerOfEnvironment)
    )
    @TaskLocal private static var scoped: Mode?

    /// How many scopes are open in the whole process. While there is none, which is how most
    /// training runs, the task-local value need not be read (13 ns).
    private static let openScopes = Atomic<Int>(0)

    static var current: Mode {
        if openScopes.load(ordering: .relaxed) == 0 { return plain }
        return scoped ?? plain
    }

    /// True where operations are recorded: in grad mode and outside inference mode.
    var records: Bool { isGradEnabled && !isInference }

    /// True once an operation in the innermost error scope has failed.
    var isFailing: Bool { errors?.hasFailed ?? false }

    func with(
        isGradEnabled: Bool? = nil, isInference: Bool? = nil, errors: ErrorScope? = nil,
        generator: Generator? = nil, recordedDepth: Int = 0, debug: Debugging? = nil,
        savedHooks: SavedHooks? = nil, pass: PassScope? = nil, watchers: Watchers? = nil
    ) -> Mode {
        Mode(
            isGradEnabled: isGradEnabled ?? self.isGradEnabled,
            isInference: isInference ?? self.isInference,
            errors: errors ?? self.errors, generator: generator ?? self.generator, vmap: vmap,
            recordedDepth: isGradEnabled == nil ? self.recordedDepth : recordedDepth,
            debug: debug ?? self.debug, savedHooks: savedHooks ?? self.savedHooks,
            transform: transform, exchange: exchange, autocast: autocast, pass: pass ?? self.pass,
            watchers: watchers ?? self.watchers)
    }

    /// The mode inside `level`, or outside of all.
    func with(vmap level: VmapLevel?) -> Mode {
        Mode(
            isGradEnabled: isGradEnabled, isInference: isInference, errors: errors,
            generator: generator, vmap: level, recordedDepth: recordedDepth, debug: debug,
            savedHooks: savedHooks, transform: transform, exchange: exchange, autocast: autocast,
            pass: pass, watchers: watchers)
    }

    /// The mode inside a function that a transform calls now.
    func inTransform() -> Mode {
        Mode(
            isGradEnabled: isGradEnabled, isInference: isInference, errors: errors,
            generator: generator, vmap: vmap, recordedDepth: recordedDepth, debug: debug,
            savedHooks: savedHooks, transform: Storage.nextCall(), exchange: exchange,
            autocast: autocast, pass: pass, watchers: watchers)
    }

    /// The mode in which `debug` watches, or nothing does.
    func watched(by debug: Debugging?) -> Mode {
        Mode(
            isGradEnabled: isGradEnabled, isInference: isInference, errors: errors,
            generator: generator, vmap: vmap, recordedDepth: recordedDepth, debug: debug,
            savedHooks: savedHooks, transform: transform, exchange: exchange, autocast: autocast,
            pass: pass, watchers: watchers)
    }

    /// The mode in which `exchange` is in force.
    func with(exchange: Exchange) -> Mode {
        Mode(
            isGradEnabled: isGradEnabled, isInference: isInference, errors: errors,
            generator: generator, vmap: vmap, recordedDepth: recordedDepth, debug: debug,
            savedHooks: savedHooks, transform: transform, exchange: exchange, autocast: autocast,
            pass: pass, watchers: watchers)
    }

    /// The mode in which products compute in `autocast`, or in the types of their operands.
    func with(autocast: DType?) -> Mode {
        Mode(
            isGradEnabled: isGradEnabled, isInference: isInference, errors: errors,
            generator: generator, vmap: vmap, recordedDepth: recordedDepth, debug: debug,
            savedHooks: savedHooks, transform: transform, exchange: exchange, autocast: autocast,
            pass: pass, watchers: watchers)
    }

    /// The mode of a backward pass. Derivatives compute in the types that the forward pass chose,
    /// inside and outside of `autocast`.
    func inPass(_ pass: PassScope, recording: Bool) -> Mode {
        let mode = with(
            isGradEnabled: recording,
            recordedDepth: recording || !records ? recordedDepth : vmap?.depth ?? 0,
            debug: debug?.quiet(), pass: pass)
        return autocast == nil ? mode : mode.with(autocast: nil)
    }

    func run<R>(_ body: () throws -> R) rethrows -> R {
        Mode.openScopes.add(1, ordering: .relaxed)
        defer { Mode.openScopes.subtract(1, ordering: .relaxed) }
        return try Mode.$scoped.withValue(self, operation: body)
    }

    func run<R>(
        isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
    ) async rethrows -> R {
        Mode.openScopes.add(1, ordering: .relaxed)
        defer { Mode.openScopes.subtract(1, ordering: .relaxed) }
        return try await Mode.$scoped.withValue(self, operation: body, isolation: isolation)
    }
}
