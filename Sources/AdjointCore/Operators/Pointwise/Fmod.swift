/// What a division leaves; it has the sign of a.
public struct Fmod: BinaryChainOp {
    public static let info = OpInfo(
        "fmod", family: .pointwise, formula: "a - b trunc(a / b)", derivative: "1, -trunc(a / b)",
        dtypes: .numeric)
    public static var samples: [Sample] {
        Sample.binary(Fmod(), .uniform(2.1, 2.9), .uniform(0.95, 1))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func saves(for wanted: InputSet) -> SavedSet {
        wanted.contains(1) ? .inputs : .none
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try checkDivisor(inputs, output.dtype)
        try CPU.zip(self, inputs.first, inputs.second!, as: output.dtype.computeType, into: output)
    }

    public func value<T: Real>(_ a: T, _ b: T) -> T { .fmod(a, b) }
    public func value(_ a: Int64, _ b: Int64) -> Int64 { b == -1 ? 0 : a % b }
    public func chain(_ flow: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        i == 0 ? flow : flow * -saved[0].div(saved[1], rounding: .trunc)
    }
}

extension Tensor {
    /// What the division by `other` leaves, with the sign of this tensor. Same as `torch.fmod`.
    public func fmod(_ other: Tensor) -> Tensor { apply(Fmod(), Operands(self, other)) }
    /// What the division by a number leaves, with the sign of this tensor. Same as `torch.fmod`.
    public func fmod(_ other: some TensorScalar) -> Tensor { fmod(.number(other)) }
    /// Writes the result over this tensor's elements.
    @discardableResult public func fmod_(_ other: Tensor) -> Tensor {
        applyInPlace(Fmod(), self, other)
    }
    /// Writes what the division by a number leaves over this tensor's elements.
    @discardableResult public func fmod_(_ other: some TensorScalar) -> Tensor {
        fmod_(.number(other))
    }
}
