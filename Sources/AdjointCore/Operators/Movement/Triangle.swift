/// A part of each matrix on one side of a diagonal, and zeros on the other.
public protocol TriangleOp: LinearOp {
    /// True where what lies on and above the diagonal stays.
    static var isUpper: Bool { get }
    /// Which diagonal: 0 for the main one, 1 for the one above it, -1 for the one below.
    var diagonal: Int { get }
    /// The triangle at this diagonal.
    init(_ diagonal: Int)
}

extension TriangleOp {
    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        if inputs.first.ndim < 2 {
            throw TensorError(
                .shape,
                "a triangle is part of a matrix, and this tensor has shape "
                    + "\(inputs.first.shape)")
        }
        return inputs.first.spec
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.triangle(inputs.first, diagonal: diagonal, upper: Self.isUpper, into: output)
    }

    public func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        apply(self, Operands(cotangent))
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        apply(self, Operands(inputs[0]))
    }

    public static var samples: [Sample] {
        [
            Sample(Self(0), .init([3, 3])), Sample(Self(1), .init([2, 4])),
            Sample(Self(-1), .init([2, 3, 2])), Sample(Self(0), .init([0, 2])),
        ]
    }
}

/// The lower triangle of each matrix.
public struct Tril: TriangleOp {
    public static let info = OpInfo(
        "tril", family: .movement, formula: "x[i, j] where j ≤ i + k, else 0",
        derivative: "the gradient's lower triangle")
    public static let isUpper = false
    public let diagonal: Int
    public init(_ diagonal: Int) { self.diagonal = diagonal }
}

/// The upper triangle of each matrix.
public struct Triu: TriangleOp {
    public static let info = OpInfo(
        "triu", family: .movement, formula: "x[i, j] where j ≥ i + k, else 0",
        derivative: "the gradient's upper triangle")
    public static let isUpper = true
    public let diagonal: Int
    public init(_ diagonal: Int) { self.diagonal = diagonal }
}

extension Tensor {
    /// The matrices' elements on and below a diagonal, and zeros above it.
    ///
    /// - Errors: `.shape` for a tensor of fewer than two dimensions.
    public func tril(diagonal: Int = 0) -> Tensor { apply(Tril(diagonal), Operands(self)) }
    /// Writes zeros above a diagonal.
    @discardableResult public func tril_(diagonal: Int = 0) -> Tensor {
        applyInPlace(Tril(diagonal), self)
    }
    /// The matrices' elements on and above a diagonal, and zeros below it.
    ///
    /// - Errors: `.shape` for a tensor of fewer than two dimensions.
    public func triu(diagonal: Int = 0) -> Tensor { apply(Triu(diagonal), Operands(self)) }
    /// Writes zeros below a diagonal.
    @discardableResult public func triu_(diagonal: Int = 0) -> Tensor {
        applyInPlace(Triu(diagonal), self)
    }
}
