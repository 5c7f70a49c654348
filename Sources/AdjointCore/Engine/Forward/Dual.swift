import Synchronization

/// One level of forward-mode differentiation: the tangents made here end with its scope. Levels
/// nest; an inner level differentiates what an outer one computes, tangents included.
public final class ForwardLevel: Sendable {
    private static let opened = Atomic<Int>(0)
    /// Later levels are inner ones.
    let depth: Int
    private let ended = Atomic<Bool>(false)

    init() { depth = ForwardLevel.nextDepth() }

    static func nextDepth() -> Int { opened.add(1, ordering: .relaxed).newValue }

    /// States of tensors in graphs: their tangents may themselves lead to the graph, and would
    /// keep it alive after the scope.
    private let borrowers = Mutex<[Borrower]>([])

    private struct Borrower: @unchecked Sendable { weak var state: AutogradState? }

    var isActive: Bool { !ended.load(ordering: .relaxed) }

    func end() {
        ended.store(true, ordering: .relaxed)
        let borrowers = borrowers.withLock { list in
            defer { list = [] }
            return list
        }
        for borrower in borrowers {
            guard let state = borrower.state else { continue }
            let old = state.tangents
            state.tangents.removeAll { $0.level === self }
            withExtendedLifetime(old) {}
        }
    }

    fileprivate func lend(to state: AutogradState) {
        borrowers.withLock { $0.append(Borrower(state: state)) }
    }

    /// `primal` with `tangent` attached: what is computed from it carries its own tangent.
    ///
    /// - Errors: `.shape`, `.dtype` where the two differ; `.autograd` after the scope has ended.
    public func makeDual(_ primal: Tensor, tangent: Tensor) -> Tensor {
        let mode = Mode.current
        if mode.isFailing || primal.isPoisoned { return primal }
        if let error = mismatch(primal, tangent) {
            return Failure.poison(error, like: primal.sizes, primal.dtype)
        }
        if let (level, primal, tangent) = outside(primal, tangent) {
            return Tensor(batch: makeDual(primal, tangent: tangent), level)
        }
        let dual = primal.alias(linkedTo: primal.edge)
        dual.setTangent(tangent, self)
        return dual
    }

    private func mismatch(_ primal: Tensor, _ tangent: Tensor) -> TensorError? {
        if !isActive {
            return TensorError(
                .autograd,
                "Trying to create a dual Tensor for forward AD but no level exists: no "
                    + "forward-mode level is open, this one ended with its scope. Make duals "
                    + "inside forwardMode { level in ... }", operation: "makeDual")
        }
        if !primal.dtype.isFloatingPoint || !tangent.dtype.isFloatingPoint {
            let (name, dtype) =
                primal.dtype.isFloatingPoint
                ? ("tangent", tangent.dtype) : ("primal", primal.dtype)
            return TensorError(
                .dtype,
                "Expected \(name) to be floating point, but got: \(dtype); convert it with "
                    + "to(.float32)", operation: "makeDual")
        }
        if primal.dtype != tangent.dtype {
            return TensorError(
                .dtype,
                "a tangent has the dtype of its primal; got \(primal.dtype) and \(tangent.dtype)",
                operation: "makeDual")
        }
        if primal.sizes != tangent.sizes {
            return TensorError(
                .shape,
                "Trying to set a forward gradient that has a different size than that of the "
                    + "original Tensor: the tensor is of size \(primal.shape), the tangent of size "
                    + "\(tangent.shape)", operation: "makeDual")
        }
        return nil
    }

    /// The two parts of a tensor at this level; no tangent where it does not depend on a dual.
    public func unpackDual(_ tensor: Tensor) -> (primal: Tensor, tangent: Tensor?) {
        if let batch = tensor.batch, batch.level.depth > depth {
            let (primal, tangent) = unpackDual(batch.value)
            return (
                Tensor(batch: primal, batch.level), tangent.map { Tensor(batch: $0, batch.level) }
            )
        }
        guard isActive, let tangent = tensor.tangent(self) else { return (tensor, nil) }
        return (tensor.below(self), tangent)
    }

