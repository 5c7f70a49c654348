/// An operation whose results are all views of its input's memory, each of a part of its own:
/// `unbind`, `split`. They have one node together, so that the gradient of the input is put
/// together once, and not once a part.
public protocol MultiViewOperator: AnyOperator {
    /// Where the elements of each result lie.
    func views(_ input: Layout) throws(TensorError) -> [Layout]
    /// The gradient for the input, from those of the results; nil stands for zeros.
    func transpose(_ cotangents: [Tensor?], _ saved: Saved) -> Tensor
    /// All samples of a batch at once, inside `vmap`: the results have the batch dimension first.
    func batched(_ inputs: Batch) throws(TensorError) -> [Tensor]
}

extension MultiViewOperator {
    public func saves(for wanted: InputSet) -> SavedSet { .none }
    public func callAsFunction(_ inputs: [Tensor]) -> [Tensor] {
        apply(self, operands(inputs).first)
    }
}

/// Applies an operation whose results are several views of its input. They cannot be written in
/// place under a recording.
public func apply<Op: MultiViewOperator>(_ op: Op, _ input: Tensor) -> [Tensor] {
    let mode = Mode.current
    if mode.errors != nil || input.isPoisoned, Door.isClosed(mode, input.flags) {
        return Door.closed(op, input, mode)
    }
    do throws(TensorError) {
        let layouts = try op.views(input.layout)
        guard let first = layouts.first else { return [] }
        let outputs =
            input.flags.contains(.batched)
            ? try Door.batched(op, input)
            : layouts.map {
                Tensor(
                    input.storage, $0, input.dtype, input.device,
                    input.flags.intersection(.inference))
            }
        let edge = mode.records && input.dtype.isFloatingPoint ? input.edge : Edge()
        let node =
            edge.node == nil
            ? nil
            : MultiViewNode(op, from: edge, TensorSpec(first.sizes, input.dtype), layouts)
        let base = input.base ?? input
        for (i, output) in outputs.enumerated() {
            output.base = base
            output.producerVersion = input.storage.version
            output.flags.formUnion(input.flags.intersection(.noGradView).union(.multiView))
            if !mode.records { output.flags.insert(.noGradView) }
            output.producer = node
            output.outputIndex = Int32(i)
        }
        if input.flags.contains(.dual) { Door.push(op, input, outputs) }
        if mode.isWatched { Door.watch(op, input, outputs, node, mode) }
        return outputs
    } catch {
        return [Failure.poison(Door.named(error, Op.info), like: input.sizes, input.dtype)]
    }
}

extension Door {
    /// More poisoned parts than this nobody gets: the size of a failed operation's result may be
    /// any number.
    private static let mostParts = 1 << 16

    @inline(never)
    fileprivate static func closed(_ op: some MultiViewOperator, _ input: Tensor, _ mode: Mode)
        -> [Tensor]
    {
        let layouts = (try? op.views(input.layout)) ?? [input.layout]
        let isRecorded = noteTail(op, Operands(input), mode)
        return layouts.prefix(mostParts).map {
            let output = Tensor.poisoned($0.sizes, input.dtype)
            if isRecorded { output.flags.insert(.requiresGrad) }
            return output
        }
    }

    /// The parts of a batch are batches of parts.
    @inline(never)
    fileprivate static func batched(_ op: some MultiViewOperator, _ input: Tensor)
        throws(TensorError) -> [Tensor]
    {
        let batch = try Batch(CollectionOfOne(input))
        let values = try batch.step { (batch) throws(TensorError) in try op.batched(batch) }
        if values.contains(where: \.isPoisoned) { throw Batch.failed }
        return values.map { Tensor(batch: $0, batch.level, storage: input.storage) }
    }

    /// What a write to one of several views is told.
    static func multiViewError(_ target: Tensor) -> TensorError {
        let name = target.producer?.operationName.map { $0.prefix(1).uppercased() + $0.dropFirst() }
        return TensorError(
            .inPlace,
            "Output \(target.outputIndex) of \(name ?? "a function") is a view and is being "
                + "modified in place. It is one of several views that one function returned "
                + "(unbind, split, chunk); functions that return multiple views do not allow them "
                + "to be written. Write to a part of the base by index, or out of place")
    }
}
