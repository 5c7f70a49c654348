/// The operands of one call inside `vmap`, seen from outside the innermost level: whole batches,
/// their batch dimension first, and tensors that all samples share.
///
/// Rules are written on it with public operations, so that whatever goes on at outer levels
/// (recording, tangents, another `vmap`) goes on there.
public struct Batch {
    let level: VmapLevel
    fileprivate let values: [Tensor]
    fileprivate let mask: UInt64

    /// The innermost level among the inputs, and the inputs as they are outside of it.
    init(_ inputs: some Collection<Tensor>) throws(TensorError) {
        var innermost: VmapLevel?
        for input in inputs {
            if let level = input.batch?.level, level.depth > innermost?.depth ?? 0 {
                innermost = level
            }
        }
        guard let level = innermost else { throw TensorError(.argument, "no operand is batched") }
        if !level.isActive {
            throw TensorError(
                .argument,
                "a tensor from inside vmap was used after the vmap had ended; return it from the "
                    + "mapped function")
        }
        self.init(inputs, at: level)
    }

    /// The inputs as they are outside of `level`.
    init(_ inputs: some Collection<Tensor>, at level: VmapLevel) {
        self.level = level
        var values: [Tensor] = []
        var mask: UInt64 = 0
        values.reserveCapacity(inputs.count)
        for (i, input) in inputs.enumerated() {
            let value = input.value(at: level)
            values.append(value ?? input)
            if value != nil { mask |= 1 << UInt64(Swift.min(i, 63)) }
        }
        self.values = values
        self.mask = mask
    }

    fileprivate init(_ values: [Tensor], _ mask: UInt64, _ level: VmapLevel) {
        (self.values, self.mask, self.level) = (values, mask, level)
    }

    /// The number of samples.
    public var size: Int { level.size }
    /// The number of operands.
    public var count: Int { values.count }

    /// Operand `i`: with the batch dimension first where `isBatched(i)`.
    public subscript(i: Int) -> Tensor { values[i] }

    /// True where the samples differ in operand `i`. From 63 on, by its shape alone.
    public func isBatched(_ i: Int) -> Bool { mask & (1 << UInt64(Swift.min(i, 63))) != 0 }

    /// The number of dimensions of operand `i` as one sample sees it.
    public func rank(_ i: Int) -> Int { values[i].ndim - (isBatched(i) ? 1 : 0) }

    /// The shape of operand `i` as one sample sees it.
    public func sizes(_ i: Int) -> Dims {
        isBatched(i) ? Dims(values[i].sizes.dropFirst()) : values[i].sizes
    }

    /// True where an operand that differs between the samples is recorded outside of the level.
    private var isRecordedOutside: Bool {
        values.indices.contains { isBatched($0) && values[$0].needsGradAtAnyLevel }
    }