    /// Inside a `vmap` that was opened later, tangents of this level belong to whole batches.
    private func outside(_ primal: Tensor, _ tangent: Tensor) -> (VmapLevel, Tensor, Tensor)? {
        let levels = [primal, tangent].compactMap { $0.batch?.level }.filter { $0.depth > depth }
        guard let level = levels.max(by: { $0.depth < $1.depth }) else { return nil }
        return (level, primal.repeated(at: level), tangent.repeated(at: level))
    }
}

/// Opens a level of forward-mode differentiation for `body`.
public func forwardMode<R>(_ body: (ForwardLevel) throws -> R) rethrows -> R {
    let level = ForwardLevel()
    defer { level.end() }
    return try body(level)
}

extension Tensor {
    func tangent(_ level: ForwardLevel) -> Tensor? {
        guard flags.contains(.dual) else { return nil }
        return state?.tangents.first { $0.level === level }?.tangent
    }

    func setTangent(_ tangent: Tensor, _ level: ForwardLevel) {
        let state = state ?? AutogradState()
        state.tangents.removeAll { $0.level === level || !$0.level.isActive }
        state.tangents.append((level, tangent))
        state.tangents.sort { $0.level.depth < $1.level.depth }
        self.state = state
        flags.insert(.dual)
    }

    func copyTangents(from other: Tensor) {
        for (level, tangent) in other.state?.tangents ?? [] where level.isActive {
            setTangent(tangent, level)
        }
    }

    func dropTangents() {
        state?.tangents = []
        flags.remove(.dual)
    }

    /// After a write: the tangents of a view's base are its old ones with the view's in their
    /// places, and those of the base's other views are parts of them. Views that were made before
    /// the base had a tangent are not known, and keep none.
    func spreadTangents() {
        let root = base ?? self
        if root !== self {
            var levels = root.state?.tangents.map(\.level) ?? []
            for (level, _) in state?.tangents ?? []
            where !levels.contains(where: { $0 === level }) {
                levels.append(level)
            }
            for level in levels where level.isActive {
                let tangent = Tangents.scattered(
                    tangent(level), at: self, over: root.tangent(level), of: root)
                root.setTangent(tangent, level)
            }
        }
        for case let view? in (root.state?.dualViews ?? []).map(\.tensor) where view !== self {
            view.dropTangents()
            for (level, tangent) in root.state?.tangents ?? [] where level.isActive {
                view.setTangent(Tangents.part(view, of: root, tangent), level)
            }
        }
    }

    /// As `copyTangents`, until the levels end.
    func borrowTangents(from other: Tensor) {
        copyTangents(from: other)
        guard let state else { return }
        for (level, _) in state.tangents { level.lend(to: state) }
    }

    /// This tensor with the tangents of the levels outside `level` only.
    func below(_ level: ForwardLevel) -> Tensor {
        guard flags.contains(.dual) else { return self }
        let alias = alias()
        let edge = edge
        alias.producer = edge.node
        alias.outputIndex = edge.index
        for (outer, tangent) in state?.tangents ?? [] where outer.depth < level.depth {
            if outer.isActive { alias.setTangent(tangent, outer) }
        }
        return alias
    }
}

extension Door {
    /// The levels at which any of the inputs has a tangent, outermost first. Those outside of the
    /// `vmap` that `output` is a batch of were seen to where the batch was computed.
    private static func levels(_ inputs: Operands, _ output: Tensor) -> [ForwardLevel] {
        var found: [ForwardLevel] = []
        let depth = output.batch?.level.depth ?? 0
        for tensor in inputs where tensor.flags.contains(.dual) {
            for (level, _) in tensor.state?.tangents ?? []
            where level.isActive && level.depth > depth {
                if !found.contains(where: { $0 === level }) { found.append(level) }
            }
        }
        return found.sorted { $0.depth < $1.depth }
    }

    private static func split(_ inputs: Operands, _ level: ForwardLevel)
        -> (primals: Operands, tangents: TensorSlots)
    {
        (Operands(inputs.map { $0.below(level) }), TensorSlots(inputs.map { $0.tangent(level) }))
    }

