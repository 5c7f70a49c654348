import Synchronization

/// Applies `block` to `x` without keeping what its operations save: the backward pass runs the
/// block a second time, once, when the first of these tensors is needed. Trades time for memory.
///
/// The second run sees the random numbers and the modes of the first, and ends when it has made
/// the last saved tensor, unless the block read a number of a tensor. Checkpoints nest, and can be
/// differentiated repeatedly.
///
/// - Parameters:
///   - block: Computes the same each time it is called with the same arguments.
///   - x: What `block` is applied to.
///   - earlyStop: With false, the second run goes to the block's end.
///   - preservesRandomState: With false, the second run draws its own random numbers.
/// - Errors: in backward, `.autograd`, `.shape` or `.dtype` where the second run saves other
///   tensors than the first; `.inPlace` where `x` has been written to in between.
public func checkpoint(
    _ block: @escaping @Sendable (Tensor) -> Tensor, _ x: Tensor, earlyStop: Bool = true,
    preservesRandomState: Bool = true
) -> Tensor {
    checkpoint(
        { (xs: [Tensor]) in [block(xs[0])] }, [x], earlyStop: earlyStop,
        preservesRandomState: preservesRandomState)[0]
}

/// The same for a block of two tensors.
public func checkpoint(
    _ block: @escaping @Sendable (Tensor, Tensor) -> Tensor, _ a: Tensor, _ b: Tensor,
    earlyStop: Bool = true, preservesRandomState: Bool = true
) -> Tensor {
    checkpoint(
        { (xs: [Tensor]) in [block(xs[0], xs[1])] }, [a, b], earlyStop: earlyStop,
        preservesRandomState: preservesRandomState)[0]
}

/// The same for a block of three tensors.
public func checkpoint(
    _ block: @escaping @Sendable (Tensor, Tensor, Tensor) -> Tensor, _ a: Tensor, _ b: Tensor,
    _ c: Tensor, earlyStop: Bool = true, preservesRandomState: Bool = true
) -> Tensor {
    checkpoint(
        { (xs: [Tensor]) in [block(xs[0], xs[1], xs[2])] }, [a, b, c], earlyStop: earlyStop,
        preservesRandomState: preservesRandomState)[0]
}

/// The same for a block of several tensors with one result.
public func checkpoint(
    _ block: @escaping @Sendable ([Tensor]) -> Tensor, _ xs: [Tensor], earlyStop: Bool = true,
    preservesRandomState: Bool = true
) -> Tensor {
    checkpoint(
        { (xs: [Tensor]) in [block(xs)] }, xs, earlyStop: earlyStop,
        preservesRandomState: preservesRandomState)[0]
}

/// The same for a block of several tensors and several results.
public func checkpoint(
    _ block: @escaping @Sendable ([Tensor]) -> [Tensor], _ xs: [Tensor], earlyStop: Bool = true,
    preservesRandomState: Bool = true
) -> [Tensor] {
    let mode = Mode.current
    if !mode.records { return block(xs) }
    do throws(TensorError) {
        let frame = try CheckpointFrame(block, xs, mode, earlyStop, preservesRandomState)
        let results = mode.with(savedHooks: frame.hooks(outer: mode.savedHooks)).run { block(xs) }
        frame.close()
        return results
    } catch {
        Failure.raise(error)
        return block(xs)
    }
}

/// Applies `functions` one after the other to `x`, in `segments` parts, each checkpointed except
/// the last, which the backward pass needs at once.
///
/// - Errors: `.argument` unless there are from 1 to `functions.count` segments.
public func checkpointSequential(
    _ functions: [@Sendable (Tensor) -> Tensor], segments: Int, _ x: Tensor,
    preservesRandomState: Bool = true
) -> Tensor {
    guard segments >= 1, segments <= functions.count else {
        return Failure.poison(
            TensorError(
                .argument,
                "\(segments) segments of \(functions.count) functions: say a number from 1 to "
                    + "\(functions.count)", operation: "checkpointSequential"), like: x.sizes,
            x.dtype)
    }
    let length = functions.count / segments
    var result = x
    for segment in 0..<segments {
        let isLast = segment == segments - 1
        let part = functions[
            (segment * length)..<(isLast ? functions.count : (segment + 1) * length)]
        let run: @Sendable (Tensor) -> Tensor = { part.reduce($0) { $1($0) } }
        result =
            isLast
            ? run(result)
            : checkpoint(run, result, preservesRandomState: preservesRandomState)
    }
    return result
}

/// The second form, for functions, segments and input in PyTorch's order without labels.
public func checkpointSequential(
    _ functions: [@Sendable (Tensor) -> Tensor], _ segments: Int, _ x: Tensor
) -> Tensor {
    checkpointSequential(functions, segments: segments, x)
}

/// One call of a checkpointed block: what it takes to run it again.
///
/// Nodes of the block hold it, through the places that stand for their saved tensors. It holds the
/// block's arguments, and nothing that the block made.
private final class CheckpointFrame: @unchecked Sendable {
    /// Stands for one saved tensor.
    struct Promise {
        let frame: CheckpointFrame
        let index: Int
    }

