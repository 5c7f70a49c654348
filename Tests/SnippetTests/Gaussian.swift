public import AdjointCore

/// e^(-x²), element by element. Its derivative reads x and the value itself, so a node keeps both.
public struct Gaussian: UnaryPointwiseOp {
    public static let info = OpInfo(
        "gaussian", family: .pointwise, formula: "exp(-x²)", derivative: "-2x exp(-x²)")
    public static let saves: SavedSet = [.input, .output]
    public static var samples: [Sample] { Sample.unary(Gaussian(), over: .uniform(-2, 2)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { .exp(-x * x) }
    public func derivative(_ saved: Saved) -> Tensor { -2 * saved[0] * saved.output }
}

extension Tensor {
    /// e^(-x²) for each element `x`. Integers are promoted to float32 first.
    public func gaussian() -> Tensor { apply(Gaussian(), Operands(self)) }
    /// Writes e^(-x²) over each element `x`.
    @discardableResult public func gaussian_() -> Tensor { applyInPlace(Gaussian(), self) }
}