    @_semantics("optimize.sil.specialize.generic.never")
    private static func saved<Op: AnyOperator>(
        _ op: Op, _ primals: Operands, _ outputs: [Tensor], _ level: ForwardLevel
    ) -> Saved {
        let set = op.saves(for: .all)
        let saved = LiveSaved(primals)
        for i in 0..<primals.count where set.contains(.input(Swift.min(i, 47))) {
            saved.inputs[i] = primals[i]
        }
        for i in outputs.indices where set.contains(.output(i)) {
            // An alias: the tangent's graph must not lead back to the tensor that holds the tangent.
            saved.outputs[i] =
                outputs[i].isDual
                ? outputs[i].below(level) : outputs[i].alias(linkedTo: outputs[i].edge)
        }
        return Saved(saved)
    }

    /// True where tangents pass through; raises where nobody has written how.
    private static func hasPush<Op: AnyOperator>(_ op: Op) -> Bool {
        if Op.differentiability == .missing {
            Failure.raise(
                TensorError(
                    .autograd,
                    "Trying to use forward AD with \(Op.info.name) that does not support it: its "
                        + "derivative is not implemented; call detach() on the operand, or compute "
                        + "it outside forwardMode", operation: Op.info.name))
        }
        return Op.differentiability == .smooth
    }

    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    static func push<Op: Operator>(_ op: Op, _ inputs: Operands, _ output: Tensor) {
        guard output.dtype.isFloatingPoint, hasPush(op) else { return }
        for level in levels(inputs, output) {
            let (primals, tangents) = split(inputs, level)
            let saved = saved(op, primals, [output], level)
            if let tangent = Debugging.push(op, { op.push(tangents, primals, saved) }) {
                output.setTangent(Tangents.fitted(tangent, to: output), level)
                (output.producer as? SavingNode)?.keepTangents(of: output, 0)
            }
        }
    }

    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    static func push<Op: MultiOperator>(_ op: Op, _ inputs: Operands, _ outputs: [Tensor]) {
        guard hasPush(op), let first = outputs.first else { return }
        for level in levels(inputs, first) {
            let (primals, tangents) = split(inputs, level)
            let saved = saved(op, primals, outputs, level)
            let results = Debugging.quietly { op.push(tangents, primals, saved) }
            for (i, output) in outputs.enumerated() where output.dtype.isFloatingPoint {
                if let tangent = Debugging.push(op, { results[i] }) {
                    output.setTangent(Tangents.fitted(tangent, to: output), level)
                    (output.producer as? SavingNode)?.keepTangents(of: output, i)
                }
            }
        }
    }

    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    static func push<Op: ViewOperator>(_ op: Op, _ input: Tensor, _ output: Tensor) {
        for level in levels(Operands(input), output) {
            guard let tangent = input.tangent(level) else { continue }
            // A tangent may lie in memory otherwise than its primal, where no such view exists.
            let fits = (try? op.view(tangent.layout)) != nil
            output.setTangent(apply(op, fits ? tangent : Tangents.dense(tangent)), level)
        }
        if let views = output.base?.state {
            views.dualViews.removeAll { $0.tensor == nil }
            views.dualViews.append(WeakTensor(tensor: output))
        }
    }

    @inline(never)
    static func push<Op: MultiViewOperator>(_ op: Op, _ input: Tensor, _ outputs: [Tensor]) {
        guard let first = outputs.first else { return }
        for level in levels(Operands(input), first) {
            guard let tangent = input.tangent(level) else { continue }
            for (output, part) in zip(outputs, apply(op, tangent)) {
                output.setTangent(part, level)
            }
        }
        if let views = first.base?.state {
            views.dualViews.removeAll { $0.tensor == nil }
            views.dualViews += outputs.map { WeakTensor(tensor: $0) }
        }
    }

    /// A custom function's own rule, level by level.
    static func pushFunction(
        _ inputs: Operands, _ outputs: [Tensor], _ rule: ([Tensor?]) -> [Tensor?]
    ) {
        guard let first = outputs.first else { return }
        for level in levels(inputs, first) {
            let results = rule(split(inputs, level).tangents.array(count: inputs.count))
            for (output, tangent) in zip(outputs, results) {
                if let tangent { output.setTangent(Tangents.fitted(tangent, to: output), level) }
            }
        }
    }
}

extension Tensor {
    var isDual: Bool { flags.contains(.dual) }
}
