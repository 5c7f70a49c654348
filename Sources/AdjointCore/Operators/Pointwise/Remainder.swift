/// What a division leaves; it has the sign of b.
public struct Remainder: BinaryChainOp {
    public static let info = OpInfo(
        "remainder", family: .pointwise, formula: "a - b ⌊a / b⌋", derivative: "1, -⌊a / b⌋",
        dtypes: .numeric)
    public static var samples: [Sample] {
        Sample.binary(Remainder(), .uniform(2.1, 2.9), .uniform(0.95, 1))
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

    public func value<T: Real>(_ a: T, _ b: T) -> T {
        let rest = T.fmod(a, b)
        return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
    }
    public func value(_ a: Int64, _ b: Int64) -> Int64 {
        if b == -1 { return 0 }
        let rest = a % b
        return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
    }
    public func chain(_ flow: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        i == 0 ? flow : flow * -saved[0].div(saved[1], rounding: .floor)
    }
}

extension Tensor {
    /// What the division by `other` leaves, with the sign of the divisor. Same as `torch.remainder`.
    public func remainder(_ other: Tensor) -> Tensor { apply(Remainder(), Operands(self, other)) }
    /// What the division by a number leaves, with the number's sign. Same as `torch.remainder`.
    public func remainder(_ other: some TensorScalar) -> Tensor { remainder(.number(other)) }
    /// Writes the result over this tensor's elements.
    @discardableResult public func remainder_(_ other: Tensor) -> Tensor {
        applyInPlace(Remainder(), self, other)
    }
    /// Writes what the division by a number leaves over this tensor's elements.
    @discardableResult public func remainder_(_ other: some TensorScalar) -> Tensor {
        remainder_(.number(other))
    }
}
