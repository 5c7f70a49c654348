/// An operation on tensors at positions that its second input names: linear in the others, constant
/// in the positions, which are all that it keeps.
public protocol PositionedOp: Operator {
    /// The gradient for input `i`, at the positions `saved[1]`.
    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor
}

extension PositionedOp {
    public func saves(for wanted: InputSet) -> SavedSet { .second }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        i == 1 ? nil : transpose(cotangent, wrt: i, saved)
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        let moved = inputs.enumerated().map { i, input in
            i == 1 ? saved[1] : tangents[i] ?? Tangents.zeros(input.spec, input.device)
        }
        return apply(self, Operands(moved))
    }

    /// Checks that positions are whole numbers.
    func checkPositions(_ index: Tensor) throws(TensorError) {
        // No positions have no dtype to get wrong.
        if index.numel > 0, !index.dtype.isInteger || index.dtype == .uint8 {
            throw TensorError(
                .dtype,
                "positions are a tensor of signed integers (int64), and these are \(index.dtype)")
        }
    }
}

/// An operation that picks elements along one dimension: its results are (values, positions), and
/// its derivative gathers and scatters at the positions.
public protocol PickingOp: MultiOperator {
    /// The dimension along which it picks, 0 or more.
    var dim: Int { get }
    /// True where the dimension stays in the results.
    var keepsDim: Bool { get }
    /// The same operation along another dimension.
    func along(_ dim: Int) -> Self
}

extension PickingOp {
    public func batched(_ inputs: Batch) throws(TensorError) -> [Tensor]? {
        let i = try inputs.dim(dim)
        if inputs.rank(0) > 0 { return apply(along(i), Operands(inputs[0])) }
        return apply(along(1), Operands(inputs[0].unsqueeze(1))).map { $0.reshape(inputs.size) }
    }

    public func saves(for wanted: InputSet) -> SavedSet { .output(1) }
    public static func isDifferentiable(output: Int) -> Bool { output == 0 }

    public func pull(_ cotangents: TensorSlots, _ wanted: InputSet, _ saved: Saved) -> TensorSlots {
        guard var cotangent = cotangents.a else { return TensorSlots() }
        let sizes = saved.sizes(0)
        if sizes.isEmpty { return TensorSlots(cotangent) }
        var index = saved.output(1)
        let i = dim < 0 ? dim + sizes.count : dim
        if !keepsDim {
            cotangent = cotangent.unsqueeze(i)
            index = index.unsqueeze(i)
        }
        return TensorSlots(apply(GatherBackward(dim: i, sizes), Operands(cotangent, index)))
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> TensorSlots {
        guard let tangent = tangents.a else { return TensorSlots() }
        if tangent.ndim == 0 { return TensorSlots(tangent) }
        let index = saved.output(1)
        if keepsDim { return TensorSlots(apply(Gather(dim: dim), Operands(tangent, index))) }
        let i = dim < 0 ? dim + tangent.ndim : dim
        let picked = apply(Gather(dim: i), Operands(tangent, index.unsqueeze(i)))
        return TensorSlots(picked.squeeze(i))
    }
}
