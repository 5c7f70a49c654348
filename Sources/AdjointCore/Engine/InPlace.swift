/// Applies an operation and writes its result over its first input, `target`, whose history
/// becomes that of the result. Returns `target`.
@discardableResult
@_semantics("optimize.sil.specialize.generic.never")
public func applyInPlace<Op: Operator>(
    _ op: Op, _ target: Tensor, _ second: Tensor? = nil, _ third: Tensor? = nil
) -> Tensor {
    let mode = Mode.current
    var inputs = Operands(target, second, third)
    if let exchange = mode.exchange {
        inputs = exchange.standIns(inputs)
        if inputs.first !== target {
            applyInPlace(op, inputs.first, second, third)
            return target
        }
    }
    let flags = inputs.flags
    if mode.errors != nil || flags.contains(.poisoned), Door.isClosed(mode, flags) {
        Door.noteTail(op, inputs, mode)
        return target
    }
    let name = Op.info.name + "_"
    do throws(TensorError) {
        let device = try Door.device(of: inputs)
        let spec = try op.result(inputs)
        let records =
            mode.records && target.dtype.isFloatingPoint && inputs.anyRequiresGrad
            && Op.differentiability != .constant
        try Door.checkWritable(target, spec, mode, records)
        try Door.checkOverlap(target, inputs)
        if records { try Door.checkRecordable(op, flags, mode) }
        // The derivative may need the elements that the write is about to destroy.
        let set = op.saves(for: .all)
        let keeps = (records || flags.contains(.dual)) && !set.isDisjoint(with: .anyInput)
        let before = keeps ? inputs.keeping(target) : inputs
        let node = records ? OpNode(op, inputs, saving: before, spec: target.spec) : nil
        let duals =
            flags.contains(.dual)
            ? Operands(zip(before, inputs).map { $0.withHistory(of: $1) }) : nil
        let watched = mode.isWatched ? Door.beforeWrite(inputs, mode) : nil
        if flags.contains(.batched) {
            try Door.batchedInPlace(op, target, inputs, spec)
        } else if device == .cpu {
            if Op.worksInPlace, target.dtype == spec.dtype, !inputs.overlapsTarget {
                try op.compute(inputs, into: target)
            } else {
                try Door.checkRoom(spec.sizes, spec.dtype, device)
                let result = Tensor(empty: spec.sizes, spec.dtype, device)
                try op.compute(inputs, into: result)
                try Tangents.copyElements(of: result, to: target)
            }
        }
        if let watched { try Door.checkWrite(op, watched, target) }
        if !target.flags.contains(.inference) { target.storage.bumpVersion(by: Op.self) }
        if let node {
            node.keepOutput(target, set)
            Door.rebase(target, on: node)
        } else {
            target.noteWrite()
        }
        if let duals {
            // What is written carries its own tangents, or none.
            target.dropTangents()
            Door.push(op, duals, target)
            node?.keepTangents(of: target, 0)
        }
        if flags.contains(.dual) || target.base?.isDual == true { target.spreadTangents() }
        if mode.isWatched {
            mode.watchers.operationHook?.call(op, inputs, [target])
            try Door.watchWrite(op, inputs, node, mode)
        }
        return target
    } catch {
        Failure.raise(TensorError(error.kind, error.message, operation: error.operation ?? name))
        return target
    }
}

