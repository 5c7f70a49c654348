/// A copy of its own, row-major.
public struct Clone: LinearOp {
    public static let info = OpInfo("clone", family: .movement, formula: "x", derivative: "1")
    public static var samples: [Sample] { Sample.unary(Clone(), over: .uniform(-2, 2)) }
    /// The operation; it has no parameters.
    public init() {}
    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec { inputs.first.spec }
    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.copy(inputs.first, into: output)
    }
    public func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor { cotangent }
    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        apply(self, Operands(inputs[0]))
    }
}

/// The same numbers in another dtype.
public struct Cast: LinearOp {
    public static let info = OpInfo(
        "to", family: .movement, formula: "x", derivative: "1", torch: "torch.Tensor.to")
    public static let autocast = AutocastRule.asGiven
    let dtype: DType
    public static var samples: [Sample] {
        [Sample(Cast(.float64), .init([2, 3]))]
    }

    /// The conversion to `dtype`.
    public init(_ dtype: DType) { self.dtype = dtype }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        TensorSpec(inputs.first.sizes, dtype)
    }
    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.copy(inputs.first, into: output)
    }
    // The engine casts gradients to the dtype of what they are the gradient of.
    public func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor { cotangent }
    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        apply(self, Operands(inputs[0]))
    }
}

/// The elements of one tensor written over another.
public struct Copy: LinearOp {
    public static let info = OpInfo(
        "copy", family: .movement, formula: "b, in the shape of a", derivative: "0, 1",
        torch: "torch.Tensor.copy_")
    public static var samples: [Sample] { [Sample(Copy(), .init([2, 3]), .init([3]))] }
    public static let worksInPlace = true
    /// The operation; it has no parameters.
    public init() {}

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let (target, source) = (inputs.first, inputs.second!)
        if Layout.broadcastSizes(target.sizes, source.sizes) != target.sizes {
            throw TensorError(
                .shape, "a tensor of shape \(source.shape) does not broadcast to \(target.shape)")
        }
        return target.spec
    }
    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.copy(inputs.second!, into: output)
    }

    public func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor { cotangent }
    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        i == 0 ? Tangents.zeros(cotangent.spec, cotangent.device) : cotangent
    }
    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        tangents.b
    }
    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        apply(self, Operands(inputs.whole(0), inputs.padded(1, to: inputs.rank(0))))
    }
}

extension Tensor {
    /// A copy with memory of its own, row-major; differentiable.
    public func clone() -> Tensor { apply(Clone(), Operands(self)) }

    /// This tensor where it is row-major, else a copy that is.
    public func contiguous() -> Tensor { layout.isContiguous ? self : clone() }

    /// The same numbers as `dtype`; this tensor itself where that is its dtype.
    public func to(_ dtype: DType) -> Tensor {
        dtype == self.dtype ? self : apply(Cast(dtype), Operands(self))
    }

    /// The same tensor on `device`; itself where it is there.
    ///
    /// - Errors: `.device` for a device that is not there, and from `.meta` to `.cpu`: there is
    ///   no data to move.
    public func to(_ device: Device) -> Tensor {
        if device == self.device { return self }
        if device == .meta { return Tensor(emptyLike: layout, dtype, .meta) }
        let why =
            device == .cpu
            ? "a meta tensor has no data to move to the cpu; make the tensor there"
            : "device \(device) is not available: this build computes on the cpu (and .meta)"
        return Failure.poison(TensorError(.device, why, operation: "to"), like: sizes, dtype)
    }

    /// Writes the elements of `source`, broadcast and converted, over this tensor's.
    @discardableResult public func copy_(_ source: Tensor) -> Tensor {
        applyInPlace(Copy(), self, source)
    }

    /// The same elements without history: a leaf that shares memory and version counter.
    public func detach() -> Tensor {
        let tensor = present
        let result = tensor.batch.map { tensor.detachedBatch($0) } ?? tensor.alias()
        if let observer = Mode.current.watchers.observer {
            observer.didDetach(result, from: tensor)
        }
        return result
    }

    /// Cuts this tensor's history.
    ///
    /// - Errors: `.inPlace` on a view: use `detach()`.
    @discardableResult public func detach_() -> Tensor {
        if isPoisoned || Mode.current.isFailing { return self }
        if isView {
            Failure.raise(
                TensorError(
                    .inPlace, "can't detach views in-place; use detach() instead",
                    operation: "detach_"))
            return self
        }
        relink(nil, 0)
        flags.remove(.requiresGrad)
        return self
    }
}
