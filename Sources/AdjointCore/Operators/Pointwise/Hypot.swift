/// The length of the hypotenuse, without overflow on the way.
public struct Hypot: BinaryChainOp {
    public static let info = OpInfo(
        "hypot", family: .pointwise, formula: "√(a² + b²)", derivative: "a / h, b / h",
        dtypes: .floating)
    public static var samples: [Sample] {
        Sample.binary(Hypot(), .uniform(0.3, 2), .uniform(-2, -0.3))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func saves(for wanted: InputSet) -> SavedSet {
        wanted.contains(0)
            ? wanted.contains(1) ? [.inputs, .output] : [.input, .output] : [.second, .output]
    }
    public func value<T: Real>(_ a: T, _ b: T) -> T { .hypot(a, b) }
    public func chain(_ flow: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        flow * (saved[i] / saved.output)
    }
}

extension Tensor {
    /// √(a² + b²) for each pair of elements. Same as `torch.hypot`.
    public func hypot(_ other: Tensor) -> Tensor { apply(Hypot(), Operands(self, other)) }
    /// Writes the result over this tensor's elements.
    @discardableResult public func hypot_(_ other: Tensor) -> Tensor {
        applyInPlace(Hypot(), self, other)
    }
}
