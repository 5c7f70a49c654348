// A custom function inside `vmap`. Outside of the level it is a custom function too, on whole
// batches: what it does with one sample is done with handles, in both passes. So outer transforms
// meet its own derivative, and not that of what it is made of.

/// A custom function on whole batches.
private struct MappedFunction<F: Function>: Function {
    let function: F
    let level: VmapLevel
    let isMapped: [Bool]
    /// The inputs that want a gradient at the level itself.
    let needs: [Bool]
    let notes: MappedNotes

    static var isOnceDifferentiable: Bool { F.isOnceDifferentiable }

    func forward(_ context: FunctionContext, _ values: [Tensor]) -> [Tensor] {
        let inputs = handles(values, isMapped, level)
        let inner = FunctionContext(needs: zip(context.needsInputGrad, needs).map { $0 || $1 })
        let outputs = Mode.current.with(vmap: level).run {
            let outputs = function.forward(inner, inputs)
            function.setupContext(inner, inputs, outputs)
            return outputs
        }
        let wholes = outputs.map { output in
            inputs.firstIndex { $0 === output }.map { values[$0] } ?? output.repeated(at: level)
        }
        notes.kept = inner.kept.map { tensor in
            if let i = inputs.firstIndex(where: { $0 === tensor }) { return .input(i) }
            if let i = outputs.firstIndex(where: { $0 === tensor }) { return .output(i) }
            return .other(tensor)
        }
        notes.isMapped = inner.kept.map { $0.value(at: level) != nil }
        context.kept = zip(notes.kept, inner.kept).map { kept, tensor in
            switch kept {
            case .input(let i): values[i]
            case .output(let i): wholes[i]
            case .other: tensor.value(at: level) ?? tensor
            }
        }
        for (i, kept) in notes.kept.enumerated() {
            if case .output = kept { notes.isMapped[i] = true }
        }
        notes.dirty = inputs.indices.filter { inner.isDirty(inputs[$0]) }
        notes.constant = outputs.indices.filter { i in
            inner.constant.contains { $0 === outputs[i] }
        }
        notes.materializesGrads = inner.materializesGrads
        context.dirty = notes.dirty.map { values[$0] }
        context.constant = notes.constant.map { wholes[$0] }
        context.setMaterializeGrads(inner.materializesGrads)
        return wholes
    }

    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        rerun(context) { inner, level in
            let cotangents = gradOutputs.map { $0.map { Tensor(batch: $0, level) } }
            return function.backward(inner, cotangents).enumerated().map { i, gradient in
                let whole = gradient?.repeated(at: level)
                // What all samples share gets the sum of their gradients.
                return i < isMapped.count && isMapped[i] ? whole : whole?.sum(dim: 0)
            }
        }
    }

    func jvp(_ context: FunctionContext, _ tangents: [Tensor?]) -> [Tensor?] {
        rerun(context) { inner, level in
            let moved = zip(tangents, isMapped).map { tangent, isMapped in
                isMapped ? tangent.map { Tensor(batch: $0, level) } : tangent
            }
            return function.jvp(inner, moved).map { $0?.repeated(at: level) }
        }
    }

    /// Calls `rule` at a level of its own: that of the forward pass has ended by then.
    private func rerun(
        _ context: FunctionContext, _ rule: (FunctionContext, VmapLevel) -> [Tensor?]
    ) -> [Tensor?] {
        let mode = Mode.current
        let level = VmapLevel(
            size: level.size, randomness: level.randomness, outer: mode.vmap)
        defer { level.end() }
        let inner = FunctionContext(needs: context.needsInputGrad)
        inner.setMaterializeGrads(notes.materializesGrads)
        inner.unpacked = handles(context.savedTensors, notes.isMapped, level)
        return mode.with(vmap: level).run { rule(inner, level) }
    }

    private func handles(_ values: [Tensor], _ isMapped: [Bool], _ level: VmapLevel) -> [Tensor] {
        zip(values, isMapped).map { $1 ? Tensor(batch: $0, level) : $0 }
    }
}

/// What the forward pass of a mapped function has said of its tensors.
private final class MappedNotes: @unchecked Sendable {
    enum Kept {
        case input(Int)
        case output(Int)
        case other(Tensor)
    }

