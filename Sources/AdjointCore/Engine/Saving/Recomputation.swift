/// A second run of a checkpointed block, for the tensors that its operations save.
final class Recomputation: @unchecked Sendable {
    /// What was saved in the first run, in order.
    private let specs: [TensorSpec]
    /// True where the run may end before the block does.
    private let canStop: Bool
    /// False where the first run is not over: its block took gradients of its own tensors.
    private let isFirstOver: Bool
    /// The errors of the run; stopping it is one way in which computing ends.
    let scope: ErrorScope
    private(set) var values: [SavedTensor] = []
    private(set) var problem: TensorError?
    private(set) var isStopped = false

    init(_ specs: [TensorSpec], canStop: Bool, isFirstOver: Bool, scope: ErrorScope) {
        self.specs = specs
        self.canStop = canStop
        self.isFirstOver = isFirstOver
        self.scope = scope
    }

    /// The next saved tensor. The last one ends the computing.
    func take(_ tensor: Tensor) {
        let i = values.count
        guard i < specs.count, !isStopped else { return noteTooMany() }
        let spec = specs[i]
        if tensor.sizes != spec.sizes || tensor.dtype != spec.dtype {
            fail(
                tensor.sizes != spec.sizes ? .shape : .dtype,
                "recomputed values have different metadata than during the forward pass: saved "
                    + "tensor \(i) was \(spec.dtype) of shape \(spec.sizes), and is now "
                    + "\(tensor.dtype) of shape \(tensor.shape)")
        }
        values.append(SavedTensor(tensor))
        if values.count == specs.count, canStop { stop() }
    }

    /// True for an operation that computes nothing which is needed: it saves the last tensors, and
    /// these are operands.
    func isLast(_ set: SavedSet, _ inputs: Operands) -> Bool {
        if !canStop || isStopped || set.outputBits != 0 { return false }
        let count = Recomputation.saved(set, inputs)
        return count > 0 && values.count + count == specs.count
    }

    /// An operation after the end, which computes nothing: would it have saved something?
    func noteTail(_ set: SavedSet, _ inputs: Operands) {
        if isStopped, set.outputBits != 0 || Recomputation.saved(set, inputs) > 0 {
            noteTooMany()
        }
    }

    /// How many operands of `inputs` the hooks would be given.
    private static func saved(_ set: SavedSet, _ inputs: Operands) -> Int {
        inputs.indices.count {
            set.contains(.input(Swift.min($0, 47))) && !inputs[$0].flags.contains(.wrappedNumber)
        }
    }

    /// Checks the number, after the run.
    func finish() {
        if values.count < specs.count {
            fail(
                .autograd,
                "a different number of tensors was saved during the original forward and "
                    + "recomputation: \(specs.count) and \(values.count)")
        }
    }

    private func noteTooMany() {
        if !isFirstOver { return }
        fail(
            .autograd,
            "a different number of tensors was saved during the original forward and "
                + "recomputation: \(specs.count) and at least \(specs.count + 1)")
    }

    private func fail(_ kind: TensorError.Kind, _ message: String) {
        if problem == nil {
            problem = TensorError(
                kind,
                "\(message). The block must compute the same each time: take what changes "
                    + "(counters, switches, the outside world) out of it", operation: "checkpoint")
        }
        stop()
    }

    private func stop() {
        isStopped = true
        scope.stop()
    }
}

extension Door {
    /// True where a checkpoint's second run needs what the operation saves, and not its result.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    static func skips<Op: Operator>(_ op: Op, _ inputs: Operands, _ mode: Mode) -> Bool {
        mode.startClock()
        guard let recomputation = mode.savedHooks?.recomputation else { return false }
        return recomputation.isLast(set(op, inputs, mode), inputs)
    }

    /// What an operation gives after an error, or after the end of a checkpoint's second run.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    static func closed<Op: Operator>(_ op: Op, _ inputs: Operands, _ mode: Mode) -> Tensor {
        let output = poison(try? op.result(inputs), inputs)
        if noteTail(op, inputs, mode), output.dtype.isFloatingPoint {
            output.flags.insert(.requiresGrad)
        }
        return output
    }

    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    static func closed<Op: MultiOperator>(_ op: Op, _ inputs: Operands, _ mode: Mode) -> [Tensor] {
        let outputs = poison(try? op.results(inputs), inputs, count: Op.info.results)
        if noteTail(op, inputs, mode) {
            for output in outputs where output.dtype.isFloatingPoint {
                output.flags.insert(.requiresGrad)
            }
        }
        return outputs
    }

    /// Tells a stopped run of an operation that it did not do. True where it would be recorded.
    @discardableResult
    static func noteTail(_ op: some AnyOperator, _ inputs: Operands, _ mode: Mode) -> Bool {
        guard let recomputation = mode.savedHooks?.recomputation, recomputation.isStopped else {
            return false
        }
        recomputation.noteTail(set(op, inputs, mode), inputs)
        return mode.records && inputs.anyRequiresGrad
            && type(of: op).differentiability != .constant
    }

    /// What the operation would save of these operands.
    private static func set(_ op: some AnyOperator, _ inputs: Operands, _ mode: Mode) -> SavedSet {
        guard mode.records, inputs.anyRequiresGrad, type(of: op).differentiability != .constant
        else { return .none }
        var wanted = InputSet.none
        for i in inputs.indices where inputs[i].needsGrad { wanted.insert(i) }
        return op.saves(for: wanted)
    }
}