extension Door {
    /// Whether `target` may be written to, and holds what would be written.
    static func checkWritable(
        _ target: Tensor, _ spec: TensorSpec, _ mode: Mode, _ records: Bool
    ) throws(TensorError) {
        if mode.records {
            if mode.transform > 0, target.underlying.storage.born < mode.transform {
                throw TensorError(
                    .inPlace,
                    "a function that grad, vjp, jvp or another transform differentiates attempted "
                        + "to call an in-place operation that would mutate a captured Tensor, or "
                        + "its argument: the write would outlive the call without its derivative. "
                        + "Write out of place, to a clone(), or inside noGrad { } where it is "
                        + "bookkeeping")
            }
            if target.flags.contains(.requiresGrad), target.currentProducer == nil {
                throw TensorError(
                    .inPlace,
                    "a leaf tensor that requires grad is being used in an in-place operation; "
                        + "write inside noGrad { }, or out of place")
            }
            if let base = target.base, base.flags.contains(.requiresGrad), base.producer == nil {
                throw TensorError(
                    .inPlace,
                    "a view of a leaf tensor that requires grad is being used in an in-place "
                        + "operation; write inside noGrad { }, or clone() the leaf first")
            }
            if records || target.needsGrad, target.flags.contains(.functionView) {
                throw TensorError(
                    .inPlace,
                    "this view was created inside a custom Function (or because an input was "
                        + "returned as it came), and an in-place operation would override that "
                        + "function's gradient; clone() the output of the function first")
            }
            if records, target.base != nil, target.flags.contains(.multiView) {
                throw multiViewError(target)
            }
            if let base = target.base, target.flags.contains(.noGradView),
                records || base.needsGrad
            {
                let scope = target.flags.contains(.inferenceView) ? "inferenceMode" : "noGrad"
                throw TensorError(
                    .inPlace,
                    "a view that was made under \(scope) is being modified in place with grad mode "
                        + "on; make the view outside \(scope), or write inside it")
            }
        }
        if target.flags.contains(.inference), !mode.isInference {
            throw TensorError(
                .inPlace,
                "in-place update of an inference tensor outside inferenceMode; clone() it first")
        }
        if spec.sizes != target.sizes {
            throw TensorError(
                .shape,
                "output with shape \(target.shape) doesn't match the broadcast shape \(spec.sizes)")
        }
        if spec.dtype.category.rawValue > target.dtype.category.rawValue {
            throw TensorError(
                .dtype,
                "result type \(spec.dtype) can't be cast to the desired output type \(target.dtype)"
            )
        }
    }

    /// Refuses a write whose target holds one element at several positions, or that shares part
    /// of its memory with an operand.
    static func checkOverlap(_ target: Tensor, _ inputs: Operands) throws(TensorError) {
        if target.layout.mayOverlap {
            throw TensorError(
                .inPlace,
                "more than one element of the written-to tensor refers to a single memory "
                    + "location, as expand makes it; clone() the tensor before writing")
        }
        for other in inputs.dropFirst() where other.storage === target.storage {
            let (a, b) = (target.layout, other.layout)
            if a == b || a.count == 0 || b.count == 0 { continue }
            if a.offset < b.extent && b.offset < a.extent && a.sharesElement(with: b) {
                throw TensorError(
                    .inPlace,
                    "some elements of an operand and of the written-to tensor refer to a single "
                        + "memory location; clone() the operand first")
            }
        }
    }

    /// Gives `target` the history `node`; for a view, its base too: the base is then its old
    /// self with the view's elements replaced.
    static func rebase(_ target: Tensor, on node: Node) {
        guard let base = target.base else {
            target.relink(node, 0)
            return
        }
        base.relink(Tangents.scatterNode(target, of: base, base.edge, node), 0)
        target.relink(Tangents.viewNode(target, of: base, base.edge), 0)
    }
}

extension Operands {
    /// The operands as they are now: what shares the elements of `target` is copied.
    fileprivate func keeping(_ target: Tensor) -> Operands {
        // What a batched tensor stands for keeps its history outside of the level.
        let copy = target.isBatched ? target.clone().alias() : noGrad { target.clone() }
        return Operands(
            map { $0.storage === target.storage && $0.layout == target.layout ? copy : $0 })
    }

    /// True where an operand lies across the elements of the first.
    fileprivate var overlapsTarget: Bool {
        dropFirst().contains { $0.storage === first.storage && $0.layout != first.layout }
    }
}

extension Tensor {
    /// After a write that was not recorded the history of a view is still the old one.
    func noteWrite() {
        producerVersion = storage.version
    }

    fileprivate func withHistory(of other: Tensor) -> Tensor {
        let alias = alias()
        let edge = other.edge
        alias.producer = edge.node
        alias.outputIndex = edge.index
        alias.copyTangents(from: other)
        return alias
    }
}

extension Layout {
    /// True unless the two provably share no element: strided regions whose steps have a common
    /// divisor that their offsets do not differ by are apart.
    func sharesElement(with other: Layout) -> Bool {
        var divisor = 0
        for (layout, strides) in [(self, self.strides), (other, other.strides)] {
            for i in 0..<layout.rank where layout.sizes[i] > 1 {
                var (p, q) = (divisor, strides[i])
                while q != 0 { (p, q) = (q, p % q) }
                divisor = p
            }
        }
        return divisor == 0 ? offset == other.offset : (offset - other.offset) % divisor == 0
    }
}