    var kept: [Kept] = []
    var isMapped: [Bool] = []
    var dirty: [Int] = []
    var constant: [Int] = []
    var materializesGrads = true
}

extension Function {
    /// The forward pass inside `vmap`; `context` then holds what it would hold after `forward`.
    func mapped(_ context: FunctionContext, _ given: [Tensor]) -> [Tensor] {
        do throws(TensorError) {
            let batch = try Batch(given)
            if let outputs = try mappedByRule(context, given, batch) { return outputs }
            let notes = MappedNotes()
            let function = MappedFunction(
                function: self, level: batch.level,
                isMapped: given.indices.map { batch.isBatched($0) },
                needs: context.needsInputGrad, notes: notes)
            let outputs = try batch.step { (batch) throws(TensorError) in
                let values = given.indices.map { batch[$0] }
                return function.apply(values).map { whole in
                    guard let i = notes.dirty.first(where: { values[$0] === whole }) else {
                        return Tensor(batch: whole, batch.level)
                    }
                    given[i].storage.bumpVersion(by: Self.self)
                    return given[i]
                }
            }
            context.kept = notes.kept.map { kept in
                switch kept {
                case .input(let i): given[i]
                case .output(let i): outputs[i]
                case .other(let tensor): tensor
                }
            }
            // The physical node keeps these notes; handles would keep the level's graph.
            notes.kept = []
            context.dirty = notes.dirty.map { given[$0] }
            context.constant = notes.constant.map { outputs[$0] }
            context.setMaterializeGrads(notes.materializesGrads)
            return outputs
        } catch {
            Failure.raise(
                TensorError(error.kind, error.message, operation: error.operation ?? "\(Self.self)")
            )
            return given.map { Tensor.poisoned($0.sizes, $0.dtype) }
        }
    }
}

/// What a custom function's rule for `vmap` may ask of it.
public struct VmapInfo: Sendable {
    /// The number of samples.
    public let batchSize: Int
    /// What random operations are to do.
    public let randomness: VmapRandomness
}

extension Function {
    /// The outputs by the function's own rule; nil where it has none.
    private func mappedByRule(_ context: FunctionContext, _ given: [Tensor], _ batch: Batch)
        throws(TensorError) -> [Tensor]?
    {
        let level = batch.level
        let info = VmapInfo(batchSize: level.size, randomness: level.randomness)
        let inDims = given.indices.map { batch.isBatched($0) ? 0 : nil as Int? }
        let outputs = try batch.step { (batch) throws(TensorError) -> [Tensor]? in
            let result = Mode.current.with(vmap: level.outer).run {
                vmapRule(info, inDims, given.indices.map { batch[$0] })
            }
            guard let (outputs, outDims) = result else { return nil }
            if Mode.current.isFailing { return outputs }
            return try handles(outputs, outDims, level)
        }
        guard let outputs, !Mode.current.isFailing else { return outputs }
        noGrad { setupContext(context, given, outputs) }
        // A derivative inside the level needs what only `forward` could have kept.
        if context.lacksSetup,
            context.needsInputGrad.contains(true) || given.contains(where: \.isDual)
        {
            return nil
        }
        return outputs
    }

    private func handles(_ outputs: [Tensor], _ outDims: [Int?], _ level: VmapLevel)
        throws(TensorError) -> [Tensor]
    {
        func error(_ message: String) -> TensorError {
            TensorError(.argument, "\(Self.self).vmapRule \(message)", operation: "\(Self.self)")
        }
        if outputs.count != outDims.count {
            throw error("returned \(outputs.count) outputs and \(outDims.count) outDims")
        }
        var handles: [Tensor] = []
        for (output, dim) in zip(outputs, outDims) {
            guard let dim else {
                handles.append(Tensor(batch: output.repeated(at: level), level))
                continue
            }
            let place = dim < 0 ? dim + output.ndim : dim
            guard place >= 0, place < output.ndim, output.sizes[place] == level.size else {
                throw error(
                    "returned an output of shape \(output.shape) with the samples along dimension "
                        + "\(dim), which has not their number, \(level.size)")
            }
            handles.append(Tensor(batch: output.movedim(place, 0), level))
        }
        return handles
    }
}
