/// Is the sign of the number negative?
public struct SignBit: UnaryTestOp {
    public static let info = OpInfo(
        "signbit", family: .pointwise, formula: "sign bit of x")
    public static var samples: [Sample] {
        Sample.unary(SignBit(), over: .these([0, -0.0, 1, -2, .infinity, -.infinity]))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func test<T: Real>(_ x: T) -> Bool { x.sign == .minus }
    public var wholeAnswer: Bool { false }
    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let x = inputs.first
        if x.dtype.isFloatingPoint {
            try CPU.test(self, x, into: output)
        } else {
            try CPU.compare(Less(), x, Tensor.number(0), .int64, into: output)
        }
    }
}