    /// Calls `rule` with what it needs to see: in a backward pass that is not recorded, whole
    /// batches still are, where their history lies outside; what the samples share is not.
    func step<R>(_ rule: (Batch) throws(TensorError) -> R) throws(TensorError) -> R {
        let mode = Mode.current
        if mode.isGradEnabled || level.depth > mode.recordedDepth || !isRecordedOutside {
            return try rule(self)
        }
        let shared = Batch(
            values.indices.map { isBatched($0) ? values[$0] : values[$0].withoutHistory }, mask,
            level)
        let outcome: Result<R, TensorError> = mode.with(isGradEnabled: true).run {
            do throws(TensorError) { return .success(try rule(shared)) } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}

extension Tensor {
    /// The same tensor as a constant of this level; tangents stay.
    fileprivate var withoutHistory: Tensor {
        if !needsGrad { return self }
        let alias = alias()
        if isDual { alias.copyTangents(from: self) }
        return alias
    }
}

extension Door {
    /// The step down: the operation on all samples at once, as a batch of its results.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    static func batched<Op: Operator>(_ op: Op, _ inputs: Operands, _ spec: TensorSpec)
        throws(TensorError) -> Tensor
    {
        let batch = try Batch(inputs)
        let value = try batch.step { (batch) throws(TensorError) in
            if let value = try op.batched(batch) { return value }
            return try batch.oneByOne(op, [spec])[0]
        }
        return Tensor(batch: try batch.fitted(value, to: spec, Op.info), batch.level)
    }

    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    static func batched<Op: MultiOperator>(_ op: Op, _ inputs: Operands, _ specs: [TensorSpec])
        throws(TensorError) -> [Tensor]
    {
        let batch = try Batch(inputs)
        let values = try batch.step { (batch) throws(TensorError) in
            if let values = try op.batched(batch) { return values }
            return try batch.oneByOne(op, specs)
        }
        if values.count != specs.count { throw Batch.failed }
        var outputs: [Tensor] = []
        for (value, spec) in zip(values, specs) {
            outputs.append(
                Tensor(batch: try batch.fitted(value, to: spec, Op.info), batch.level))
        }
        return outputs
    }

    /// A view of a batch is a batch of views.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    static func batched<Op: ViewOperator>(_ op: Op, _ input: Tensor) throws(TensorError) -> Tensor {
        let batch = try Batch(CollectionOfOne(input))
        let value = try batch.step { (batch) throws(TensorError) in batch.view(op) }
        if value.isPoisoned { throw Batch.failed }
        return Tensor(batch: value, batch.level, storage: input.storage)
    }

    /// A write to a batch writes to all its samples.
    @inline(never)
    @_semantics("optimize.sil.specialize.generic.never")
    static func batchedInPlace<Op: Operator>(
        _ op: Op, _ target: Tensor, _ inputs: Operands, _ spec: TensorSpec
    ) throws(TensorError) {
        let batch = try Batch(inputs)
        if target.value(at: batch.level) == nil {
            throw TensorError(
                .inPlace,
                "a tensor that all samples of vmap share is written to in place with values that "
                    + "differ between them; write out of place (x = x + y), or start from a tensor "
                    + "made of the mapped ones (zerosLike)")
        }
        let value = try batch.step { (batch) throws(TensorError) in
            let target = batch[0]
            let batch = batch.keepingElements(of: target)
            let value: Tensor
            if let made = try op.batched(batch) {
                value = try batch.fitted(made, to: spec, Op.info)
            } else {
                value = try batch.oneByOne(op, [spec])[0]
            }
            return target.copy_(value)
        }
        if value.isPoisoned { throw Batch.failed }
    }
}

extension Dims {
    /// True where this list is `first` followed by `rest`.
    fileprivate func isList(_ first: Int, then rest: Dims) -> Bool {
        if count != rest.count + 1 || self[0] != first { return false }
        for i in 0..<rest.count where self[i + 1] != rest[i] { return false }
        return true
    }
}

extension Batch {
    /// Thrown where an operation on the whole batch has failed, and said why.
    static var failed: TensorError {
        TensorError(.argument, "an operation on the samples of vmap failed")
    }

    /// The operands with copies in place of what shares the memory of `target`, where derivatives
    /// may need the elements that a write to it will destroy.
    func keepingElements(of target: Tensor) -> Batch {
        if !values.contains(where: \.needsGradAtAnyLevel) { return self }
        let memory = target.underlying.storage
        return Batch(
            values.map { $0.underlying.storage === memory ? $0.clone() : $0 }, mask, level)
    }

    /// What a rule returned, as `size` results of the shape and dtype that one sample sees.
    func fitted(_ value: Tensor, to spec: TensorSpec, _ info: OpInfo) throws(TensorError) -> Tensor
    {
        if value.isPoisoned { throw Batch.failed }
        let cast = value.dtype == spec.dtype ? value : value.to(spec.dtype)
        if cast.sizes.isList(size, then: spec.sizes) { return cast }
        let whole = Dims([size] + spec.sizes)
        if Layout.broadcastSizes(cast.sizes, whole) == whole { return cast.expand(whole.array) }
        throw TensorError(
            .shape,
            "the batching rule of \(info.name) gave \(value.shape) where \(whole) was expected")
    }
}
