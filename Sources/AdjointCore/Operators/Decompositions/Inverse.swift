/// A⁻¹, and for each matrix the position of the first 0 pivot, or 0.
///
/// Derivatives: Giles, "An extended collection of matrix derivative results" (2008), 2.2.3.
public struct Inverse: MultiOperator {
    public static let info = OpInfo(
        "inverse", family: .linearAlgebra, formula: "A⁻¹", derivative: "-A⁻ᵀ Ȳ A⁻ᵀ",
        torch: "torch.linalg.inv_ex", dtypes: .lapack, results: 2)
    let checks: Bool

    init(checks: Bool = true) { self.checks = checks }

    public func saves(for wanted: InputSet) -> SavedSet { .output }
    public static func isDifferentiable(output: Int) -> Bool { output == 0 }

    public func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        let a = inputs.first
        try checkSquare(a)
        return [a.spec, TensorSpec(Dims(a.sizes.dropLast(2)), .int32)]
    }

    public func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        let a: Block = inputs.first
        let unit = try Block(scratch: [a.sizes[a.ndim - 1], a.sizes[a.ndim - 1]], a.dtype)
        CPU.writeUnit(unit)
        if let failure = try CPU.solve(a, unit, into: outputs[0], infos: outputs[1]), checks {
            throw TensorError(
                .argument,
                "\(failure.place)The diagonal element \(failure.info) is zero, the inversion could "
                    + "not be completed because the input matrix is singular.")
        }
    }

    public func pull(_ cotangents: TensorSlots, _ wanted: InputSet, _ saved: Saved) -> TensorSlots {
        guard let g = cotangents.a else { return TensorSlots() }
        let turned = saved.output.mT
        return TensorSlots(-turned.matmul(g).matmul(turned))
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> TensorSlots {
        TensorSlots(tangents.a.map { -saved.output.matmul($0).matmul(saved.output) })
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> [Tensor]? {
        apply(self, Operands(inputs[0]))
    }

    public static var samples: [Sample] {
        [
            Sample(Inverse(), .init([2, 3, 3], .distinct)),
            Sample(Inverse(checks: false), .init([2, 1, 1], .distinct)),
            Sample(Inverse(), .init([0, 2, 2])), Sample(Inverse(), .init([2, 0, 0])),
        ]
    }
}

extension Linalg {
    /// The inverse of each matrix. Same as `torch.linalg.inv`.
    ///
    /// - Errors: `.argument` for a singular matrix, `.shape` for one that is not square, `.dtype`
    ///   for other types than float32 and float64.
    public static func inv(_ a: Tensor) -> Tensor { apply(Inverse(), Operands(a))[0] }

    /// The inverse, and for each matrix the position of the first 0 pivot, or 0: a singular matrix
    /// is no error unless `checkErrors` says so. Same as `torch.linalg.inv_ex`.
    public static func invEx(_ a: Tensor, checkErrors: Bool = false)
        -> (inverse: Tensor, info: Tensor)
    {
        let found = apply(Inverse(checks: checkErrors), Operands(a))
        return (found[0], found[1])
    }

    /// The inverse of a tensor seen as a matrix: its first `ind` dimensions are the rows. Same as
    /// `torch.linalg.tensorinv`.
    ///
    /// - Errors: `.shape` unless the two groups of dimensions multiply to the same number.
    public static func tensorinv(_ a: Tensor, ind: Int = 2) -> Tensor {
        Failure.running("tensorinv") { () throws(TensorError) in
            if ind <= 0 || ind > a.ndim {
                throw TensorError(
                    .argument, "ind is \(ind), and must be 1 or more dimensions of \(a.shape)")
            }
            let (first, second) = (Array(a.shape.prefix(ind)), Array(a.shape.dropFirst(ind)))
            let (rows, columns) = (try Door.product(first), try Door.product(second))
            if rows != columns {
                throw TensorError(
                    .shape,
                    "expected the first \(ind) sizes of \(a.shape) to multiply to what the others "
                        + "do, but they give \(rows) and \(columns)")
            }
            return inv(a.reshape([rows, columns])).reshape(second + first)
        }
    }

    /// X of A X = B for tensors: the last dimensions of A, as many as make its rest square, are
    /// those of X. `dims` are moved to the end first. Same as `torch.linalg.tensorsolve`.
    ///
    /// - Errors: `.shape` unless A is square then.
    public static func tensorsolve(_ a: Tensor, _ b: Tensor, dims: [Int]? = nil) -> Tensor {
        Failure.running("tensorsolve") { () throws(TensorError) in
            var a = a
            if let dims {
                let places = dims.indices.map { $0 - dims.count }
                a = a.movedim(dims, places)
            }
            if a.ndim < b.ndim {
                throw TensorError(.shape, "A of shape \(a.shape) has fewer dimensions than B")
            }
            let right = Array(a.shape.dropFirst(b.ndim))
            let count = try Door.product(right)
            if count != b.numel || a.numel != count &* b.numel {
                throw TensorError(
                    .shape,
                    "expected A to be square when its last dimensions, \(right), are the columns, "
                        + "but A and B have shapes \(a.shape) and \(b.shape)")
            }
            return solve(a.reshape([b.numel, count]), b.reshape([b.numel])).reshape(right)
        }
    }
}

extension Tensor {
    /// The inverse of each matrix. Same as `torch.inverse`.
    public func inverse() -> Tensor { Linalg.inv(self) }
}
