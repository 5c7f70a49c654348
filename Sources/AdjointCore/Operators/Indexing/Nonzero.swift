/// The positions of the elements that are not 0, row-major: one row a position. How many there
/// are depends on the elements, so a tensor without data has no result.
public struct Nonzero: ConstantOp {
    public static let info = OpInfo(
        "nonzero", family: .indexing, formula: "the positions where x ≠ 0")
    /// The operation; it has no parameters.
    public init() {}

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let x = inputs.first
        if x.isBatched { throw .dynamicShape("nonzero, or a mask as an index,") }
        if x.storage.memory == nil {
            throw TensorError(
                .device,
                "how many elements are not 0 depends on the data, and a tensor on \(x.device) "
                    + "has none")
        }
        return try TensorSpec([CPU.countNonzero(x), x.ndim], .int64)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.nonzero(inputs.first, into: output)
    }

    public static var samples: [Sample] {
        [
            Sample(Nonzero(), .init([2, 3], .mask)), Sample(Nonzero(), .init([2, 2])),
            Sample(Nonzero(), .init([])), Sample(Nonzero(), .init([0, 2])),
        ]
    }
}

extension Tensor {
    /// The positions of the elements that are not 0, int64 of shape [count, ndim], row-major.
    /// Same as `torch.nonzero`.
    ///
    /// - Errors: `.device` for a tensor without data.
    public func nonzero() -> Tensor { apply(Nonzero(), Operands(self)) }

    /// The same as `nonzero`. Same as `torch.argwhere`.
    ///
    /// - Errors: `.device` for a tensor without data.
    public func argwhere() -> Tensor { nonzero() }

    /// The positions of the elements of `condition` that are not 0, one vector a dimension, as
    /// they index a tensor. Same as `torch.where` of one tensor, and `nonzero(as_tuple=True)`.
    ///
    /// - Errors: `.device` for a tensor without data.
    public static func `where`(_ condition: Tensor) -> [Tensor] {
        let positions = condition.atleast1d().nonzero()
        if positions.isPoisoned { return condition.atleast1d().shape.map { _ in positions } }
        return positions.unbind(dim: 1)
    }

    /// The elements where `mask` is true, row-major, one-dimensional; the two broadcast.
    /// Same as `torch.masked_select`.
    ///
    /// - Errors: `.dtype` for a mask that is not boolean, `.shape` where the two do not broadcast.
    public func maskedSelect(_ mask: Tensor) -> Tensor {
        guard mask.dtype == .bool else {
            return Failure.poison(
                TensorError(
                    .dtype, "the mask is a boolean tensor, and this one is \(mask.dtype)",
                    operation: "maskedSelect"), like: [0], dtype)
        }
        guard let common = Layout.broadcastSizes(sizes, mask.sizes) else {
            return Failure.poison(
                TensorError(
                    .shape,
                    "a mask of shape \(mask.shape) and a tensor of shape \(shape) do not "
                        + "broadcast", operation: "maskedSelect"), like: [0], dtype)
        }
        let flat = expand(common.array).reshape(-1)
        let positions = mask.expand(common.array).reshape(-1).nonzero()
        return positions.isPoisoned
            ? Tensor.poisoned([0], dtype)
            : apply(IndexSelect(dim: 0), Operands(flat, positions.squeeze(1)))
    }
}