    private struct Argument {
        var saved: SavedTensor
        /// Where hooks around the checkpoint, an outer one's perhaps, hold it.
        var packed: PackedTensor?
        let requiresGrad: Bool
    }

    private struct State: @unchecked Sendable {
        var specs: [TensorSpec] = []
        var values: [SavedTensor?] = []
        var readsValues = false
        var isOver = false
    }

    private let block: @Sendable ([Tensor]) -> [Tensor]
    private let arguments: [Argument]
    private let mode: Mode
    private let random: Generator.State?
    private let earlyStop: Bool
    private let state = Mutex(State())

    init(
        _ block: @escaping @Sendable ([Tensor]) -> [Tensor], _ xs: [Tensor], _ mode: Mode,
        _ earlyStop: Bool, _ preservesRandomState: Bool
    ) throws(TensorError) {
        self.block = block
        self.mode = mode
        self.earlyStop = earlyStop
        random = preservesRandomState ? Generator.current.state : nil
        var arguments: [Argument] = []
        for x in xs {
            var argument = Argument(saved: SavedTensor(x.forSaving), requiresGrad: x.requiresGrad)
            if let hooks = mode.savedHooks, hooks.isActive, !x.isPoisoned {
                argument.packed = try hooks.packed(argument.saved)
                argument.saved = SavedTensor()
            }
            arguments.append(argument)
        }
        self.arguments = arguments
    }

    /// The hooks of the first run.
    func hooks(outer: SavedHooks?) -> SavedHooks {
        SavedHooks(
            outer: outer, pack: { self.promise($0.spec) },
            unpack: { (value) throws(TensorError) in
                let promise = value as! Promise
                return try promise.frame.value(promise.index)
            }, onRead: { self.state.withLock { $0.readsValues = true } })
    }

    private func promise(_ spec: TensorSpec) -> Promise {
        state.withLock {
            $0.specs.append(spec)
            return Promise(frame: self, index: $0.specs.count - 1)
        }
    }

    /// Saved tensor `index`, which leaves the frame with it. Runs the block where it is not here.
    private func value(_ index: Int) throws(TensorError) -> Tensor {
        if let saved = take(index) { return try checked(saved, index) }
        try recompute()
        guard let saved = take(index) else { return Tensor.poisoned([], .float32) }
        return try checked(saved, index)
    }

    private func take(_ index: Int) -> SavedTensor? {
        state.withLock { index < $0.values.count ? $0.values[index].take() : nil }
    }

    /// The first run is over.
    func close() { state.withLock { $0.isOver = true } }

    private func checked(_ saved: SavedTensor, _ index: Int) throws(TensorError) -> Tensor {
        if saved.isIntact { return saved.tensor! }
        throw TensorError(
            .inPlace,
            "one of the variables needed for gradient computation has been modified by an inplace "
                + "operation: the checkpointed block writes to its saved tensor \(index) with "
                + "\(saved.tensor!.storage.lastWriterName); write out of place",
            operation: "checkpoint")
    }

    private func recompute() throws(TensorError) {
        let first = state.withLock { $0 }
        let current = Mode.current
        let scope = ErrorScope(outer: current.errors)
        let run = Recomputation(
            first.specs, canStop: earlyStop && !first.readsValues, isFirstOver: first.isOver,
            scope: scope)
        let hooks = SavedHooks(
            outer: nil, recomputation: run,
            pack: { tensor in
                run.take(tensor)
                return tensor
            }, unpack: { $0 as! Tensor })
        let xs = try reopened()
        let generator = random.map { state in
            let generator = Generator(seed: 0)
            generator.state = state
            return generator
        }
        mode.with(
            errors: scope, generator: generator, debug: current.debug?.quiet(), savedHooks: hooks
        ).run {
            _ = block(xs)
        }
        if let problem = run.problem { throw problem }
        if let error = scope.error { throw error }
        run.finish()
        if let problem = run.problem { throw problem }
        state.withLock { $0.values = run.values }
    }

    /// The arguments as leaves of a graph of their own.
    private func reopened() throws(TensorError) -> [Tensor] {
        var xs: [Tensor] = []
        for argument in arguments {
            let tensor: Tensor
            if let packed = argument.packed {
                tensor = try packed.unpacked(nil, "argument")
            } else {
                tensor = argument.saved.tensor!
                if !argument.saved.isIntact {
                    throw TensorError(
                        .inPlace,
                        "an argument of a checkpointed block, a \(tensor.dtype) tensor of shape "
                            + "\(tensor.shape), has been modified by an inplace operation "
                            + "(\(tensor.storage.lastWriterName)) before backward could run the "
                            + "block again: it was at version \(argument.saved.version) and is at "
                            + "\(tensor.writeCount). Write out of place, or clone() it",
                        operation: "checkpoint")
                }
            }
            let leaf = tensor.alias(linkedTo: Edge())
            if argument.requiresGrad { leaf.requiresGrad_() }
            xs.append(leaf)
        }
        return xs
    }
}
